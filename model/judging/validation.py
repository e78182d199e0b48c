"""Recordings to calibrate on, cut into labelled one-second windows.

A folder of recordings holds `recordings.csv` (path, label, role, …) and the audio that it names. Roles: SOLO and STEM
are one instrument; NEG is none (label speech, noise or silence); others are passed over.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..corpus.decoded import SAMPLE_RATE, decode
from ..corpus.targets import COLUMN, LEFT_ALONE

WINDOW = SAMPLE_RATE
PER_RECORDING = 40
QUIETEST_DBFS = -50.0
BELOW_LOUDEST_DB = 40.0
SUMS = 1_500
SUM_RMS = 0.1

GROUPS: dict[str, tuple[str, ...]] = {
    "GRP_voice": ("female_singer", "male_singer", "vocalists"),
    "GRP_electric_guitar": ("clean_electric_guitar", "distorted_electric_guitar"),
    "GRP_mallets": ("vibraphone", "mallet_percussion"),
    "GRP_strings": ("violin", "viola", "cello", "double_bass"),
    "GRP_brass_section": ("brass_section", "trumpet", "trombone", "french_horn", "tuba"),
    "GRP_drums_percussion": ("drum_set", "auxiliary_percussion"),
    "GRP_bass_synth": ("electric_bass", "synthesizer"),
}
"""Labels of recordings of which only the group is known: none of its members is taught or judged."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LabelledWindows:
    """`audio` `[n, 48000]` int16; `target`, `weight` `[n, labels]`, 0 or 1; `negative` `[n]`: no instrument there.

    `groups` `[n, 2]`: numbers of the groups (a song's recordings, or one recording) whose sound is in the window; twice
    the same where it is only one. What is fitted on one group is judged on others.
    """

    audio: npt.NDArray[np.int16]
    target: Floats
    weight: Floats
    negative: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.int64]


def windows(folder: Path, seed: int = 1) -> LabelledWindows:
    """Windows of the folder's recordings, at most `PER_RECORDING` of each, and `SUMS` sums of two different ones."""
    alone = _solos(folder)
    return _joined(alone, sums(alone, np.random.default_rng(seed)))


def _solos(folder: Path) -> LabelledWindows:
    audio: list[npt.NDArray[np.int16]] = []
    targets: list[Floats] = []
    weights: list[Floats] = []
    negatives: list[bool] = []
    groups: list[int] = []
    numbers: dict[str, int] = {}
    with (folder / "recordings.csv").open(newline="", encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["role"] in ("SOLO", "STEM", "NEG")]
    for row in rows:
        target, weight = _taught(row["label"])
        group = numbers.setdefault(row["song"] or row["path"], len(numbers))
        for window in cuts(decode(folder / row["path"]), row["label"] == "silence"):
            audio.append(window)
            targets.append(target)
            weights.append(weight)
            negatives.append(row["role"] == "NEG")
            groups.append(group)
    return LabelledWindows(
        np.stack(audio), np.stack(targets), np.stack(weights), np.array(negatives), np.stack([groups, groups], 1)
    )


def _taught(label: str) -> tuple[Floats, Floats]:
    target, weight = np.zeros(len(COLUMN), np.float32), np.ones(len(COLUMN), np.float32)
    weight[[COLUMN[other] for other in (*GROUPS.get(label, ()), *LEFT_ALONE.get(label, ()))]] = 0
    if label in COLUMN:
        target[COLUMN[label]] = 1
    return target, weight


def cuts(samples: npt.NDArray[np.int16], silent: bool, most: int = PER_RECORDING) -> npt.NDArray[np.int16]:
    """At most `most` windows half a second apart, spread over the recording; only those that sound, unless `silent`."""
    samples = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    all_of_it = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[:: WINDOW // 2]
    power = np.array([np.square(window.astype(np.float32) / 32768).mean() for window in all_of_it])
    levels = 10 * np.log10(power + 1e-12)
    loud = (levels >= QUIETEST_DBFS) & (levels >= levels.max() - BELOW_LOUDEST_DB)
    kept = np.arange(len(levels)) if silent else np.flatnonzero(loud)
    spread = np.unique(np.linspace(0, len(kept) - 1, min(len(kept), most)).round().astype(int))
    return all_of_it[kept[spread]]


def sums(alone: LabelledWindows, random: np.random.Generator) -> LabelledWindows:
    """Sums of two windows of different labels, equally loud; labels are drawn evenly."""
    by_label = [np.flatnonzero(column) for column in alone.target.T]
    by_label = [rows for rows in by_label if len(rows) and not alone.negative[rows[0]]]
    audio = np.zeros((SUMS, WINDOW), np.int16)
    pairs = np.zeros((SUMS, 2), int)
    for i in range(SUMS if len(by_label) > 1 else 0):
        labels = random.choice(len(by_label), 2, replace=False)
        pairs[i] = [random.choice(by_label[int(label)]) for label in labels]
        parts = alone.audio[pairs[i]].astype(np.float32)
        total = (parts / (np.sqrt(np.square(parts).mean(1, keepdims=True)) + 1e-9)).sum(0)
        audio[i] = np.clip(total * min(SUM_RMS, 0.95 / np.abs(total).max()), -1, 1) * 32767
    made = slice(0, SUMS if len(by_label) > 1 else 0)
    first, second = pairs[made].T
    target = np.maximum(alone.target[first], alone.target[second])
    weight = np.maximum(alone.weight[first] * alone.weight[second], target)
    groups = np.stack([alone.groups[first, 0], alone.groups[second, 0]], 1)
    return LabelledWindows(audio[made], target, weight, np.zeros(len(first), bool), groups)


def _joined(one: LabelledWindows, other: LabelledWindows) -> LabelledWindows:
    """The windows of `one`, then those of `other`."""
    return LabelledWindows(
        np.concatenate([one.audio, other.audio]),
        np.concatenate([one.target, other.target]),
        np.concatenate([one.weight, other.weight]),
        np.concatenate([one.negative, other.negative]),
        np.concatenate([one.groups, other.groups]),
    )
