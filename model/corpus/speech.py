"""Rows of a manifest for folders of recorded speech, such as those of games that talk in many languages.

Debian's `fillets-ng-data-cs`, `fillets-ng-data-nl` and `ktuberling-data` hold some 5,000 sentences and words by many
speakers. The rows name the files where they lie; nothing is copied.
"""

from pathlib import Path

import soundfile

PER_PLAYER = 250
SHORTEST_S = 0.4
SUFFIXES = frozenset({".ogg", ".wav", ".flac", ".opus"})


def speech_rows(folder: Path, source: str, licence: str) -> list[dict[str, str]]:
    """Manifest rows for the recordings under `folder`, evenly picked, at most `PER_PLAYER` from one folder name.

    Recordings in folders of one name (a language, in such packages) count as one player.
    """
    by_player: dict[str, list[Path]] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix in SUFFIXES:
            by_player.setdefault(file.parent.name, []).append(file)
    rows: list[dict[str, str]] = []
    for player, files in by_player.items():
        for file in files[:: -(-len(files) // PER_PLAYER)]:
            length_s = float(soundfile.info(file).duration)
            if length_s >= SHORTEST_S:
                rows.append(
                    {
                        "path": str(file),
                        "label": "speech",
                        "kind": "neg",
                        "source": source,
                        "licence": licence,
                        "dur_s": f"{length_s:.2f}",
                        "player": f"{source}/{player}",
                    }
                )
    return rows
