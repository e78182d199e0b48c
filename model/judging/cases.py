"""Labelled windows to judge a model on, from a folder of recordings or from a corpus.

Kinds of windows: `one` instrument, `several`, and three without any: `speech`, `noise` and `silence` (all that lies
below -50 dBFS). Some made-up noise and digital silence is always among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..corpus.decoded import ALL_OTHERS, MIXTURE, SAMPLE_RATE, Clip, decode
from ..corpus.manifest import MANIFEST, read_manifest
from ..corpus.targets import COLUMN, GROUPS, truth_of
from ..errors import UsageError
from ..labels import SPEECH
from . import validation
from .metrics import Bools, Floats
from .validation import LabelledWindows

RECORDINGS = "recordings.csv"
VALIDATION, TEST = "validation", "test"
"""Parts of a corpus that may be judged on: one to choose models by, one to state figures of the chosen one."""

KINDS = ("one", "several", "speech", "noise", "silence")
MOST = 6_000
"""Windows of single recordings that are cut from a corpus at most: 600 MB."""

MADE_UP = 60
NOISE_DBFS = (-60.0, -20.0)
FALL_DB_PER_OCTAVE = (0.0, 3.0, 6.0)
"""White, pink and brown noise; every fourth window is digital silence."""

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Cases:
    """`audio` `[n, 48000]` int16 at 48 kHz; `target`, `weight`, `accepted` `[n, labels]` 0 or 1; `kind` `[n]`.

    `accepted` is `target`, and each member of a group of which some member sounds (they have weight 0).
    """

    audio: Samples
    target: Floats
    weight: Floats
    accepted: Floats
    kind: npt.NDArray[np.str_]

    def rows(self, *kinds: str) -> Bools:
        """Which windows are of one of `kinds`, `[n]`."""
        return np.isin(self.kind, kinds)


def load(folder: Path, split: str = VALIDATION) -> Cases:
    """The folder's windows, the same ones every time; of a corpus those of its part `split`.

    Raises UsageError where the folder is neither recordings nor a corpus, or holds nothing to judge on.
    """
    if (folder / RECORDINGS).is_file():
        return with_made_up(_of_recordings(folder))
    if (folder / MANIFEST).is_file():
        return with_made_up(_of_corpus(folder, split))
    raise UsageError(f"{folder} has neither {RECORDINGS} nor {MANIFEST}: name a folder of recordings or a corpus")


def with_made_up(cases: Cases) -> Cases:
    """`cases`, and windows of made-up noise and silence after them."""
    audio = made_up_negatives(np.random.default_rng(1))
    nothing = np.zeros((len(audio), cases.target.shape[1]))
    return _stacked([cases, Cases(audio, nothing, nothing + 1, nothing, _nothing(audio, nothing))])


def made_up_negatives(random: np.random.Generator) -> Samples:
    """`[MADE_UP, 48000]`: noise of several colours and levels, and digital silence."""
    frequency = np.maximum(np.fft.rfftfreq(SAMPLE_RATE, 1 / SAMPLE_RATE), 20.0)
    out = np.zeros((MADE_UP, SAMPLE_RATE), np.int16)
    for number in range(MADE_UP):
        colour = number % (len(FALL_DB_PER_OCTAVE) + 1)
        if colour == len(FALL_DB_PER_OCTAVE):
            continue
        spectrum = np.fft.rfft(random.standard_normal(SAMPLE_RATE))
        noise = np.fft.irfft(spectrum * frequency ** (-FALL_DB_PER_OCTAVE[colour] / 6.02), SAMPLE_RATE)
        level = 10 ** (random.uniform(*NOISE_DBFS) / 20)
        out[number] = np.clip(noise / np.sqrt(np.square(noise).mean()) * level, -1, 1) * 32767
    return out


def _of_recordings(folder: Path) -> Cases:
    windows = validation.windows(folder)
    target, weight = windows.target.astype(np.float64), windows.weight.astype(np.float64)
    group_only = ~windows.negative & ~target.any(1)
    accepted = np.where(group_only[:, None], 1 - weight, target)
    playing = np.where(target.sum(1) > 1, "several", "one")
    kind = np.where(windows.negative, _nothing(windows.audio, target), playing)
    return Cases(windows.audio, target, weight, accepted, kind)


def _of_corpus(folder: Path, split: str) -> Cases:
    rows = read_manifest(folder)
    if rows and "split" not in rows[0]:
        raise UsageError(f"{folder / MANIFEST} has no column 'split': what a model learned from cannot judge it")
    rows = [row for row in rows if row["split"] == split]
    if not rows:
        raise UsageError(f"{folder / MANIFEST} has no row whose split is '{split}': there is nothing to judge on")
    rows = [rows[place] for place in np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST)).astype(int))]
    each = min(validation.PER_RECORDING, MOST // len(rows))
    found = _stacked([_of_row(folder, row, each) for row in rows])
    alone = (found.kind == "one") & (found.target.sum(1) == 1)
    return _stacked([found, _sums(found, alone)])


def _of_row(folder: Path, row: dict[str, str], most: int) -> Cases:
    """Windows of one recording. A mixture counts as one instrument where it is known that no other sounds."""
    present, absent = (tuple(filter(None, row.get(name, "").split(";"))) for name in ("present", "absent"))
    clip = Clip(row["path"], row["label"], row["kind"], row["source"], row["licence"], "", 0, 0, "", present, absent)
    known = truth_of(clip)
    target, weight = np.zeros(len(COLUMN)), np.ones(len(COLUMN))
    target[list(known.right)], weight[list(known.unknown)] = 1, 0
    accepted = target.copy()
    accepted[[COLUMN[label] for group in known.groups for label in tuple(GROUPS.values())[group]]] = 1
    stretch = (float(row["start_s"]), float(row["dur_s"])) if row.get("start_s") else ()
    audio = validation.cuts(decode(folder / row["path"], *stretch), clip.label == "silence", most)
    single = clip.label != MIXTURE or (len(present) == 1 and ALL_OTHERS in absent)
    targets = np.tile(target, (len(audio), 1))
    kind = np.full(len(audio), "one" if single else "several")
    kind = _nothing(audio, targets) if clip.kind == "neg" else kind
    return Cases(audio, targets, np.tile(weight, (len(audio), 1)), np.tile(accepted, (len(audio), 1)), kind)


def _sums(cases: Cases, rows: Bools) -> Cases:
    """Sums of two of `rows`, which have one right label each."""
    target, weight = cases.target[rows].astype(np.float32), cases.weight[rows].astype(np.float32)
    no_noise, group = np.zeros(len(target), bool), np.zeros((len(target), 2), np.int64)
    alone = LabelledWindows(cases.audio[rows], target, weight, no_noise, group)
    made = validation.sums(alone, np.random.default_rng(1))
    target, weight = made.target.astype(np.float64), made.weight.astype(np.float64)
    return Cases(made.audio, target, weight, target, np.full(len(target), "several"))


def _nothing(audio: Samples, target: Floats) -> npt.NDArray[np.str_]:
    """Which kind of nothing each window without an instrument is."""
    power = np.array([np.square(window.astype(np.float32) / 32768).mean() for window in audio])
    silent = 10 * np.log10(power + 1e-12) < validation.QUIETEST_DBFS
    return np.where(target[:, COLUMN[SPEECH]] > 0, "speech", np.where(silent, "silence", "noise"))


def _stacked(parts: Sequence[Cases]) -> Cases:
    return Cases(
        np.concatenate([part.audio for part in parts]),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.weight for part in parts]),
        np.concatenate([part.accepted for part in parts]),
        np.concatenate([part.kind for part in parts]),
    )
