"""A reader for tests: takes everything that a source brings."""

import queue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.realtime.health import Health
from earmark.realtime.ring import Gap, Ring
from earmark.realtime.sources.base import Source

from ..reader import Found, Lap, Reader


class Collector:
    """Runs a source into a ring of `seconds` and takes what comes."""

    def __init__(self, source: Source, seconds: float = 5.0) -> None:
        self.source = source
        self.ring = Ring(source.channels, int(seconds * source.rate))
        self.health: list[Health] = []
        self.found: list[Found] = []
        self._reader = Reader(self.ring)
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()
        source.start(self.ring, lambda: self._wakes.put(None), self.health.append)

    def until(self, samples: int, timeout_s: float = 30.0) -> "Collector":
        """Take until `samples` have come in all (gaps counted) or the source has finished."""
        while not self.source.finished and self._reader.position < samples:
            if not self.ring.wake_at(min(self._reader.position + 2_000, samples)):
                self._wakes.get(timeout=timeout_s)
            self.take()
        return self.take()

    def take(self) -> "Collector":
        """Take what is there."""
        self.found += self._reader.take()
        return self

    def to_end(self, timeout_s: float = 30.0) -> "Collector":
        """Take until the source has finished."""
        return self.until(2**62, timeout_s)

    def stop(self) -> "Collector":
        self.source.stop()
        return self.take()

    @property
    def gaps(self) -> list[Gap | Lap]:
        return [found for found in self.found if isinstance(found, Gap | Lap)]

    @property
    def sound(self) -> NDArray[np.float32]:
        """Everything but the gaps, `[channels, n]`."""
        blocks: list[Any] = [found for found in self.found if not isinstance(found, Gap | Lap)]
        return np.concatenate([np.empty((self.source.channels, 0), np.float32), *blocks], axis=1)
