"""A reader for tests: takes the stream out of a ring in order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earmark.realtime.ring import Gap, Lapped, Ring


@dataclass(frozen=True)
class Lap:
    """`lost` samples from `sample` on came, but the reader was too slow for them."""

    sample: int
    lost: int


Found = NDArray[np.float32] | Gap | Lap


class Reader:
    """Everything before `position` was given out, or told of as lost."""

    def __init__(self, ring: Ring) -> None:
        self.position = 0
        self._ring = ring

    def take(self) -> list[Found]:
        """All that has come since the last call: blocks `[channels, n]` and what is missing between them."""
        written = self._ring.written
        found: list[Found] = []
        for gap in self._ring.gaps_until(written):
            found += self._stretch(gap.sample)
            found.append(gap)
            self.position = gap.sample + gap.lost
        found += self._stretch(written)
        self._ring.taken = self.position
        return found

    def _stretch(self, stop: int) -> list[Found]:
        found: list[Found] = []
        while self.position < stop:
            try:
                found.append(self._ring.read(self.position, stop))
                self.position = stop
            except Lapped as lapped:
                begin = min(lapped.oldest, stop)
                found.append(Lap(self.position, begin - self.position))
                self.position = begin
        return found
