"""Figures for windows of one instrument: is the highest score right, and is it as sure as it may be?

Conventions: `scores` `[n, labels]` in 0..1; `accepted` `[n, labels]` 0 or 1: the columns that are right, several where
only the group is known; `weight` `[n, labels]`: a column of weight 0 that is not accepted does not compete.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .metrics import Bools, Floats

COD_BINS = 30
"""Bins of the calibration error in COD's paper."""

Ints = npt.NDArray[np.int64]


class Top(NamedTuple):
    """The highest score of each window: its `column` and its `confidence`, `[n]`; `right` where it is accepted."""

    column: Ints
    confidence: Floats
    right: Bools


class Reliability(NamedTuple):
    """Bins of equal width over 0..1, `[bins]` each: windows in it, their mean confidence, their share that is right.

    The last two are NaN in a bin without windows.
    """

    windows: Ints
    confidence: Floats
    accuracy: Floats


@dataclass(frozen=True)
class Single:
    """Micro F1 and calibration error of a choice of one label out of some, over `windows` windows."""

    windows: int
    micro_f1: float
    ece: float


def top(scores: Floats, accepted: Floats, weight: Floats) -> Top:
    """The highest score of each window among the columns that compete; one of 0 is never right."""
    competing = np.where((weight > 0) | (accepted > 0), scores, -1.0)
    column = competing.argmax(1).astype(np.int64)
    rows = np.arange(len(scores))
    confidence = np.maximum(competing[rows, column], 0.0)
    return Top(column, confidence, (accepted[rows, column] > 0) & (confidence > 0))


def family_right(found: Top, accepted: Floats, families: Sequence[str]) -> Bools:
    """Whether the family of the highest score is that of an accepted column; `families` names each column's."""
    names = np.array(families)
    kin = accepted @ (names[:, None] == names[None]).astype(np.float64) > 0
    return kin[np.arange(len(accepted)), found.column] & (found.confidence > 0)


def reliability(confidence: Floats, right: Bools, bins: int) -> Reliability:
    """How often each degree of confidence is right. The upper edge of a bin belongs to the next one, 1 to the last."""
    place = np.clip((confidence * bins).astype(np.int64), 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(place, confidence, bins) / counts
        accuracy = np.bincount(place, right.astype(np.float64), bins) / counts
    return Reliability(counts.astype(np.int64), mean, accuracy)


def calibration_error(curve: Reliability) -> float:
    """ECE: the mean gap between confidence and accuracy, each bin by its share of the windows. 0 without windows."""
    used = curve.windows > 0
    if not used.any():
        return 0.0
    gaps = np.abs(curve.confidence[used] - curve.accuracy[used])
    return float(np.average(gaps, weights=curve.windows[used]))


def confusion(truth: Ints, found: Ints, labels: int) -> Floats:
    """`[labels, labels]`: of the windows of each true label (row), the share called each label (column).

    A row of a label without windows is 0.
    """
    counts = np.zeros((labels, labels))
    np.add.at(counts, (truth, found), 1)
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)


def one_of(scores: Floats, target: Floats, columns: Sequence[int], bins: int = COD_BINS) -> Single:
    """Figures as COD states them, on the windows that have exactly one right label and have it among `columns`.

    The answer is the highest score of `columns`, whatever its height, and the confidence is that score. With one answer
    to each window micro F1 is the share of right answers. COD's own scores are a softmax over its 20 labels; ours say
    each label's probability by itself and are taken as they are.
    """
    chosen = list(columns)
    rows = (target.sum(1) == 1) & (target[:, chosen].sum(1) == 1)
    if not rows.any():
        return Single(0, 0.0, 0.0)
    scores, target = scores[rows][:, chosen], target[rows][:, chosen]
    right = scores.argmax(1) == target.argmax(1)
    return Single(len(right), float(right.mean()), calibration_error(reliability(scores.max(1), right, bins)))
