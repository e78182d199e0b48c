"""Finds what was lost in a stream whose packets carry no number, by the clock.

Pure: times come in, in nanoseconds of a clock that never goes back.
"""

from typing import Final

SETTLE_NS: Final = 250_000_000
"""How long packets are given to come late or in a burst before they count as lost."""

PAUSE_NS: Final = 2_000_000_000
"""A silence so long is no delay: what did not come meanwhile is lost at once."""

JITTER_NS: Final = 50_000_000
"""Falling behind by less is not told from the two clocks' drift."""

_DRIFT_PER_SETTLE_NS: Final = SETTLE_NS // 1_000
"""The sender's clock may be off by one in a thousand."""


class ArrivalClock:
    """Compares the samples of a stream at `rate` Hz that have come with those that should have.

    How far the stream is behind its clock changes with every packet, by delays; the least over `SETTLE_NS` does not. If
    that rises, samples are missing.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._counted = 0
        self._began_ns: int | None = None
        self._last_ns = 0
        self._usual_ns = 0
        self._least_ns = 0
        self._settle_ns = 0

    def arrived(self, now_ns: int, samples: int) -> int:
        """Note that `samples` came at `now_ns`; how many are missing before them."""
        if self._began_ns is None:
            self._began_ns = now_ns - self._ns(samples)
            self._last_ns = self._settle_ns = now_ns
        paused = now_ns - self._last_ns > PAUSE_NS
        self._last_ns = now_ns
        self._counted += samples
        behind_ns = now_ns - self._began_ns - self._ns(self._counted)
        if paused:
            return self._lose(behind_ns, now_ns)
        if now_ns - self._settle_ns < SETTLE_NS:
            self._least_ns = min(self._least_ns, behind_ns)
            self._usual_ns = min(self._usual_ns, behind_ns)
            return 0
        return self._settled(behind_ns, now_ns)

    def _settled(self, behind_ns: int, now_ns: int) -> int:
        rise_ns = self._least_ns - self._usual_ns
        if rise_ns > JITTER_NS:
            return self._lose(self._least_ns, now_ns)
        self._usual_ns += min(rise_ns, _DRIFT_PER_SETTLE_NS)
        self._settle_ns = now_ns
        self._least_ns = behind_ns
        self._usual_ns = min(self._usual_ns, behind_ns)
        return 0

    def _lose(self, behind_ns: int, now_ns: int) -> int:
        lost = max(0, (behind_ns - self._usual_ns) * self._rate // 1_000_000_000)
        self._counted += lost
        self._settle_ns = now_ns
        self._least_ns = behind_ns - self._ns(lost)
        return lost

    def _ns(self, samples: int) -> int:
        return samples * 1_000_000_000 // self._rate
