"""The level gate: which inputs sound, since when, and until when.

Levels are taken in frames of 10 ms, so that an onset is placed far more finely than the hop at which it is decided.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .config import SmoothingConfig
from .levels import FLOOR_DBFS, power_dbfs

FRAME_S = 0.01
FADE_DB_PER_S = 0.5  # how fast the loudest level of an input is forgotten


@dataclass(frozen=True, slots=True)
class Gating:
    """One hop of every input: `sounds`, RMS `level_dbfs` of the hop, first sample of the present stretch of sound
    (-1 before the first), and the end of the last sound that was heard."""

    sounds: NDArray[np.bool_]
    level_dbfs: NDArray[np.floating]
    rise_sample: NDArray[np.int64]
    fall_sample: NDArray[np.int64]


class Gate:
    """Watches the level of `inputs` inputs at `rate` Hz."""

    def __init__(self, inputs: int, rate: int, options: SmoothingConfig):
        self._options = options
        self._frame = max(1, round(rate * FRAME_S))
        self._rest_frames = max(1, round(options.rest_s / FRAME_S))
        self._fade_db = FADE_DB_PER_S * FRAME_S
        self._past = np.full((inputs, self._rest_frames), FLOOR_DBFS)
        self._loudest = np.full(inputs, FLOOR_DBFS)
        self._rise = np.full(inputs, -1, dtype=np.int64)
        self._fall = np.zeros(inputs, dtype=np.int64)

    def step(self, block: NDArray[np.float32], start_sample: int) -> Gating:
        """`block` [inputs, samples] are the newest hop's samples, the first of which is number `start_sample`."""
        power = frame_powers(block, self._frame)
        level = power_dbfs(power)
        self._loudest = np.maximum(self._loudest - self._fade_db * level.shape[1], level.max(1))
        threshold = np.maximum(self._options.gate_dbfs, self._loudest - self._options.gate_below_loudest_db)
        over = level > threshold[:, None]
        sounds = over.any(1)
        for channel in np.flatnonzero(sounds):
            self._place(int(channel), level[channel], over[channel], float(threshold[channel]), start_sample)
        self._past = np.concatenate([self._past, level], 1)[:, -self._rest_frames :]
        return Gating(sounds, power_dbfs(power.mean(1)), self._rise.copy(), self._fall.copy())

    def restart(self) -> None:
        """Forget the levels: samples were lost."""
        self._past[:] = FLOOR_DBFS

    def _place(
        self, channel: int, level: NDArray[np.floating], over: NDArray[np.bool_], threshold: float, start_sample: int
    ) -> None:
        """A stretch rises at the first frame over the gate that stands `break_db` over the rest before it."""
        frames = np.flatnonzero(over)
        first = int(frames[0])
        before = np.concatenate([self._past[channel], level])[: self._rest_frames + first][-self._rest_frames :]
        rested = before.max() <= threshold
        broke = np.flatnonzero(over & (level >= before.max() + self._options.break_db))
        if rested or len(broke) or self._rise[channel] < 0:
            frame = first if rested or not len(broke) else int(broke[0])
            self._rise[channel] = start_sample + frame * self._frame
        self._fall[channel] = start_sample + (int(frames[-1]) + 1) * self._frame


def frame_powers(block: NDArray[np.float32], frame: int) -> NDArray[np.float64]:
    """Mean square of each whole frame: [inputs, samples] → [inputs, frames]; a block shorter than a frame is one."""
    frames = max(1, block.shape[1] // frame)
    whole = block[:, : frames * frame].reshape(block.shape[0], frames, -1)
    return np.mean(np.square(whole, dtype=np.float64), 2)
