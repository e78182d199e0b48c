"""Runs a model over the test part of an earlier system's experiment, and judges it over that system's classes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..corpus.datasets.experiments import Experiment, experiment_of
from ..corpus.decoded import decode
from ..corpus.manifest import read_manifest
from ..errors import UsageError
from . import validation
from .classes import ClassFigures, class_scores, class_truth, heard, judge
from .metrics import Floats
from .validation import WINDOW, LabelledWindows

CHUNK = 32
"""Sums of two that are judged at once."""

Samples = npt.NDArray[np.int16]
Scorer = Callable[[Samples], Floats]
"""Windows `[n, 48000]` int16 to scores `[n, labels]` in the order of `MODEL_LABELS`."""
Part = tuple[Samples, Floats, Floats]
"""Windows `[n, 48000]`, and the target and weight `[n, classes]` of each."""


def figures(name: str, folder: Path, split: str, scorer: Scorer) -> ClassFigures:
    """What a model makes of the part `split` of the corpus in `folder`, by the rules of the experiment `name`.

    Raises UsageError for an unknown experiment, and where the corpus has nothing to judge on.
    """
    experiment = experiment_of(name)
    columns = heard(experiment.classes)
    parts = _parts(folder, split, experiment, tuple(experiment.classes[own] for own in columns))
    scores: list[Floats] = []
    truths: list[tuple[Floats, Floats]] = []
    for audio, target, weight in _pairs(parts) if experiment.judged_by == "pairs" else parts:
        found = class_scores(scorer(audio), columns)
        if experiment.judged_by == "recordings":
            found, target, weight = found.max(0, keepdims=True), target[:1], weight[:1]
        scores.append(found)
        truths.append((target, weight))
    if not scores:
        raise UsageError(f"{folder} has nothing to judge by {name!r} on, in its part '{split}'")
    target, weight = (np.concatenate(side) for side in zip(*truths, strict=True))
    return judge(name, experiment.judged_by, experiment.classes, np.concatenate(scores), target, weight)


def _parts(folder: Path, split: str, experiment: Experiment, labels: tuple[str, ...]) -> Iterator[Part]:
    """The windows of each recording of which something is known."""
    for row in read_manifest(folder):
        if row.get("split") != split:
            continue
        target, weight = class_truth(row, labels)
        stretch = (float(row["start_s"]), float(row["dur_s"])) if row.get("start_s") else ()
        audio = _windows(decode(folder / row["path"], *stretch), experiment.most)
        if len(audio) and weight.any():
            yield audio, np.tile(target, (len(audio), 1)), np.tile(weight, (len(audio), 1))


def _windows(samples: Samples, most: int) -> Samples:
    """Windows of a recording; a short one is repeated until it fills one."""
    if 0 < len(samples) < WINDOW:
        samples = np.resize(samples, WINDOW)
    return validation.cuts(samples, silent=False, most=most)


def _pairs(parts: Iterator[Part]) -> Iterator[Part]:
    """Sums of two windows of different classes, equally loud."""
    every = list(parts)
    if not every:
        return
    audio, target, weight = (np.concatenate(side) for side in zip(*every, strict=True))
    nobody, group = np.zeros(len(audio), bool), np.zeros((len(audio), 2), np.int64)
    alone = LabelledWindows(audio, target.astype(np.float32), weight.astype(np.float32), nobody, group)
    made = validation.sums(alone, np.random.default_rng(1))
    for start in range(0, len(made.audio), CHUNK):
        rows = slice(start, start + CHUNK)
        yield made.audio[rows], made.target[rows].astype(np.float64), made.weight[rows].astype(np.float64)
