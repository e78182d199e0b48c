"""A threshold for each label: for the best F1, or for a precision that is asked for."""

import numpy as np
import numpy.typing as npt

LIMITS = (0.15, 0.9)
"""Thresholds stay within these."""
OWN_SHARE = 0.25
"""How much a label's own threshold counts beside that of all labels together: more did not hold on other recordings."""
NEGATIVE_QUANTILE = 0.998
"""At least this share of the windows without an instrument lies below each label's threshold."""
WITHOUT_POSITIVES = 0.5

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def best_f1(scores: Floats, positive: Bools) -> float:
    """The threshold on `scores` `[n]` that gives the highest F1 against `positive`; 0.5 without positives."""
    if not positive.any():
        return WITHOUT_POSITIVES
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(positive[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + positive.sum())
    return _below(scores[order], int(f1.argmax()))


def of_precision(scores: Floats, positive: Bools, precision: float) -> float:
    """The lowest threshold on `scores` `[n]` over which `precision` (0..1) of the windows are `positive`.

    Where none reaches it, that which comes nearest; 0.5 without positives.
    """
    if not positive.any():
        return WITHOUT_POSITIVES
    order = np.argsort(-scores, kind="stable")
    reached = np.cumsum(positive[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(reached >= precision)
    return _below(scores[order], int(good[-1]) if len(good) else int(reached.argmax()))


def thresholds(
    scores: Floats, target: Floats, weight: Floats, negative: Bools, precision: float | None = None
) -> list[float]:
    """One threshold per label for probabilities `scores` `[n, labels]`, where `weight` `[n, labels]` is not 0.

    The aim is the best F1, or `precision` where it is given. The label's own threshold counts `OWN_SHARE`, that of all
    labels together the rest; the mean is raised until few `negative` windows (no instrument in them) pass, and kept
    within `LIMITS`.
    """
    counted = weight > 0
    common = _aimed(scores[counted], target[counted] > 0, precision)
    found: list[float] = []
    for column in range(scores.shape[1]):
        rows = counted[:, column]
        positive = target[rows, column] > 0
        own = _aimed(scores[rows, column], positive, precision) if positive.any() else common
        quiet = scores[negative & (target[:, column] == 0), column]
        least = float(np.quantile(quiet, NEGATIVE_QUANTILE)) if len(quiet) else 0.0
        wanted = OWN_SHARE * own + (1 - OWN_SHARE) * common
        found.append(round(float(np.clip(max(wanted, least), *LIMITS)), 3))
    return found


def _aimed(scores: Floats, positive: Bools, precision: float | None) -> float:
    return best_f1(scores, positive) if precision is None else of_precision(scores, positive, precision)


def _below(falling: Floats, last: int) -> float:
    """Half way between the last score that passes and the next one."""
    after = falling[last + 1] if last + 1 < len(falling) else 0.0
    return float((falling[last] + after) / 2)
