"""MusicNet: 330 recordings of chamber music with every note (Thickstun, Harchaoui, Kakade 2017)."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .names import MUSICNET
from .recording import About, Recording, Skipped, Split
from .splits import with_validation

ABOUT = About(
    "musicnet",
    "CC BY 4.0; recordings in part CC BY-NC-ND",
    "https://zenodo.org/record/5120004",
    "train_data, train_labels, test_data and test_labels",
)
SAMPLE_RATE = 44_100
"""Rate that the tables count samples in."""
REST_S = 0.5
"""An instrument that rests for less than this plays on."""
SHORTEST_S = 0.2
FOLDERS: tuple[Split, ...] = ("train", "test")


class Note(NamedTuple):
    """A note: samples of `SAMPLE_RATE`, from `start` up to `end`, and the label of its instrument."""

    start: int
    end: int
    label: str


class Stretch(NamedTuple):
    """Samples from `start` up to `end` in which `labels` play and nobody else does."""

    start: int
    end: int
    labels: frozenset[str]


def read(folder: Path, rest_s: float = REST_S) -> list[Recording]:
    """Stretches of constant players, in the official split, a tenth of the training compositions set aside.

    `rest_s` 0 takes every rest between notes as silence of its instrument. Movements of a composition may be in both
    official parts. Raises UsageError where a table is missing.
    """
    base = folder / "musicnet" if (folder / "musicnet").is_dir() else folder
    compositions = _compositions(folder, base)
    skipped = Skipped(ABOUT.name)
    recordings: list[Recording] = []
    for split in FOLDERS:
        for sound in sorted(ABOUT.required(base / f"{split}_data").glob("*.wav")):
            table = ABOUT.required(base / f"{split}_labels" / f"{sound.stem}.csv")
            group = f"{split}/{compositions.get(sound.stem, sound.stem)}"
            recordings += [
                _recording(sound, stretch, group, split)
                for stretch in stretches(_notes(table, skipped), round(rest_s * SAMPLE_RATE))
                if stretch.labels and stretch.end - stretch.start >= SHORTEST_S * SAMPLE_RATE
            ]
    skipped.say()
    return with_validation(ABOUT.some(recordings, folder))


def stretches(notes: Iterable[Note], rest: int) -> list[Stretch]:
    """Stretches of constant players, in order; each begins where the one before ends.

    `rest` is in samples: an instrument that rests for at most so long plays on.
    """
    playing: dict[str, list[tuple[int, int]]] = {}
    for note in sorted(notes):
        spans = playing.setdefault(note.label, [])
        if spans and note.start - spans[-1][1] <= rest:
            spans[-1] = (spans[-1][0], max(spans[-1][1], note.end))
        else:
            spans.append((note.start, note.end))
    return list(_cut(playing))


def _cut(playing: dict[str, list[tuple[int, int]]]) -> Iterator[Stretch]:
    edges: dict[int, list[tuple[str, bool]]] = {}
    for label, spans in playing.items():
        for start, end in spans:
            edges.setdefault(start, []).append((label, True))
            edges.setdefault(end, []).append((label, False))
    now: set[str] = set()
    last = 0
    for edge in sorted(edges):
        if edge > last:
            yield Stretch(last, edge, frozenset(now))
        for label, starts in edges[edge]:
            if starts:
                now.add(label)
            else:
                now.discard(label)
        last = edge


def _notes(table: Path, skipped: Skipped) -> list[Note]:
    notes: list[Note] = []
    with table.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            label = MUSICNET.get(row["instrument"])
            if label is None:
                skipped.names[f"program {row['instrument']}"] += 1
            else:
                notes.append(Note(int(row["start_time"]), int(row["end_time"]), label))
    return notes


def _compositions(folder: Path, base: Path) -> dict[str, str]:
    """Composer and composition of each recording, where the data set's table of them is there."""
    for path in (folder / "musicnet_metadata.csv", base / "musicnet_metadata.csv"):
        if path.exists():
            with path.open(newline="", encoding="utf-8") as file:
                return {row["id"]: f"{row['composer']}, {row['composition']}" for row in csv.DictReader(file)}
    return {}


def _recording(sound: Path, stretch: Stretch, group: str, split: Split) -> Recording:
    labels = dict.fromkeys(sorted(stretch.labels), 1)
    return Recording(
        sound,
        labels,
        complete=True,
        kind="mix",
        licence=ABOUT.licence,
        source=ABOUT.name,
        group=group,
        split=split,
        names=tuple(labels),
        start_s=stretch.start / SAMPLE_RATE,
        dur_s=(stretch.end - stretch.start) / SAMPLE_RATE,
    )
