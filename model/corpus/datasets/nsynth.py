"""NSynth: 306,000 notes of 4 s, by family and source of sound (Engel et al. 2017)."""

import json
from pathlib import Path
from typing import Any

from .names import NSYNTH
from .recording import About, Recording, Skipped, Split

ABOUT = About(
    "nsynth",
    "CC BY 4.0",
    "https://magenta.tensorflow.org/datasets/nsynth",
    "nsynth-train, nsynth-valid and nsynth-test (each with examples.json and audio)",
)
FOLDERS: dict[str, Split] = {"nsynth-train": "train", "nsynth-valid": "validation", "nsynth-test": "test"}
LENGTH_S = 4.0


def read(folder: Path) -> list[Recording]:
    """The notes in `folder`, in the official split: no instrument of training is in the others, which share theirs.

    Raises UsageError where a part has no table, or where there is no part at all.
    """
    skipped = Skipped(ABOUT.name)
    recordings: list[Recording] = []
    for name, split in FOLDERS.items():
        part = folder / name
        if part.is_dir():
            recordings += _part(part, split, skipped)
    skipped.say()
    return ABOUT.some(recordings, folder)


def _part(part: Path, split: Split, skipped: Skipped) -> list[Recording]:
    table: dict[str, dict[str, Any]] = json.loads(ABOUT.required(part / "examples.json").read_text(encoding="utf-8"))
    # One listing instead of 289,000 questions to the file system.
    there = {path.stem for path in ABOUT.required(part / "audio").iterdir()}
    recordings: list[Recording] = []
    for key, note in table.items():
        name = f"{note['instrument_family_str']}_{note['instrument_source_str']}"
        if name not in NSYNTH:
            skipped.names[name] += 1
        elif key not in there:
            skipped.files += 1
        else:
            recordings.append(
                Recording(
                    part / "audio" / f"{key}.wav",
                    {NSYNTH[name]: 1},
                    complete=True,
                    kind="note",
                    licence=ABOUT.licence,
                    source=ABOUT.name,
                    group=f"{split}/{note['instrument_str']}",
                    split=split,
                    names=(name,),
                    dur_s=LENGTH_S,
                )
            )
    return recordings
