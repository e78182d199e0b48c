"""Finds inputs that carry the same signal: one source patched to two inputs, in phase or inverted, at any gain.

Every pair is judged by its normalised correlation over two seconds in which either of them sounds. Every eighth
sample is enough for that: correlation needs no filter before it, since what folds down folds alike in both.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

JUDGE_S: Final = 2.0
SAME: Final = 0.999
STRIDE: Final = 8


class Twins:
    """One `step` a hop: one matrix product over all inputs."""

    def __init__(self, channels: int, rate: int, present_power: float) -> None:
        self._rate = rate
        self._present_power = present_power
        square = (channels, channels)
        self._cross = np.zeros(square)
        self._own = np.zeros(square)
        self._heard = np.zeros(square, np.int64)
        self._sign = np.zeros(square, np.int8)
        self.lag_samples = np.full(channels, int(JUDGE_S * rate), np.int64)
        """How long before the hop's end twins that are found had begun."""

    def step(self, block: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which inputs have a twin at the end of `block` [channels, n]."""
        thin = block[:, ::STRIDE]
        thin = thin - thin.mean(axis=1, keepdims=True)
        products = (thin @ thin.T).astype(np.float64)
        energy = products.diagonal()
        present = energy > self._present_power * thin.shape[1]
        either = present[:, None] | present[None, :]
        self._cross += np.where(either, products, 0.0)
        self._own += np.where(either, energy[:, None], 0.0)
        self._heard += np.where(either, block.shape[1], 0)
        self._judge()
        return (self._sign != 0).any(axis=1)

    def detail(self, channel: int) -> str:
        """Whose twin input `channel` (from 0) is; the name counts from 1."""
        other = int(np.flatnonzero(self._sign[channel])[0])
        which = "same as" if self._sign[channel, other] > 0 else "inverted signal of"
        return f"{which} input {other + 1}"

    def gap(self) -> None:
        """Sound was lost in all inputs alike: what was gathered stays good."""

    def _judge(self) -> None:
        """Decide the pairs that have gathered enough, and begin them anew."""
        due = self._heard >= JUDGE_S * self._rate
        np.fill_diagonal(due, False)
        if not due.any():
            return
        faintest = self._present_power * self._heard / STRIDE
        loud = np.minimum(self._own, self._own.T) > faintest
        same = self._cross**2 > SAME**2 * self._own * self._own.T
        sign = np.where(loud & same, np.sign(self._cross), 0).astype(np.int8)
        self._sign[due] = sign[due]
        for gathered in (self._cross, self._own, self._heard):
            gathered[due] = 0
