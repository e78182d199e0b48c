"""IRMAS: excerpts of songs with their predominant instruments (Bosch, Janer, Fuhrmann, Herrera 2012).

A training excerpt of 3 s names one instrument and says nothing of the others, half of which sound too: they stay
unknown. A testing excerpt names all predominant ones; the others of the eleven count as absent.
"""

import re
from pathlib import Path

from .mir import open_dataset
from .names import IRMAS
from .recording import About, Recording, Skipped
from .splits import with_validation

ABOUT = About(
    "irmas",
    "CC BY-NC-SA 3.0",
    "https://zenodo.org/record/1290750",
    "IRMAS-TrainingData and IRMAS-TestingData-Part1, 2 and 3",
)


def read(folder: Path) -> list[Recording]:
    """The recordings in `folder`: training and testing data as they are, a tenth of the training songs set aside.

    Raises UsageError where there are none, or where a testing excerpt lacks its list of instruments.
    """
    dataset = open_dataset(ABOUT, "irmas", folder)
    skipped = Skipped(ABOUT.name)
    recordings: list[Recording] = []
    for key in dataset.track_ids:
        track = dataset.track(key)
        path = Path(track.audio_path)
        if not path.exists():
            skipped.files += 1
        elif track.split == "train":
            recordings.append(_training(path, track.predominant_instrument, track.drum))
        else:
            ABOUT.required(Path(track.annotation_path))
            recordings.append(_testing(path, tuple(track.instrument)))
    skipped.say()
    return with_validation(ABOUT.some(recordings, folder))


def _training(path: Path, name: str, drums: bool | None) -> Recording:
    labels = {IRMAS[name]: 1}
    if drums is not None:
        labels["drum_set"] = int(drums)
    song = re.findall(r"(\d+)__\d+", path.stem)[-1]
    return Recording(path, labels, False, "mix", ABOUT.licence, ABOUT.name, f"train/{song}", "train", (name,))


def _testing(path: Path, names: tuple[str, ...]) -> Recording:
    labels = {label: int(name in names) for name, label in IRMAS.items()}
    song = re.sub(r"-\d+$", "", path.stem)
    return Recording(path, labels, False, "mix", ABOUT.licence, ABOUT.name, f"test/{song}", "test", names)
