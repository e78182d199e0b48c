"""Recorded impulses of rooms, microphones and guitar cabinets: a folder with a table `impulses.csv` (path, kind)."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..corpus.decoded import decode
from ..errors import ConfigError
from .acoustics import Audio

TABLE = "impulses.csv"
FOLDER = "impulses"
"""Name of the folder of impulses inside a corpus."""
QUIETEST = 1e-4
"""An impulse begins where it first exceeds this share of its peak (-80 dB): leading silence would delay the sound."""


@dataclass(frozen=True)
class Impulses:
    """Impulse responses `[samples]` at 48 kHz with an energy of 1."""

    rooms: tuple[Audio, ...] = ()
    microphones: tuple[Audio, ...] = ()
    cabinets: tuple[Audio, ...] = ()

    def __add__(self, other: "Impulses") -> "Impulses":
        return Impulses(self.rooms + other.rooms, self.microphones + other.microphones, self.cabinets + other.cabinets)


def read_impulses(folder: Path) -> Impulses:
    """The impulses of `folder`, none where it has no table.

    Raises ConfigError for a kind other than room, microphone and cabinet, and for an impulse that is silent.
    """
    found: dict[str, list[Audio]] = {"room": [], "microphone": [], "cabinet": []}
    if not (folder / TABLE).exists():
        return Impulses()
    with (folder / TABLE).open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row["kind"] not in found:
                raise ConfigError(f"{folder / TABLE}: unknown kind {row['kind']!r}; those are {', '.join(found)}")
            found[row["kind"]].append(_impulse(folder / row["path"]))
    return Impulses(*(tuple(impulses) for impulses in found.values()))


def _impulse(path: Path) -> Audio:
    audio = decode(path).astype(np.float32) * np.float32(1 / 32768)
    loud = np.flatnonzero(np.abs(audio) > QUIETEST * np.abs(audio).max(initial=0))
    if not len(loud):
        raise ConfigError(f"{path}: an impulse of silence")
    audio = audio[loud[0] :]
    return audio / np.float32(np.sqrt(np.square(audio).sum()))
