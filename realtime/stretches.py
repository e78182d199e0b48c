"""All that a file's windows told, input by input, and the stretches of sound that they fall into.

Kept small, for a file may be hours of many inputs: log-odds are multiples of 1/256 of at most ±4, which float16 holds
exactly. 64 inputs that all sound take 34 kB a second, or 120 MB an hour, and as much again while they are sorted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .evidence import Floats
from .smoother import Reading

QUIET_DB: Final = 20.0
"""A window this far below its run's loudest weighs least: bleed and noise have a larger share in it."""
LEAST_WEIGHT: Final = 0.1

Samples = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One player on one input (from 0): from where to where in samples, the mean log-odds [labels] of its windows, how
    many they are, and the loudest."""

    channel: int
    begin: int
    end: int
    odds: Floats
    hops: int
    loudest_dbfs: float


@dataclass(frozen=True, slots=True)
class Run:
    """Windows of one input (from 0), in order: every array has a row for each window that was judged.

    `hop`: which hop of the file it was. `start`, `decided`: first sample of its newest hop, and the sample after it.
    `rise`, `fall`: where the sound began, and the end of the last sound. `odds` [windows, labels]. `level_dbfs`: RMS of
    the newest hop. A window is `window_hops` hops long.
    """

    channel: int
    hop: Samples
    start: Samples
    decided: Samples
    rise: Samples
    fall: Samples
    odds: Floats
    level_dbfs: Floats
    window_hops: int

    def apart(self, rest: int) -> "Iterator[Run]":
        """The runs between rests of at least `rest` samples."""
        cuts = np.flatnonzero(self.start[1:] - self.decided[:-1] >= rest) + 1
        return (self._rows(slice(begin, end)) for begin, end in pairwise([0, *cuts.tolist(), len(self.hop)]))

    @property
    def weights(self) -> Floats:
        """How much each window tells: the share of it that is sound, times its level against the run's loudest."""
        earliest = np.searchsorted(self.hop, self.hop - self.window_hops, side="right")
        filled = (np.arange(len(self.hop)) - earliest + 1) / self.window_hops
        return filled * np.clip(1 - (self.level_dbfs.max() - self.level_dbfs) / QUIET_DB, LEAST_WEIGHT, 1)

    @property
    def rests(self) -> Samples:
        """Rows before which there was a rest."""
        return np.flatnonzero(np.diff(self.hop) > 1) + 1

    def stretches(self, changes: Samples) -> Iterator[Stretch]:
        """The stretches that begin with the run and with the rows `changes`."""
        weights = self.weights
        for begin, end in pairwise([0, *changes.tolist(), len(self.hop)]):
            rows = slice(begin, end)
            yield Stretch(
                self.channel,
                self._begin(begin),
                self._end(end),
                weights[rows] @ self.odds[rows] / weights[rows].sum(),
                end - begin,
                float(self.level_dbfs[rows].max()),
            )

    def _rows(self, rows: slice) -> "Run":
        return Run(
            self.channel,
            self.hop[rows],
            self.start[rows],
            self.decided[rows],
            self.rise[rows],
            self.fall[rows],
            self.odds[rows],
            self.level_dbfs[rows],
            self.window_hops,
        )

    def _begin(self, row: int) -> int:
        """Where the sound of this row began: at the gate's rise, or where the player changed."""
        if self._flows(row):
            return self._change(row)
        rise, start = int(self.rise[row]), int(self.start[row])
        return rise if start <= rise < self.decided[row] else start

    def _end(self, row: int) -> int:
        """Where the sound before this row ended."""
        return self._change(row) if self._flows(row) else int(self.fall[row - 1])

    def _flows(self, row: int) -> bool:
        """Whether sound goes on from the row before into this one."""
        return 0 < row < len(self.hop) and bool(self.hop[row] - self.hop[row - 1] == 1)

    def _change(self, row: int) -> int:
        """A change without a rest: at the rise that is near, else where this window, half of it, speaks of the new."""
        hop = int(self.decided[row] - self.start[row])
        middle = int(self.start[row]) - hop * (self.window_hops - 1) // 2
        near = self.rise[max(0, row - self.window_hops) : row + 2]
        distance = np.abs(near - middle)
        return int(near[distance.argmin()]) if distance.min() <= hop else middle


@dataclass(frozen=True, slots=True)
class _Hop:
    """What one hop told of the inputs that were judged: `places` [inputs, 5] are a Run's hop, start, decided, rise and
    fall."""

    channels: NDArray[np.int16]
    places: Samples
    odds: NDArray[np.float16]
    level_dbfs: NDArray[np.float32]


class Heard:
    """Keeps the readings of `inputs` inputs and `labels` labels; a window is `window_hops` hops long."""

    def __init__(self, inputs: int, labels: int, window_hops: int):
        self._hops: list[_Hop] = []
        self._count = 0
        self._window_hops = window_hops
        self.newest = np.full((inputs, labels), -np.inf)
        """Log-odds of each input's newest window; -inf where the newest hop was not judged."""

    def add(self, reading: Reading) -> None:
        rows = np.flatnonzero(reading.judged)
        self.newest[:] = -np.inf
        self.newest[rows] = reading.odds[rows]
        if len(rows):
            places = np.empty((len(rows), 5), np.int64)
            places[:, :3] = self._count, reading.start_sample, reading.decided_sample
            places[:, 3], places[:, 4] = reading.rise_sample[rows], reading.fall_sample[rows]
            odds, level = reading.odds[rows].astype(np.float16), reading.level_dbfs[rows].astype(np.float32)
            self._hops.append(_Hop(rows.astype(np.int16), places, odds, level))
        self._count += 1

    def clear(self) -> None:
        self._hops.clear()
        self.newest[:] = -np.inf

    def inputs(self) -> Iterator[Run]:
        """Each input that was judged at all, with all of its windows."""
        if not self._hops:
            return
        channels = np.concatenate([hop.channels for hop in self._hops])
        places = np.concatenate([hop.places for hop in self._hops])
        odds = np.concatenate([hop.odds for hop in self._hops])
        level_dbfs = np.concatenate([hop.level_dbfs for hop in self._hops])
        for channel in np.unique(channels).tolist():
            rows = np.flatnonzero(channels == channel)
            hop, start, decided, rise, fall = places[rows].T
            floats = odds[rows].astype(np.float64), level_dbfs[rows].astype(np.float64)
            yield Run(channel, hop, start, decided, rise, fall, *floats, self._window_hops)
