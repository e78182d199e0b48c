"""Where the player changes within a run of windows: a sticky hidden Markov model, then a merging of what does not
contradict itself.

Pure, numpy only. The model's states are "nothing" and each label; a state's log-likelihood in one window is its
log-odds (those of "nothing" are fixed), every change of state costs the same, and the best path is found exactly
(Viterbi, "Error bounds for convolutional codes", 1967). A path alone splits a sound wherever two likely labels waver
for long, as a bass that is a guitar for ten seconds. So neighbours are merged, the most alike first, until each
remaining pair contradicts itself: a wavering moves the log-odds by some 4 in sum, a new player by 10.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

CHANGE_COST: Final = 8.0
"""Log-odds, summed over windows, that a change of state must gain."""
NOTHING_ODDS: Final = -2.0
"""Below these log-odds of every label, "nothing" is the better state."""
CONTRADICTION: Final = 5.0
"""Log-odds by which the means of two stretches must contradict each other, both leads together, to stay apart."""

Floats = NDArray[np.float64]


def change_points(odds: Floats, weights: Floats, also: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows at which a new player begins, ascending, 0 not among them.

    `odds` [windows, labels]: log-odds of one run of windows. `weights` [windows] > 0: how much each window tells.
    `also`: rows that are to be weighed as change points whatever the path says, such as those after a short rest.
    """
    if len(odds) < 2:
        return np.empty(0, np.int64)
    weighted = odds * weights[:, None]
    scores = np.concatenate([np.full((len(odds), 1), NOTHING_ODDS) * weights[:, None], weighted], axis=1)
    path = best_path(scores, CHANGE_COST)
    cuts = np.union1d(np.flatnonzero(np.diff(path)) + 1, also)
    return _merged(weighted, weights, cuts.astype(np.int64))


def best_path(scores: Floats, change_cost: float) -> NDArray[np.int64]:
    """The states [windows] that sum to the most of `scores` [windows, states], less `change_cost` for each change."""
    windows, states = scores.shape
    changed = np.zeros((windows, states), np.bool_)
    origin = np.zeros(windows, np.int64)
    total = scores[0].copy()
    for row in range(1, windows):
        origin[row] = total.argmax()
        fresh = total[origin[row]] - change_cost
        changed[row] = total < fresh
        total = np.maximum(total, fresh) + scores[row]
    path = np.zeros(windows, np.int64)
    state = int(total.argmax())
    for row in range(windows - 1, -1, -1):
        path[row] = state
        if changed[row, state]:
            state = int(origin[row])
    return path


def _merged(weighted: Floats, weights: Floats, cuts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The cuts that are left once neighbours that do not contradict each other are one."""
    starts = np.concatenate([[0], cuts]).astype(np.int64)
    sums = list(np.add.reduceat(weighted, starts, axis=0))
    shares = np.add.reduceat(weights, starts).tolist()
    kept = cuts.tolist()
    apart = [_contradiction(sums[k] / shares[k], sums[k + 1] / shares[k + 1]) for k in range(len(kept))]
    while kept and min(apart) < CONTRADICTION:
        k = int(np.argmin(apart))
        sums[k : k + 2] = [sums[k] + sums[k + 1]]
        shares[k : k + 2] = [shares[k] + shares[k + 1]]
        del kept[k], apart[k]
        for near in (k - 1, k):
            if 0 <= near < len(apart):
                apart[near] = _contradiction(sums[near] / shares[near], sums[near + 1] / shares[near + 1])
    return np.array(kept, np.int64)


def _contradiction(first: Floats, second: Floats) -> float:
    """The lead of the first's best label over the second's in the first, and the other way round; their sum."""
    one, other = int(first.argmax()), int(second.argmax())
    return float(first[one] - first[other] + second[other] - second[one])
