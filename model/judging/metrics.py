"""Figures for many labels at once.

Conventions: `scores` `[n, labels]` float in 0..1; `target` `[n, labels]` 0 or 1; `weight` `[n, labels]`, 0 where nobody
knows the right answer. A cell of weight 0 counts nowhere: neither as right nor as wrong, in no count and in no rank.
`passed` `[n, labels]` bool says which scores reach their threshold. All figures are in 0..1 and more is better.

Own code rather than scikit-learn's: its metrics take a weight for a row, not for a cell, and recordings of which only
the group is known ("some singer") have unknown cells in every row. The tests hold both against each other where no
cell is unknown.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Counts(NamedTuple):
    """Known windows of each label, `[labels]` each: found, wrongly found, missed."""

    hits: Floats
    false: Floats
    missed: Floats


class Quality(NamedTuple):
    """Precision, recall and F1, each 0..1; 0 where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float


class Curve(NamedTuple):
    """One point for each distinct score, highest first: all scores from `threshold` up are taken as found."""

    precision: Floats
    recall: Floats
    threshold: Floats


def validate(scores: Floats, target: Floats, weight: Floats) -> None:
    """Raise ValueError where the arrays do not keep this module's conventions."""
    if scores.ndim != 2 or scores.shape != target.shape or scores.shape != weight.shape:
        raise ValueError(f"shapes differ: scores {scores.shape}, target {target.shape}, weight {weight.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")
    if not (np.isin(target, (0, 1)).all() and np.isin(weight, (0, 1)).all()):
        raise ValueError("target and weight must be 0 or 1")


def count(passed: Bools, target: Floats, weight: Floats) -> Counts:
    """Hits, false finds and misses of each label."""
    known, right = weight > 0, target > 0
    return Counts(
        (passed & right & known).sum(0).astype(np.float64),
        (passed & ~right & known).sum(0).astype(np.float64),
        (~passed & right & known).sum(0).astype(np.float64),
    )


def micro(counts: Counts) -> Quality:
    """Precision, recall and F1 of all cells together."""
    return quality(*(float(part.sum()) for part in counts))


def macro(counts: Counts, least: int = 1) -> Quality:
    """Means over the labels that have at least `least` right windows."""
    each = [quality(*row) for row in zip(*counts, strict=True) if row[0] + row[2] >= least]
    return Quality(*(float(np.mean(column)) for column in zip(*each, strict=True))) if each else Quality(0, 0, 0)


def quality(hits: float, false: float, missed: float) -> Quality:
    """Precision, recall and F1 of one set of counts."""
    return Quality(_share(hits, hits + false), _share(hits, hits + missed), _share(2 * hits, 2 * hits + false + missed))


def precision_recall_curve(scores: Floats, positive: Bools) -> Curve:
    """The curve of one label, `scores` and `positive` `[n]`; equal scores are one point. Empty without a positive."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.flatnonzero(np.append(np.diff(ranked) != 0, [True] * bool(len(ranked))))
    hits = np.cumsum(positive[order])[last]
    if not positive.any():
        return Curve(np.zeros(0), np.zeros(0), np.zeros(0))
    return Curve(hits / (last + 1), hits / positive.sum(), ranked[last])


def average_precision(scores: Floats, positive: Bools) -> float:
    """Area under the curve in steps: each rise in recall times the precision there. NaN without a positive."""
    if not positive.any():
        return float("nan")
    curve = precision_recall_curve(scores, positive)
    return float(np.sum(np.diff(curve.recall, prepend=0.0) * curve.precision))


def average_precisions(scores: Floats, target: Floats, weight: Floats) -> Floats:
    """Average precision of each label `[labels]`, over its known windows; NaN for a label without a right one."""
    known = weight > 0
    columns = range(scores.shape[1])
    return np.array([average_precision(scores[known[:, c], c], target[known[:, c], c] > 0) for c in columns])


def mean_average_precision(scores: Floats, target: Floats, weight: Floats, least: int = 1) -> float:
    """mAP over the labels that have at least `least` right windows; 0 where none has."""
    counted = (target * weight).sum(0) >= max(1, least)
    return float(average_precisions(scores, target, weight)[counted].mean()) if counted.any() else 0.0


def ranking_precision(scores: Floats, target: Floats, weight: Floats) -> float:
    """LRAP: for each right label of a window, which share of the labels ranked as high or higher is right; the mean
    over the labels, then over the windows that have one. 0 where no window has."""
    known, right = weight > 0, (target > 0) & (weight > 0)
    each: list[float] = []
    for row in np.flatnonzero(right.any(1)):
        wanted, others = scores[row, right[row]], scores[row, known[row]]
        above = (wanted[None] >= wanted[:, None]).sum(1) / (others[None] >= wanted[:, None]).sum(1)
        each.append(float(above.mean()))
    return float(np.mean(each)) if each else 0.0


def exact_match(passed: Bools, target: Floats, weight: Floats) -> float:
    """Share of windows of which every known label is decided rightly; a window without a known label is left out."""
    known = weight > 0
    rows = known.any(1)
    right = ((passed == (target > 0)) | ~known).all(1)
    return _share(float(right[rows].sum()), float(rows.sum()))


def label_accuracy(passed: Bools, target: Floats, weight: Floats) -> Floats:
    """Share of each label's known windows that are decided rightly, `[labels]`; NaN without a known window."""
    known = weight > 0
    right = ((passed == (target > 0)) & known).sum(0)
    return np.where(known.any(0), right / np.maximum(known.sum(0), 1), np.nan)


def hamming_score(passed: Bools, target: Floats, weight: Floats) -> float:
    """Share of all known cells that are decided rightly: 1 minus the Hamming loss.

    Saying nothing at all scores high where few labels are right at a time; do not choose a model by it.
    """
    known = weight > 0
    return _share(float(((passed == (target > 0)) & known).sum()), float(known.sum()))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
