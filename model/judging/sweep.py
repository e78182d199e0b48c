"""One threshold for all labels, or the n highest scores: what each choice finds, and at what price.

The two tables of the systems that came before, for any model: recall, accuracy and precision for each threshold, as
means over windows; labels identified and false positives a sample, for each threshold and for each n.
Conventions of arrays as in `metrics`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .metrics import Bools, Floats, count, hamming_score, macro, micro
from .predictors import top

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))
TOP = (1, 2, 3, 4)


@dataclass(frozen=True)
class AtThreshold:
    """What one threshold gives.

    `recall`, `precision` are means over windows, 1 for a window with nothing to divide by (no right label, nothing
    found); `accuracy` is the share of labels decided rightly. `identified` is the share of all right labels that are
    found, `false_positives` the number of wrong ones in a window.
    """

    threshold: float
    recall: float
    accuracy: float
    precision: float
    micro_f1: float
    macro_f1: float
    identified: float
    false_positives: float


@dataclass(frozen=True)
class AtTop:
    """What taking the `n` highest scores of each window gives; columns as in `AtThreshold`."""

    n: int
    identified: float
    false_positives: float


def by_threshold(
    scores: Floats, target: Floats, weight: Floats, least: int = 1, steps: Sequence[float] = THRESHOLDS
) -> list[AtThreshold]:
    """A row for each threshold; macro F1 over the labels with at least `least` right windows."""
    return [_at(step, scores >= step, target, weight, least) for step in steps]


def by_top(scores: Floats, target: Floats, weight: Floats, sizes: Sequence[int] = TOP) -> list[AtTop]:
    """A row for each n. Unknown cells are never among the highest; of equal scores the first is taken."""
    known = np.where(weight > 0, scores, -np.inf)
    return [AtTop(n, *_identified(top(known, n), target, weight)) for n in sizes]


def _at(step: float, passed: Bools, target: Floats, weight: Floats, least: int) -> AtThreshold:
    known, right = weight > 0, (target > 0) & (weight > 0)
    hits = (passed & right).sum(1)
    recall = _mean_share(hits, right.sum(1))
    precision = _mean_share(hits, (passed & known).sum(1))
    counts = count(passed, target, weight)
    figures = (recall, hamming_score(passed, target, weight), precision, micro(counts).f1, macro(counts, least).f1)
    return AtThreshold(step, *figures, *_identified(passed, target, weight))


def _mean_share(part: "np.ndarray[tuple[int], np.dtype[np.int64]]", whole: Floats) -> float:
    shares = np.where(whole > 0, part / np.maximum(whole, 1), 1.0)
    return float(shares.mean()) if len(shares) else 0.0


def _identified(passed: Bools, target: Floats, weight: Floats) -> tuple[float, float]:
    counts = count(passed, target, weight)
    return micro(counts).recall, float(counts.false.sum()) / max(len(passed), 1)
