"""The ring between the thread that hears and the thread that judges: one writer, one reader, no locks.

Positions are absolute counts of samples from 0, lost ones included, so that they are the times of events. The writer
runs inside an audio callback: it overwrites what is old and never waits. The reader finds out that it was overtaken by
two counters, one advanced before each copy and one after it.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

GAP_MARKS: Final = 1024
"""Gaps the writer can note before the reader takes them; a reader that is further behind has been lapped long since."""

_NEVER: Final = 2**63 - 1


class Gap(NamedTuple):
    """A hole in the stream: `lost` samples from position `sample` on never came. `lost` may be 0: a discontinuity."""

    sample: int
    lost: int


class Lapped(Exception):  # noqa: N818 - it is news, not an error
    """The writer overwrote what was to be read; `oldest` is the first position that is still whole."""

    def __init__(self, oldest: int) -> None:
        super().__init__(f"overwritten up to sample {oldest}")
        self.oldest = oldest


class Ring:
    """`capacity` frames of `channels` float32, preallocated.

    Frames are kept as they come, one after the other: with 64 channels that costs the callback a third of what turning
    them would, and the reader, who has the time, turns them.

    The reader's loop: take `written`; for each gap of `gaps_until(written)` read up to `gap.sample` and go on at
    `gap.sample + gap.lost`; read the rest; keep `taken` up; ask `wake_at(position)` for the next wake.
    """

    def __init__(self, channels: int, capacity: int) -> None:
        if channels < 1 or capacity < 1:
            raise ValueError("a ring needs at least one channel and one sample")
        self.channels = channels
        self.capacity = capacity
        self.taken = 0
        """Position up to which the reader is done; the reader sets it, a patient writer goes by it."""
        self._frames = np.empty((capacity, channels), np.float32)
        self._frames.fill(0.0)  # touches every page now, not inside the callback
        self._bytes = self._frames.data.cast("B")
        self._strides = self._frames.strides
        self._frame_bytes = self._strides[0]
        self._gaps = np.zeros((GAP_MARKS, 2), np.int64)
        self._gaps_noted = 0
        self._gaps_taken = 0
        self._claimed = 0
        self._written = 0
        self._wake_position = 0

    # The writer's side.

    def write(self, block: NDArray[np.float32]) -> None:
        """Append `block`, `[frames, channels]` float32 as PortAudio gives it. Never waits, allocates or logs."""
        written = self._written
        begin = written % self.capacity
        end = begin + len(block)
        if end > self.capacity:
            self._write_across_the_seam(block)
            return
        written += len(block)
        self._claimed = written
        if block.strides == self._strides and begin < end:
            # NumPy gives up Python's lock around a copy, and may wait long to get it back; this copy keeps it.
            self._bytes[begin * self._frame_bytes : end * self._frame_bytes] = block.data.cast("B")
        else:
            self._frames[begin:end] = block
        self._written = written

    def _write_across_the_seam(self, block: NDArray[np.float32]) -> None:
        written = self._written + len(block)
        self._claimed = written
        block = block[-self.capacity :]  # of a longer one only the newest part survives
        end = written % self.capacity
        first = len(block) - end  # these end at the seam
        begin = self.capacity - first
        self._frames[begin:] = block[:first]
        self._frames[:end] = block[first:]
        self._written = written

    def lose(self, samples: int) -> None:
        """Leave a hole of `samples` (0 marks a discontinuity). The hole reads as silence.

        Raises ValueError if `samples` is negative.
        """
        if samples < 0:
            raise ValueError("a hole cannot be negative")
        mark = self._gaps[self._gaps_noted % GAP_MARKS]
        mark[0] = self._written
        mark[1] = samples
        # Marked before the count advances: whoever sees the count sees the mark.
        self._gaps_noted += 1
        self._claimed += samples
        silent = min(samples, self.capacity)
        begin = (self._written + samples - silent) % self.capacity
        end = begin + silent
        self._frames[begin : min(end, self.capacity)] = 0.0
        if end > self.capacity:
            self._frames[: end - self.capacity] = 0.0
        self._written += samples

    def take_wake(self) -> bool:
        """True once when the position that the reader waits for is written; the writer then wakes the reader."""
        if self._written < self._wake_position:
            return False
        # The wake follows this line, and the reader asks anew after each wake: its answer cannot get lost.
        self._wake_position = _NEVER
        return True

    @property
    def room(self) -> int:
        """Samples that may be written before something is overwritten that the reader has not taken."""
        return self.capacity - (self._written - self.taken)

    # The reader's side.

    @property
    def written(self) -> int:
        """Count of samples that are complete, lost ones included."""
        return self._written

    def wake_at(self, position: int) -> bool:
        """Ask to be woken when `written` reaches `position`; True if it has by now, and then no wake may come."""
        self._wake_position = position
        return self._written >= position

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """A copy of the samples `[start, stop)`, planar: `[channels, stop - start]`.

        Raises Lapped if any of it was overwritten before or during the copy, ValueError if it is not written yet.
        """
        if not 0 <= start <= stop <= self._written:
            raise ValueError(f"samples {start} to {stop} are not in the stream of {self._written}")
        if start == stop:
            return np.empty((self.channels, 0), np.float32)
        oldest = self._claimed - self.capacity
        if start < oldest:
            raise Lapped(oldest)
        out = np.empty((self.channels, stop - start), np.float32)
        begin = start % self.capacity
        end = begin + stop - start
        if end <= self.capacity:
            out[:] = self._frames[begin:end].T
        else:
            first = self.capacity - begin
            out[:, :first] = self._frames[begin:].T
            out[:, first:] = self._frames[: end - self.capacity].T
        oldest = self._claimed - self.capacity
        if start < oldest:
            raise Lapped(oldest)
        return out

    def gaps_until(self, position: int) -> tuple[Gap, ...]:
        """The gaps that begin before `position` and were not given out yet, in order."""
        noted = self._gaps_noted
        if self._gaps_taken == noted:
            return ()
        self._gaps_taken = max(self._gaps_taken, noted - GAP_MARKS)
        found: list[Gap] = []
        while self._gaps_taken < noted:
            sample, lost = self._gaps[self._gaps_taken % GAP_MARKS].tolist()
            if sample >= position:
                break
            found.append(Gap(sample, lost))
            self._gaps_taken += 1
        return tuple(found)
