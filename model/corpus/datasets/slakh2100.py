"""Slakh2100 (redux) and its first twenty songs, BabySlakh: MIDI songs rendered stem by stem (Manilow et al. 2019).

Every stem is a recording of one instrument; what sounds when is seen from its level, and mixing is left to training.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from .mir import open_dataset
from .names import SLAKH
from .recording import About, Recording, Skipped, Split
from .splits import by_group
from .yaml_files import read_yaml

ABOUT = About(
    "slakh2100",
    "CC BY 4.0",
    "https://zenodo.org/record/4599666",
    "slakh2100_flac_redux (or babyslakh_16k)",
)
BABY = "babyslakh_16k"
SPLITS: dict[str, Split] = {"train": "train", "validation": "validation", "test": "test"}


def read(folder: Path) -> list[Recording]:
    """The stems in `folder`, in the official split without the `omitted` doubles; BabySlakh is split by song.

    Raises UsageError where a song has no `metadata.yaml`.
    """
    baby = (folder / BABY).exists()
    dataset = open_dataset(ABOUT, "slakh", folder, "baby" if baby else "2100-redux")
    skipped = Skipped(ABOUT.name)
    recordings: list[Recording] = []
    for key in dataset.track_ids:
        track = dataset.track(key)
        split = "train" if baby else track.split
        if split == "omitted" or track.audio_path is None:
            continue
        path = Path(track.audio_path)
        if not path.exists():
            skipped.files += 1
            continue
        stem = _stems(ABOUT.required(Path(track.metadata_path)))[key.split("-")[1]]
        label = SLAKH.get(str(stem["program_num"]))
        if label is None:
            skipped.names[stem["midi_program_name"]] += 1
            continue
        recordings.append(
            Recording(
                path,
                {label: 1},
                complete=True,
                kind="stem",
                licence=ABOUT.licence,
                source=ABOUT.name,
                group=track.mtrack_id,
                split=SPLITS[split],
                names=(str(stem["midi_program_name"]),),
            )
        )
    skipped.say()
    recordings = ABOUT.some(recordings, folder)
    return by_group(recordings, {"train": 0.7, "validation": 0.15, "test": 0.15}) if baby else recordings


@lru_cache(maxsize=4)
def _stems(path: Path) -> dict[str, Any]:
    return read_yaml(ABOUT, path)["stems"]
