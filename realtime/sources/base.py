"""What every source of sound does."""

from collections.abc import Callable
from typing import Protocol

from ..health import Health
from ..ring import Ring

Wake = Callable[[], None]
"""Wakes the reader. Called from the source's thread whenever `Ring.take_wake` says so, and when the source has
finished, was lost, or waits for room, so that the reader takes what is there. Must not block."""

Report = Callable[[Health], None]
"""Takes the source's health; called from a thread of the source, never from an audio callback."""


class Source(Protocol):
    """Sound as it comes in, `channels` channels at `rate` Hz.

    `live` sources never wait: a reader that is too slow is lapped. Others wait for `Ring.room` and lose nothing.
    `channel_names` has one name per channel, "" where the source knows none.
    """

    @property
    def name(self) -> str: ...
    @property
    def rate(self) -> int: ...
    @property
    def channels(self) -> int: ...
    @property
    def channel_names(self) -> tuple[str, ...]: ...
    @property
    def live(self) -> bool: ...

    @property
    def finished(self) -> bool:
        """True once no more sound will come; all that came is in the ring by then."""
        ...

    def start(self, ring: Ring, wake: Wake, report: Report) -> None:
        """Begin to write into `ring`, which has this source's channels. Raises EarmarkError if that cannot be."""
        ...

    def stop(self) -> None:
        """End; when it returns nothing writes into the ring any more. Harmless when already stopped."""
        ...
