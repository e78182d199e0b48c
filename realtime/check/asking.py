"""Who is asked to play, one after another: the hands-free line check."""

from collections import deque
from collections.abc import Callable, Iterable


class Asking:
    """Inputs (from 1) in their order; those that were missed are asked once more at the end.

    `asked` is the one whose turn it is, None before the first and after the last.
    """

    def __init__(self, channels: Iterable[int], patience_samples: int) -> None:
        self.asked: int | None = None
        self._waiting = deque(channels)
        self._missed: list[int] = []
        self._again = False
        self._patience = patience_samples
        self._since = 0

    def missed(self, sample: int) -> int | None:
        """The one who was asked and has not played for too long, or None."""
        return self.asked if self.asked is not None and sample - self._since >= self._patience else None

    def skip(self) -> None:
        """The one who is asked has missed the turn."""
        if self.asked is not None and not self._again:
            self._missed.append(self.asked)
        self.asked = None

    def go_on(self, sample: int, is_open: Callable[[int], bool]) -> int | None:
        """The next to be asked, from `sample` on; None while somebody is being asked, and when all were."""
        if self.asked is not None and is_open(self.asked):
            return None
        self.asked = self._next(is_open)
        self._since = sample
        return self.asked

    def add(self, channels: Iterable[int]) -> None:
        """These are asked, too, after those who wait."""
        self._waiting.extend(channels)

    def ask(self, channel: int) -> None:
        """`channel` comes next, and then whoever is being asked now."""
        if self.asked is not None and self.asked != channel:
            self._waiting.appendleft(self.asked)
        self._waiting.appendleft(channel)
        self.asked = None

    def _next(self, is_open: Callable[[int], bool]) -> int | None:
        while self._waiting:
            channel = self._waiting.popleft()
            if is_open(channel):
                return channel
        if not self._missed or self._again:
            return None
        self._again = True
        self._waiting.extend(self._missed)
        return self._next(is_open)
