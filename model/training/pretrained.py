"""Starts a network from one trained on AudioSet, its head's rows chosen by AudioSet's class names."""

import csv
import hashlib
import logging
import shutil
import urllib.request
from pathlib import Path

import torch
from torch import Tensor, nn

log = logging.getLogger(__name__)

CHECKPOINT_URL = "https://github.com/fschmid56/EfficientAT/releases/download/v0.0.1/mn04_as_mAP_432.pt"
CLASS_NAMES_URL = "http://storage.googleapis.com/us_audioset/youtube_corpus/v1/csv/class_labels_indices.csv"

HEAD = "classifier.5"

AUDIOSET_CLASSES: dict[str, tuple[str, ...]] = {
    "female_singer": ("Female singing",),
    "male_singer": ("Male singing",),
    "vocalists": ("Choir", "Vocal music", "A capella"),
    "speech": ("Speech", "Male speech, man speaking", "Female speech, woman speaking"),
    "acoustic_guitar": ("Acoustic guitar",),
    "clean_electric_guitar": ("Electric guitar",),
    "distorted_electric_guitar": ("Electric guitar",),
    "banjo": ("Banjo",),
    "mandolin": ("Mandolin",),
    "ukulele": ("Ukulele",),
    "electric_bass": ("Bass guitar",),
    "double_bass": ("Double bass",),
    "piano": ("Piano",),
    "tack_piano": ("Piano",),
    "electric_piano": ("Electric piano",),
    "organ": ("Organ", "Electronic organ", "Hammond organ"),
    "accordion": ("Accordion",),
    "harpsichord": ("Harpsichord",),
    "synthesizer": ("Synthesizer",),
    "violin": ("Violin, fiddle",),
    "viola": ("Violin, fiddle", "Cello"),
    "cello": ("Cello",),
    "harp": ("Harp",),
    "trumpet": ("Trumpet",),
    "trombone": ("Trombone",),
    "french_horn": ("French horn",),
    "tuba": ("Brass instrument",),
    "brass_section": ("Brass instrument",),
    "flute": ("Flute",),
    "clarinet": ("Clarinet",),
    "oboe": ("Wind instrument, woodwind instrument",),
    "bassoon": ("Wind instrument, woodwind instrument",),
    "saxophone": ("Saxophone",),
    "harmonica": ("Harmonica",),
    "drum_set": ("Drum kit",),
    "auxiliary_percussion": ("Percussion",),
    "vibraphone": ("Vibraphone",),
    "mallet_percussion": ("Mallet percussion", "Marimba, xylophone"),
}
"""For each of our labels the AudioSet classes whose mean its row of the head starts from."""


def class_names(path: Path) -> list[str]:
    """AudioSet's class names in the order of their index, from its `class_labels_indices.csv`."""
    with path.open(newline="", encoding="utf-8") as table:
        rows = sorted(csv.DictReader(table), key=lambda row: int(row["index"]))
    return [row["display_name"] for row in rows]


def head_rows(labels: tuple[str, ...], names: list[str]) -> list[list[int]]:
    """For each label the indices of the classes that it starts from.

    Raises KeyError for a label without an entry, ValueError for a class that `names` lacks.
    """
    return [[names.index(name) for name in AUDIOSET_CLASSES[label]] for label in labels]


def load_into(network: nn.Module, checkpoint: Path, names: list[str], labels: tuple[str, ...]) -> None:
    """Fill `network` with the checkpoint's weights; its head gets, for each label, the mean of the chosen rows.

    Raises RuntimeError where a weight is missing or has another shape.
    """
    state: dict[str, Tensor] = torch.load(checkpoint, map_location="cpu", weights_only=True)
    rows = head_rows(labels, names)
    for part in ("weight", "bias"):
        whole = state[f"{HEAD}.{part}"]
        state[f"{HEAD}.{part}"] = torch.stack([whole[row].mean(0) for row in rows])
    network.load_state_dict(state)


def fetch(url: str, path: Path, sha256: str = "") -> Path:
    """`path`, downloaded from `url` if it is not there yet.

    Raises OSError where the download fails, ValueError where `sha256` is given and the file has another one.
    """
    if not path.exists():
        log.info("downloading %s", url)
        part = path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(url) as answer, part.open("wb") as file:
            shutil.copyfileobj(answer, file)
        part.replace(path)
    if sha256 and hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise ValueError(f"{path} is not the file that was expected: its SHA-256 differs")
    return path
