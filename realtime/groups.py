"""Groups: inputs that carry one source at comparable level, such as a stereo pair or two microphones on one player.

Two such inputs rise and fall together in every band. The measure is the correlation of the changes of their levels, in
decibels, from one sixth of a second to the next, over bands and some ten seconds: 1 for the same sound at whatever gain
and delay, about 0 for independent players, and 0.7 to 0.95 for one player in two corners of a room. Inputs that bleed
into each other correlate, too; but each is far louder than the other in its own bands.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .band_power import BANDS
from .leaks import FAINTEST

CHUNK: Final = 8
"""Frames of which one level is made."""
MEMORY_S: Final = 10.0
"""What is older than this weighs less than a third."""
LEAST_S: Final = 8.0
"""No group is proposed that was heard for less."""
ALIKE: Final = 0.8
UNLIKE: Final = 0.65
"""A pair begins at the one correlation and ends at the other."""
RANGE_DB: Final = 40.0
"""Levels this far below an input's loudest are noise, and all the same."""
NEAR_DB: Final = 7.0
"""The levels of a pair are no further apart than this in three of four bands that either is heard in."""
NEAR_BANDS: Final = 0.75
HEARD_DB: Final = 30.0
FADE_DB_PER_S: Final = 0.5

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Groups:
    """Watches `inputs` inputs; one `step` a hop. `proposed`: groups of two inputs or more, from 0, in order."""

    def __init__(self, inputs: int) -> None:
        square = (inputs, inputs)
        self._frames = np.zeros((BANDS, inputs, 0), np.float32)
        self._levels_db: Floats | None = None
        self._loudest_db = np.full(inputs, -200.0)
        self._mean_db = np.zeros((BANDS, inputs))
        self._sounded_s = np.zeros(inputs)
        self._cross, self._own, self._heard_s = np.zeros(square), np.zeros(square), np.zeros(square)
        self._paired = np.zeros(square, np.bool_)
        self.proposed: tuple[tuple[int, ...], ...] = ()

    def step(self, power: NDArray[np.float32], by: NDArray[np.int64], sounds: Bools, hop_s: float) -> None:
        """One hop: `power` [bands, inputs, frames], `by` [inputs] (both as in `Explained`), `sounds` [inputs]."""
        frame_s = hop_s / power.shape[2]
        self._frames = np.concatenate([self._frames, power], 2)
        pairs = (sounds[:, None] | sounds) & self._free(by)
        while self._frames.shape[2] >= CHUNK:
            chunk, self._frames = self._frames[:, :, :CHUNK], self._frames[:, :, CHUNK:]
            self._add(chunk.mean(2, dtype=np.float64), pairs, sounds, CHUNK * frame_s)
            self._judge()

    def restart(self) -> None:
        """Samples were lost: the next level follows none."""
        self._frames = self._frames[:, :, :0]
        self._levels_db = None

    def _add(self, power: Floats, pairs: Bools, sounds: Bools, chunk_s: float) -> None:
        """One level [bands, inputs]; `pairs` [inputs, inputs] are those of which it tells something."""
        levels_db = 10 * np.log10(power + FAINTEST)
        self._loudest_db = np.maximum(self._loudest_db - FADE_DB_PER_S * chunk_s, levels_db.max(0))
        levels_db = np.maximum(levels_db, self._loudest_db - RANGE_DB)
        self._sounded_s = np.minimum(self._sounded_s + sounds * chunk_s, MEMORY_S)
        pace = np.where(sounds, chunk_s / np.maximum(self._sounded_s, chunk_s), 0)
        self._mean_db += (levels_db - self._mean_db) * pace
        if self._levels_db is not None:
            change = levels_db - self._levels_db
            keep = np.where(pairs, np.exp(-chunk_s / MEMORY_S), 1)
            self._cross = self._cross * keep + np.where(pairs, change.T @ change, 0)
            self._own = self._own * keep + np.where(pairs, np.square(change).sum(0)[:, None], 0)
            self._heard_s += np.where(pairs, chunk_s, 0)
        self._levels_db = levels_db

    def _free(self, by: NDArray[np.int64]) -> Bools:
        """[inputs, inputs]: pairs of which neither is only the bleed of an input outside their group."""
        near = self._paired | np.eye(len(by), dtype=np.bool_)
        free = (by < 0)[:, None] | near[by]
        return free & free.T

    def _judge(self) -> None:
        alike = self._cross / np.sqrt(self._own * self._own.T + FAINTEST)
        begin = (alike >= ALIKE) & (self._heard_s >= LEAST_S) & ~self._paired
        np.fill_diagonal(begin, False)
        if begin.any():
            begin &= self._near()
        paired = (self._paired & (alike >= UNLIKE)) | begin
        if (paired != self._paired).any():
            self._paired = paired
            self.proposed = _connected(paired)

    def _near(self) -> Bools:
        """[inputs, inputs]: whose levels are comparable."""
        heard = self._mean_db >= self._mean_db.max(0) - HEARD_DB
        either = heard[:, :, None] | heard[:, None, :]
        both = heard[:, :, None] & heard[:, None, :]
        near = both & (np.abs(self._mean_db[:, :, None] - self._mean_db[:, None, :]) <= NEAR_DB)
        return near.sum(0) >= NEAR_BANDS * either.sum(0)


def _connected(paired: Bools) -> tuple[tuple[int, ...], ...]:
    groups: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for channel in range(len(paired)):
        if channel in seen or not paired[channel].any():
            continue
        group, new = {channel}, {channel}
        while new:
            new = {int(other) for one in new for other in np.flatnonzero(paired[one])} - group
            group |= new
        seen |= group
        groups.append(tuple(sorted(group)))
    return tuple(groups)
