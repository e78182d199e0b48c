"""URMP: 44 pieces of chamber music, every player recorded apart (Li, Liu, Dinesh, Duan, Sharma 2018)."""

import re
from pathlib import Path

from .names import URMP
from .recording import About, Recording, Skipped
from .splits import by_group

ABOUT = About(
    "urmp",
    "CC0 1.0 (Dryad)",
    "https://doi.org/10.5061/dryad.ng3r749",
    "Dataset (folders such as 01_Jupiter_vn_vc)",
)
SEPARATE = re.compile(r"AuSep_\d+_(?P<instrument>[a-z]+)_\d+_(?P<title>.+)")


def read(folder: Path) -> list[Recording]:
    """The players' tracks in `folder`. It has no official split: pieces are split by title, since arrangements of one
    piece share tracks.

    Raises UsageError where there are none.
    """
    base = folder / "Dataset" if (folder / "Dataset").is_dir() else folder
    skipped = Skipped(ABOUT.name)
    recordings: list[Recording] = []
    for path in sorted(ABOUT.required(base).glob("*/AuSep_*.wav")):
        match = SEPARATE.fullmatch(path.stem)
        name = match["instrument"] if match else path.stem
        if match is None or name not in URMP:
            skipped.names[name] += 1
            continue
        recordings.append(
            Recording(
                path,
                {URMP[name]: 1},
                complete=True,
                kind="stem",
                licence=ABOUT.licence,
                source=ABOUT.name,
                group=match["title"],
                split="train",
                names=(name,),
            )
        )
    skipped.say()
    return by_group(ABOUT.some(recordings, folder), {"train": 0.7, "validation": 0.15, "test": 0.15})
