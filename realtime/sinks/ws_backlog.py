"""What waits for a WebSocket client, and what one that comes back has missed. Both bounded, both without a socket."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..board import Board
from ..events import KINDS, Event
from .lines import Line

CLIENT_EVENTS: Final = 256
"""A second of 64 inputs that all change in every hop."""
CLIENT_REPLIES: Final = 64
HISTORY_EVENTS: Final = 4096


@dataclass(frozen=True, slots=True)
class Resumed:
    """`state`, None before a session's first event, then `lines`. `missed` events are not among them; None: unknown."""

    state: Event | None
    lines: Sequence[Line]
    missed: int | None


class History:
    """The running session: its board now, its last events, and the board from before them."""

    def __init__(self, capacity: int = HISTORY_EVENTS) -> None:
        self.board = Board()
        self._before = Board()
        self._asked = Board()
        self._first_seq = 0  # who has seen this one and all before it can resume
        self._lines: deque[Line] = deque()
        self._capacity = capacity

    def add(self, line: Line) -> bool:
        """Takes the next event in order; False where events of its session are missing before it."""
        event = line.event
        same = event.session == self.board.session
        whole = not same or event.seq == self.board.seq + 1
        if not (same and whole):
            self._lines.clear()
            self._before = self.board.copy() if same else Board()
            self._before.seq = event.seq - 1
            self._asked = Board()
            self._first_seq = event.seq
        self.board.apply(event)
        if KINDS[event.kind].on_request:
            return whole
        self._lines.append(line)
        if len(self._lines) > self._capacity:
            self._before.apply(self._lines.popleft().event)
            self._first_seq = self._before.seq
        return whole

    def resume(self, session: str, since_seq: int) -> Resumed:
        """What a client needs that has seen everything of `session` up to `since_seq`."""
        now = self.board
        if session != now.session or since_seq > now.seq:
            return Resumed(now.state_event(), (), None)
        if since_seq < self._first_seq:
            return Resumed(now.state_event(), (), now.seq - since_seq)
        state = self._board_at(since_seq).state_event()
        later = tuple(line for line in self._lines if line.event.seq > since_seq)
        return Resumed(state and replace(state, seq=since_seq), later, 0)

    def _board_at(self, seq: int) -> Board:
        """The board of then. When a network comes back all clients ask for about the same one: it is kept."""
        nearest = self._asked if self._before.seq <= self._asked.seq <= seq else self._before
        board = nearest.copy()
        for line in self._lines:
            if nearest.seq < line.event.seq <= seq:
                board.apply(line.event)
        self._asked = board
        return board


class Outbox:
    """What waits for one client: replies, then either a state that is still to be made, or lines.

    A client that does not keep up loses scores and levels first; then all that waits is replaced by one state, made
    when the client can take it. So a client that has stopped reading costs at most 256 references.
    """

    def __init__(self, capacity: int = CLIENT_EVENTS) -> None:
        self._capacity = capacity
        self._replies: deque[bytes] = deque()
        self._past: deque[bytes] = deque()
        self._lines: deque[Line] = deque()
        self._state_due = False
        self._missed: int | None = None

    def __bool__(self) -> bool:
        return bool(self._replies or self._past or self._lines)

    def reply(self, data: bytes) -> bool:
        """False where too many replies wait already: a client that asks without reading."""
        if len(self._replies) >= CLIENT_REPLIES:
            return False
        self._replies.append(data)
        return True

    def begin(self, past: Iterable[bytes]) -> None:
        """The client gets `past`, which begins with a state, and after that what is pushed."""
        self._forget()
        self._past.extend(past)

    def begin_with_state(self, missed: int | None) -> None:
        """The client gets the state of the moment at which it can take it, and what is pushed after that.

        `missed` is the number of events left out before it, None where the client has no past; those left out until
        the state is taken are added.
        """
        self._forget()
        self._state_due = True
        self._missed = missed

    def push(self, line: Line) -> None:
        if self._state_due:
            self._missed = None if self._missed is None else self._missed + 1
            return
        if len(self._lines) >= self._capacity:
            self._lines = deque(waiting for waiting in self._lines if not _on_request(waiting))
        if len(self._lines) < self._capacity:
            self._lines.append(line)
        elif not _on_request(line):
            self.begin_with_state(len(self._past) + len(self._lines) + 1)

    def take(self, make_state: Callable[[int | None], bytes | None]) -> bytes | None:
        """The next message, None where nothing waits. `make_state(missed)` gives None where no session runs yet."""
        if self._replies:
            return self._replies.popleft()
        if self._state_due:
            data = make_state(self._missed)
            self._state_due = data is None
            return data
        if self._past:
            return self._past.popleft()
        return self._lines.popleft().data if self._lines else None

    def _forget(self) -> None:
        self._past.clear()
        self._lines.clear()
        self._state_due = False


def _on_request(line: Line) -> bool:
    return KINDS[line.event.kind].on_request
