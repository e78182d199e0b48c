"""Finds crackle: clicks a few samples wide that stand alone, several a second, as of a bad plug or a worn control.

A drum, a clap or a plucked string also begins within a millisecond, but rings on: the curvature of its wave (second
difference) stays high for tens of milliseconds. A click's is high for a few samples and gone. The pulses of a low
reed or of a synthesizer are as narrow as clicks, but come at the pitch of a note: so a click counts only when nothing
like it lies close by.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..levels import power_of

FRAMES_A_SECOND: Final = 375
ALONE_FRAMES: Final = 12
"""A click stands alone among this many frames on each side (32 ms)."""
OVER: Final = 16.0
"""Its curvature is this many times the RMS curvature of every one of those frames."""
NARROW: Final = 0.2
"""Its largest sample holds at least this share of the curvature's power in its own and the adjoining frames."""
FAINTEST_DBFS: Final = -60.0
WITHIN_S: Final = 1.0
BEGIN_CLICKS: Final = 4
STAY_CLICKS: Final = 2
"""Crackle begins with this many clicks within a second, and lasts while there are at least STAY_CLICKS."""

_GUARD: Final = 2
_SPAN: Final = ALONE_FRAMES
_BOTH_SIDES: Final = tuple(d for d in range(-ALONE_FRAMES, ALONE_FRAMES + 1) if abs(d) >= _GUARD)


class Crackle:
    """One `step` a hop; judges each frame once, ALONE_FRAMES late."""

    def __init__(self, channels: int, rate: int) -> None:
        self._rate = rate
        self._frame = max(8, rate // FRAMES_A_SECOND)
        self._rest = np.zeros((channels, 0), np.float32)
        self._energy = np.zeros((channels, 0), np.float32)
        self._peak = np.zeros((channels, 0), np.float32)
        self._history: list[tuple[int, NDArray[np.int64]]] = []
        self._crackling = np.zeros(channels, bool)
        self._clicks = np.zeros(channels, np.int64)
        self.lag_samples = np.full(channels, int(WITHIN_S * rate), np.int64)
        """How long before the hop's end crackle that is found had begun."""

    def step(self, block: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which lines crackle at the end of `block` [channels, n]."""
        self._measure(block)
        self._history.append((block.shape[1], self._count()))
        while sum(n for n, _ in self._history[1:]) >= WITHIN_S * self._rate:
            self._history.pop(0)
        self._clicks = np.sum([clicks for _, clicks in self._history], axis=0)
        self._crackling = self._clicks >= np.where(self._crackling, STAY_CLICKS, BEGIN_CLICKS)
        return self._crackling

    def detail(self, channel: int) -> str:
        """How many clicks line `channel` (from 0) gave in the last second."""
        return f"{self._clicks[channel]} clicks a second"

    def gap(self) -> None:
        """Sound was lost: what lies on both sides of the hole is not compared."""
        self._rest = self._rest[:, :0]
        self._energy = self._energy[:, :0]
        self._peak = self._peak[:, :0]

    def _measure(self, block: NDArray[np.float32]) -> None:
        """Add the energy and the largest square of the curvature of each whole frame."""
        sound = np.concatenate([self._rest, block], axis=1)
        channels, n = sound.shape
        count = max(0, (n - 2) // self._frame)
        used = count * self._frame
        self._rest = sound[:, used:].copy()
        slope = np.diff(sound[:, : used + 2], axis=1)
        curve = np.subtract(slope[:, 1:], slope[:, :-1]) if count else np.zeros((channels, 0), np.float32)
        frames = np.square(curve, out=curve).reshape(channels, count, self._frame)
        self._energy = np.concatenate([self._energy, frames.sum(axis=2)], axis=1)
        self._peak = np.concatenate([self._peak, frames.max(axis=2)], axis=1)

    def _count(self) -> NDArray[np.int64]:
        """Clicks among the frames that now have neighbours on both sides; those frames are then done with."""
        channels, frames = self._energy.shape
        judged = frames - 2 * _SPAN
        if judged <= 0:
            return np.zeros(channels, np.int64)

        def shifted(values: NDArray[np.float32], by: int) -> NDArray[np.float32]:
            return values[:, _SPAN + by : _SPAN + by + judged]

        peak = shifted(self._peak, 0)
        click = peak > power_of(FAINTEST_DBFS)
        near = shifted(self._energy, -1) + shifted(self._energy, 0) + shifted(self._energy, 1)
        click &= peak > NARROW * near
        click &= (peak > shifted(self._peak, -1)) & (peak >= shifted(self._peak, 1))
        around = np.maximum.reduce([shifted(self._energy, by) for by in _BOTH_SIDES])
        click &= peak * self._frame > OVER**2 * around
        self._energy = self._energy[:, judged:].copy()
        self._peak = self._peak[:, judged:].copy()
        return click.sum(axis=1)
