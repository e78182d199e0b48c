"""OpenMIC-2018: 20,000 mixtures of 10 s, each asked about a few of 20 instruments (Humphrey, Durand, McFee 2018).

What nobody was asked about stays unknown. Every recording has the licence of its own piece.
"""

import csv
import re
from pathlib import Path

from .mir import open_dataset
from .names import OPENMIC
from .recording import About, Recording, Skipped, Split
from .splits import with_validation

ABOUT = About(
    "openmic2018",
    "CC BY 4.0",
    "https://zenodo.org/record/1432913",
    "audio, partitions and openmic-2018-aggregated-labels.csv",
)
METADATA = "openmic-2018-metadata.csv"
TABLES = (
    METADATA,
    "openmic-2018-aggregated-labels.csv",
    "partitions/split01_train.csv",
    "partitions/split01_test.csv",
)
PRESENT = 0.5
"""Relevance from which an instrument counts as heard, as in the data set's paper."""
LENGTH_S = 10.0
SPLITS: dict[str, Split] = {"split01_train": "train", "split01_test": "test"}


def read(folder: Path) -> list[Recording]:
    """The recordings in `folder`, in the official split, a tenth of its training part set aside for validation.

    Raises UsageError where a table is missing.
    """
    dataset = open_dataset(ABOUT, "openmic2018", folder)
    for table in TABLES:
        ABOUT.required(folder / table)
    licences = _licences(folder / METADATA)
    recordings: list[Recording] = []
    skipped = Skipped(ABOUT.name)
    for key in dataset.track_ids:
        track = dataset.track(key)
        path = Path(track.audio_path)
        if key not in licences or not path.exists():
            skipped.files += 1
            continue
        answers = {name: int(relevance >= PRESENT) for name, relevance in track.instruments.items()}
        recordings.append(
            Recording(
                path,
                {OPENMIC[name]: present for name, present in answers.items()},
                complete=False,
                kind="mix",
                licence=licences[key],
                source=ABOUT.name,
                group=key.split("_")[0],
                split=SPLITS[track.split],
                names=tuple(name for name, present in answers.items() if present),
                dur_s=LENGTH_S,
            )
        )
    skipped.say()
    return with_validation(ABOUT.some(recordings, folder))


def _licences(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as table:
        rows = csv.DictReader(table)
        return {row["sample_key"]: licence_of(row["license_url"], row["license_title"]) for row in rows}


def licence_of(url: str, title: str) -> str:
    """A licence as short text: "CC BY-NC-SA 3.0" from its address, else its title, marked NC where it says so."""
    found = re.search(r"creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)", url)
    if found:
        return f"CC {found[1].upper()} {found[2]}"
    title = title or "unknown, taken as NC"
    return f"{title}, NC" if "noncommercial" in title.lower() else title
