"""MedleyDB, volumes 1 and 2: the stems of 196 songs, an instrument each (Bittner, Salamon et al. 2014, 2016)."""

from pathlib import Path
from typing import Any

from .names import MEDLEYDB
from .recording import About, Recording, Skipped
from .splits import by_group
from .yaml_files import read_yaml

ABOUT = About(
    "medleydb",
    "CC BY-NC-SA 4.0",
    "https://medleydb.weebly.com",
    "V1 and V2 (SONG/SONG_STEMS) and the files SONG_METADATA.yaml",
)
SUFFIX = "_METADATA.yaml"
SEED = 20
"""Of the split by artist: COD's seed and share for its test part, though not the same draw."""


def read(folder: Path) -> list[Recording]:
    """The stems in `folder`, split by artist. In a song with bleed all that a stem does not name is unknown.

    Raises UsageError where there are no songs with metadata.
    """
    ABOUT.required(folder)
    stems = {path.name: path for path in sorted(folder.rglob("*_STEM_*.wav")) if not path.name.startswith(".")}
    skipped = Skipped(ABOUT.name)
    recordings: list[Recording] = []
    for metadata in sorted(folder.rglob(f"*{SUFFIX}")):
        if not metadata.name.startswith("."):
            recordings += _song(metadata, stems, skipped)
    skipped.say()
    return by_group(ABOUT.some(recordings, folder), {"train": 0.75, "validation": 0.1, "test": 0.15}, SEED)


def _song(metadata: Path, stems: dict[str, Path], skipped: Skipped) -> list[Recording]:
    artist = metadata.name.removesuffix(SUFFIX).split("_")[0]
    song: dict[str, Any] = read_yaml(ABOUT, metadata)
    recordings: list[Recording] = []
    for stem in song["stems"].values():
        names = _names(stem["instrument"])
        unknown = [name for name in names if name not in MEDLEYDB]
        skipped.names.update(unknown)
        if unknown or not names:
            continue
        if stem["filename"] not in stems:
            skipped.files += 1
            continue
        recordings.append(
            Recording(
                stems[stem["filename"]],
                {MEDLEYDB[name]: 1 for name in names},
                complete=song["has_bleed"] == "no",
                kind="stem",
                licence=ABOUT.licence,
                source=ABOUT.name,
                group=artist,
                split="train",
                names=names,
            )
        )
    return recordings


def _names(instrument: str | list[str]) -> tuple[str, ...]:
    """A stem names one instrument or a list of them."""
    return (instrument,) if isinstance(instrument, str) else tuple(instrument)
