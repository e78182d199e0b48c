"""What a stretch of sound has told so far: per input and label the weighted mean of the log-odds.

One window is a guess; the windows of one stretch are guesses at the same thing, so their log-odds are averaged. The
average forgets after `memory_hops`. A stretch ends when `begin` is called: after a rest, or at a change of player.
"""

import numpy as np
from numpy.typing import NDArray

LOG_ODDS_LIMIT = 4.0  # one window never says more than 98 %: a network is surer than it should be
LOG_ODDS_GRAIN = 256  # batches of other sizes differ in the last bits; rounding makes their decisions equal
RECENT_HOPS = 2

Floats = NDArray[np.float64]


def log_odds(probabilities: NDArray[np.float32]) -> Floats:
    """log(p / (1 − p)), limited to ±4 and rounded to 1/256; any shape."""
    p = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    clipped = np.clip(np.log(p) - np.log1p(-p), -LOG_ODDS_LIMIT, LOG_ODDS_LIMIT)
    return np.round(clipped * LOG_ODDS_GRAIN) / LOG_ODDS_GRAIN


def probability(odds: Floats) -> Floats:
    """The inverse of log_odds; any shape."""
    return 1 / (1 + np.exp(-odds))


class Evidence:
    """The running means of `inputs` inputs and `labels` labels."""

    def __init__(self, inputs: int, labels: int, memory_hops: int):
        self._memory_hops = memory_hops
        self._mean = np.zeros((inputs, labels))
        self._weight = np.zeros(inputs)
        self._recent = np.zeros((inputs, RECENT_HOPS, labels))
        self._heard = np.zeros(inputs, dtype=np.int64)

    def begin(self, channel: int) -> None:
        """A new stretch: nothing is known of it yet."""
        self._weight[channel] = 0
        self._heard[channel] = 0

    def begin_with_recent(self, channel: int) -> None:
        """A new stretch that began with the newest hops: they were another player than the ones before."""
        self._mean[channel] = self._recent[channel].mean(0)
        self._weight[channel] = RECENT_HOPS
        self._heard[channel] = RECENT_HOPS

    def add(self, channel: int, odds: Floats, weight: float) -> None:
        """One window's log-odds [labels], with a weight of 0..1."""
        self._recent[channel] = np.roll(self._recent[channel], -1, axis=0)
        self._recent[channel, -1] = odds
        self._heard[channel] += 1
        self._weight[channel] = min(self._weight[channel] + weight, self._memory_hops)
        if self._weight[channel] > 0:
            self._mean[channel] += (odds - self._mean[channel]) * (weight / self._weight[channel])

    def heard(self, channel: int) -> int:
        """Windows in this stretch so far."""
        return int(self._heard[channel])

    def value(self, channel: int) -> Floats:
        """Probabilities [labels] that the stretch so far gives; zeros before its first window."""
        if self._weight[channel] <= 0:
            return np.zeros(self._mean.shape[1])
        return probability(self._mean[channel])

    def changed(self, channel: int, lead: float) -> bool:
        """Whether each of the newest hops puts another label at least `lead` (log-odds) before the stretch's best."""
        if self._heard[channel] <= RECENT_HOPS + 1:
            return False
        best = int(self._mean[channel].argmax())
        recent = self._recent[channel]
        newcomer = int(recent.mean(0).argmax())
        return newcomer != best and bool((recent[:, newcomer] - recent[:, best] >= lead).all())
