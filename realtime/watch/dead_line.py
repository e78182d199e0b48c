"""Finds lines that have gone dead: digital zero, or a noise floor that drops away at once, as when a cable is pulled.

A line's noise floor is learned from its quiet, steady seconds. Music that stops falls back to that floor; only a line
that falls far below it, within a moment, and stays there, has lost what fed it. Where no steady second was heard yet
there is no floor to fall from, and only digital zero tells. A fall to digital zero itself is left to that longer rule:
players of files and gates give it in every pause.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

ZERO_S: Final = 2.0
FALL_S: Final = 1.0
"""How long a line must stay at digital zero, or below its floor, to be called dead."""

FALL_DB: Final = 20.0
RETURN_DB: Final = 10.0
"""A line that comes back to within this of its old floor lives again."""

FRAME_S: Final = 0.02
_ZERO_DB: Final = -200.0
LEARN_S: Final = 1.0
STEADY_DB: Final = 5.0
QUIET_DBFS: Final = -40.0
"""The floor is learned from LEARN_S of frames that differ by at most STEADY_DB, all below QUIET_DBFS."""

ONCE_FRAMES: Final = 4
NEAR_FLOOR_DB: Final = 6.0
"""A fall is "at once" where one of this many frames before it was still within NEAR_FLOOR_DB of the floor."""


class DeadLine:
    """One `step` a hop; all counts are in samples."""

    def __init__(self, channels: int, rate: int) -> None:
        self._rate = rate
        self._zero_run = np.zeros(channels, np.int64)
        self._floor_db = np.full(channels, np.nan)
        self._loudest_db = np.full(channels, -np.inf)
        self._softest_db = np.full(channels, np.inf)
        self._steady_run = np.zeros(channels, np.int64)
        self._low_run = np.zeros(channels, np.int64)
        self._at_once = np.zeros(channels, bool)
        self._fallen = np.zeros(channels, bool)
        self._before_db = np.full((channels, ONCE_FRAMES), np.nan)
        self.lag_samples = np.zeros(channels, np.int64)
        """How long before the hop's end the line died, for those that are dead."""

    def step(self, block: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which lines are dead at the end of `block` [channels, n]."""
        zero = self._zeros(block)
        frames_db = _frame_levels_db(block, self._rate)
        fallen = self._falls(frames_db, block.shape[1])
        self._learn(frames_db, block.shape[1])
        self._before_db = np.concatenate([self._before_db, frames_db], axis=1)[:, -ONCE_FRAMES:]
        self.lag_samples = np.where(zero, self._zero_run, self._low_run)
        return zero | fallen

    def detail(self, channel: int) -> str:
        """Why line `channel` (from 0) is dead, in one line."""
        if self._zero_run[channel] >= ZERO_S * self._rate:
            return "digital zero"
        return f"noise floor fell from {self._floor_db[channel]:.0f} dBFS by more than {FALL_DB:.0f} dB"

    def gap(self) -> None:
        """Sound was lost: runs start anew, the floors that were learned stay."""
        for run in (self._zero_run, self._steady_run, self._low_run):
            run[:] = 0
        self._at_once[:] = False
        self._before_db[:] = np.nan
        self._loudest_db[:] = -np.inf
        self._softest_db[:] = np.inf

    def _zeros(self, block: NDArray[np.float32]) -> NDArray[np.bool_]:
        n = block.shape[1]
        ends_in_zero = np.flatnonzero(block[:, -1] == 0)
        run = np.zeros_like(self._zero_run)
        for channel in ends_in_zero:
            sounding = np.flatnonzero(block[channel])
            run[channel] = n - 1 - sounding[-1] if sounding.size else self._zero_run[channel] + n
        self._zero_run = run
        return run >= ZERO_S * self._rate

    def _falls(self, frames_db: NDArray[np.float64], n: int) -> NDArray[np.bool_]:
        frames = frames_db.shape[1]
        low = (frames_db <= (self._floor_db - FALL_DB)[:, None]) & (frames_db > _ZERO_DB)
        trailing = np.where(low.all(axis=1), frames, np.argmin(low[:, ::-1], axis=1))
        goes_on = trailing == frames
        begins = (trailing > 0) & ~(goes_on & (self._low_run > 0))
        for channel in np.flatnonzero(begins):
            known = np.concatenate([self._before_db[channel], frames_db[channel]])
            start = known.size - trailing[channel]
            just_before = known[max(0, start - ONCE_FRAMES) : start]
            self._at_once[channel] = bool((just_before >= self._floor_db[channel] - NEAR_FLOOR_DB).any())
        self._low_run = np.where(goes_on, self._low_run + n, trailing * (n // frames))

        returned = self._fallen & (frames_db[:, -1] > self._floor_db - FALL_DB + RETURN_DB)
        self._floor_db[returned] = np.nan
        self._fallen &= ~returned
        self._fallen |= self._at_once & (self._low_run >= FALL_S * self._rate)
        return self._fallen

    def _learn(self, frames_db: NDArray[np.float64], n: int) -> None:
        loudest, softest = frames_db.max(axis=1), frames_db.min(axis=1)
        joined_loudest = np.maximum(self._loudest_db, loudest)
        joined_softest = np.minimum(self._softest_db, softest)
        steady = (joined_loudest - joined_softest <= STEADY_DB) & (loudest < QUIET_DBFS)
        self._steady_run = np.where(steady, self._steady_run + n, n)
        self._loudest_db = np.where(steady, joined_loudest, loudest)
        self._softest_db = np.where(steady, joined_softest, softest)
        learned = steady & (self._steady_run >= LEARN_S * self._rate)
        # While a fall is being judged the line's old floor must stay what it was.
        learned &= ~self._fallen & ((self._low_run == 0) | ~self._at_once) & (self._zero_run == 0)
        self._floor_db = np.where(learned, (self._loudest_db + self._softest_db) / 2, self._floor_db)
        self._steady_run[learned] = 0
        self._loudest_db[learned] = -np.inf
        self._softest_db[learned] = np.inf


def _frame_levels_db(block: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Levels [channels, frames] of frames of some FRAME_S, without the hop's mean (a converter's offset).

    A converter's own noise lies below what `levels` tells apart from silence, so only zero itself gives _ZERO_DB.
    """
    channels, n = block.shape
    count = max(1, round(n / (rate * FRAME_S)))
    size = n // count
    frames = block[:, : count * size].reshape(channels, count, size)
    power = np.einsum("cfn,cfn->cf", frames, frames) / size
    offset = block.mean(axis=1)[:, None] ** 2
    return 10.0 * np.log10(np.maximum((power - offset).astype(np.float64), 10.0 ** (_ZERO_DB / 10.0)))
