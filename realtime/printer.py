"""Keeps the newest events as lines until the terminal prints them."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from .board import OPPOSITE
from .event_line import event_line
from .events import Event

CAPACITY: Final = 200  # more than anybody reads in the quarter of a second between two prints
UNTOLD: Final = frozenset({"state", "scores", "levels", "command"})


class Printer:
    """Takes events; any thread may empty it with `take`."""

    wanted: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=CAPACITY)

    def put(self, events: Sequence[Event]) -> None:
        self._lines.extend(event_line(event) for event in events if _is_told(event))

    def take(self) -> list[str]:
        """The lines since the last call, oldest first."""
        lines: list[str] = []
        while self._lines:
            lines.append(self._lines.popleft())
        return lines


def _is_told(event: Event) -> bool:
    """Whether it is news for people: that a line sounds or rests is seen in the table, and heard."""
    return event.kind not in UNTOLD and event.fields.get("state") not in OPPOSITE
