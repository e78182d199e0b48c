"""From scores to labels that are on: one threshold, one for each label, the n highest, the n highest within thresholds.

`scores` are `[n, labels]`, higher means surer; the answer is `[n, labels]` bool. A score equal to its threshold is on.
Of equal scores the label of the lower column ranks higher.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def above(scores: Floats, threshold: float) -> Bools:
    """Every label whose score reaches `threshold`."""
    return scores >= threshold


def above_each(scores: Floats, thresholds: Floats) -> Bools:
    """Every label whose score reaches its own of `thresholds` `[labels]`.

    Raises ValueError where there is not one threshold for each label.
    """
    if thresholds.shape != scores.shape[1:]:
        raise ValueError(f"{thresholds.size} thresholds for {scores.shape[1]} labels")
    return scores >= thresholds


def top(scores: Floats, count: int) -> Bools:
    """The `count` highest of each row, all of them where there are fewer.

    Raises ValueError for a negative `count`.
    """
    if count < 0:
        raise ValueError(f"count must not be negative, it is {count}")
    order = np.argsort(-scores, axis=1, kind="stable")
    on = np.zeros(scores.shape, dtype=np.bool_)
    np.put_along_axis(on, order[:, :count], True, axis=1)
    return on


def top_within(scores: Floats, thresholds: Floats, *, most: int, least: int = 0) -> Bools:
    """Of the `most` highest of each row those that reach their own threshold, and the `least` highest in any case.

    Raises ValueError where there is not one threshold for each label, or unless 0 <= `least` <= `most`.
    """
    if not 0 <= least <= most:
        raise ValueError(f"least must be in 0..most, they are {least} and {most}")
    return (above_each(scores, thresholds) & top(scores, most)) | top(scores, least)
