"""What the stretches of sound have told so far: per input and label the weighted mean of the log-odds.

One window is a guess; the windows of one stretch are guesses at the same thing, so their log-odds are averaged. The
average forgets after `memory_hops`. A stretch ends after a rest, or where the newest hops tell of another player: a
cumulative sum of how far another label leads the stretch's best (CUSUM; E. S. Page, "Continuous inspection schemes",
Biometrika 41, 1954).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

LOG_ODDS_LIMIT: Final = 4.0  # one window never says more than 98 %: a network is surer than it should be
LOG_ODDS_GRAIN: Final = 256  # batches of other sizes differ in the last bits; rounding makes their decisions equal
KEPT_HOPS: Final = 4
"""At most so many of the newest hops belong to a new stretch that began without a rest."""
SETTLED_HOPS: Final = 3
"""Before so many hops a stretch is too young to be contradicted."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.intp]


def log_odds(probabilities: NDArray[np.float32]) -> Floats:
    """log(p / (1 − p)), limited to ±4 and rounded to 1/256; any shape."""
    p = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    clipped = np.clip(np.log(p) - np.log1p(-p), -LOG_ODDS_LIMIT, LOG_ODDS_LIMIT)
    return np.round(clipped * LOG_ODDS_GRAIN) / LOG_ODDS_GRAIN


def probability(odds: Floats) -> Floats:
    """The inverse of log_odds; any shape."""
    return 1 / (1 + np.exp(-odds))


def odds_of(p: float) -> float:
    """Log-odds of one probability, without a limit but that of 0 and 1 themselves."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p) - np.log1p(-p))


class Evidence:
    """The running means of `inputs` inputs and `labels` labels. `rows` are the indices of inputs, each at most once."""

    def __init__(self, inputs: int, labels: int, memory_hops: int):
        self._memory_hops = memory_hops
        self._weight = np.zeros(inputs)
        self._kept = np.zeros((KEPT_HOPS, inputs, labels))
        self._lead = np.zeros((inputs, labels))
        self._lead_hops = np.zeros((inputs, labels), np.int64)
        self.mean = np.zeros((inputs, labels))
        """Log-odds [inputs, labels] that the stretch so far gives; 0 before its first window."""
        self.heard = np.zeros(inputs, np.int64)
        """Windows in this stretch so far, [inputs]."""

    def begin(self, rows: Rows) -> None:
        """A new stretch: nothing is known of it yet."""
        self.mean[rows] = self._weight[rows] = self.heard[rows] = 0
        self._forget_leads(rows)

    def add(self, rows: Rows, odds: Floats, weight: Floats) -> None:
        """One window's log-odds [rows, labels] each, with weights [rows] of 0..1."""
        self._kept[:-1, rows] = self._kept[1:, rows]
        self._kept[-1, rows] = odds
        self.heard[rows] += 1
        self._weight[rows] = np.minimum(self._weight[rows] + weight, self._memory_hops)
        share = weight / np.maximum(self._weight[rows], 1e-9)
        self.mean[rows] += (odds - self.mean[rows]) * share[:, None]

    def contradicted(self, rows: Rows, trust: Floats, drift: float, limit: float) -> Bools:
        """Whether the newest hops tell of another player than the stretch, [rows]; call it once after each `add`.

        For every label the sum of (its lead over the stretch's best × `trust` − `drift`), never below 0, must reach
        `limit` (log-odds). `trust` [rows] is 0..1. Stretches that were contradicted begin anew with the hops that did
        it.
        """
        at = np.arange(len(rows))
        best = self.mean[rows].argmax(1)
        newest = self._kept[-1, rows]
        lead = self._lead[rows] + trust[:, None] * (newest - newest[at, best][:, None]) - drift
        lead = np.where(self.heard[rows, None] > SETTLED_HOPS, np.maximum(lead, 0), 0)
        lead[at, best] = 0
        self._lead[rows] = lead
        self._lead_hops[rows] = np.where(lead > 0, self._lead_hops[rows] + 1, 0)
        newcomer = lead.argmax(1)
        over = lead[at, newcomer] >= limit
        for row, hops in zip(rows[over], self._lead_hops[rows, newcomer][over], strict=True):
            self._begin_with_newest(int(row), min(int(hops), KEPT_HOPS))
        return over

    def _begin_with_newest(self, row: int, hops: int) -> None:
        self.mean[row] = self._kept[-hops:, row].mean(0)
        self._weight[row] = self.heard[row] = hops
        self._forget_leads(np.array([row]))

    def _forget_leads(self, rows: Rows) -> None:
        self._lead[rows] = 0
        self._lead_hops[rows] = 0
