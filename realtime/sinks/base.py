"""What every way out of Earmark keeps: put() never waits, memory is bounded, and nothing is lost without a word."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import ClassVar, Final, Protocol

from ..errors import EarmarkError
from ..events import Event
from ..health import Health, State

Report = Callable[[Health], None]

CAPACITY_EVENTS: Final = 4096
"""About a minute of 64 inputs that all change in every hop; some 4 MB."""
FIRST_RETRY_S: Final = 0.5
LAST_RETRY_S: Final = 30.0

_log = logging.getLogger(__name__)


class Taker(Protocol):
    """Takes events on the engine's thread."""

    @property
    def wanted(self) -> frozenset[str]:
        """The on-request kinds that somebody at this sink asks for now. Any thread may read it."""
        ...

    def put(self, events: Sequence[Event]) -> None:
        """Takes the events of one hop, in order. Never blocks; what finds no room is dropped, counted and reported."""
        ...


class Sink(Taker, Protocol):
    """A way out for events, which somebody starts and stops."""

    @property
    def name(self) -> str:
        """What health reports call it, e.g. "journal"."""
        ...

    def start(self) -> None:
        """Raises EarmarkError with one line that says what to do, where the sink must open at once and cannot."""
        ...

    def stop(self, timeout_s: float) -> None:
        """Sends what still waits, closes, and returns after `timeout_s` at the latest."""
        ...


class Batches:
    """A bounded queue of batches: the newest always finds room, the oldest go. Not locked; the owner does that."""

    def __init__(self, capacity_events: int = CAPACITY_EVENTS) -> None:
        self._capacity_events = capacity_events
        self._batches: deque[Sequence[Event]] = deque()
        self._events = 0

    def __bool__(self) -> bool:
        return bool(self._batches)

    def put(self, events: Sequence[Event]) -> int:
        """How many events were dropped to make room."""
        kept = events[-self._capacity_events :]
        dropped = len(events) - len(kept)
        while self._events + len(kept) > self._capacity_events:
            dropped += len(self.take())
        self._batches.append(kept)
        self._events += len(kept)
        return dropped

    def put_back(self, events: Sequence[Event]) -> int:
        """Puts a batch that was just taken back in front; returns its length if there is no room any more, else 0."""
        if self._events + len(events) > self._capacity_events:
            return len(events)
        self._batches.appendleft(events)
        self._events += len(events)
        return 0

    def take(self) -> Sequence[Event]:
        """The oldest batch; empty where none waits."""
        if not self._batches:
            return ()
        batch = self._batches.popleft()
        self._events -= len(batch)
        return batch

    def clear(self) -> int:
        """How many events were thrown away."""
        dropped = self._events
        self._batches.clear()
        self._events = 0
        return dropped


class QueueSink:
    """A sink with a bounded queue and a thread. A subclass says how to open, send and close.

    `_open`, `_send`, `_tick` and `_close` run on the sink's own thread, never two at once, and may wait and raise.
    An exception of `_send` closes the sink; it is opened again after 0.5 s, then after twice as long each time, up to
    30 s. `report` is told "lost" once and "ok", with the number of events lost, when events go out again; a queue that
    overflows is told as "overflow" once, and as "ok" when it is empty again. Where events may be missing, and whenever
    a live wire opens again, `want_state()` asks the engine to put a `state` event. `report` and `want_state` are called
    from the sink's thread, `report` from put() and stop() too: they may only leave a note for the engine, not put.
    """

    must_open: ClassVar[bool] = True
    """Whether a sink that cannot open is an error of start(); else it is reported and tried again."""
    keeps_while_down: ClassVar[bool] = False
    """Whether events wait for a sink that is down (a journal), or are void by then (a live wire)."""
    tick_s: float | None = None
    """Where set, `_tick` is called about this often while the sink is open."""

    def __init__(
        self, name: str, report: Report, want_state: Callable[[], None], *, capacity_events: int = CAPACITY_EVENTS
    ) -> None:
        self._name = name
        self._report_health = report
        self._want_state = want_state
        self._batches = Batches(capacity_events)
        self._changed = threading.Condition()
        self._stopping = False
        self._abandoned = False
        self._down = False
        self._overflowing = False
        self._lost_events = 0
        self._reason = ""
        self._retry_s = FIRST_RETRY_S
        self._tick_at = 0.0
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name=f"earmark-{name}", daemon=True)

    @property
    def name(self) -> str:
        return self._name

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset()

    def start(self) -> None:
        self._thread.start()
        self._opened.result()

    def put(self, events: Sequence[Event]) -> None:
        if not events:
            return
        with self._changed:
            if self._down and not self.keeps_while_down:
                self._lost_events += len(events)
                return
            dropped = self._batches.put(events)
            self._lost_events += dropped
            first = dropped > 0 and not self._down and not self._overflowing
            self._overflowing |= first
            self._changed.notify()
        if first:
            self._report("overflow", "cannot keep up; events are being dropped")

    def stop(self, timeout_s: float) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.ident is None:
            return
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            with self._changed:
                self._abandoned = True
            self._report("failed", f"did not finish within {timeout_s:g} s; what it had not sent is lost")

    def _open(self) -> None:
        """Opens the way out. Raises EarmarkError or OSError."""
        raise NotImplementedError

    def _send(self, events: Sequence[Event]) -> None:
        """Sends one batch. Raises where it could not be sent whole."""
        raise NotImplementedError

    def _tick(self) -> None:
        """Called about every `tick_s`; raises as `_send` does."""

    def _close(self) -> None:
        """Closes what is open; called after every failure too, so it must cope with a part that is not there."""
        raise NotImplementedError

    def _report(self, state: State, detail: str) -> None:
        self._report_health(Health(self._name, state, detail))

    def _run(self) -> None:
        try:
            self._open()
        except Exception as error:
            if self.must_open:
                expected = isinstance(error, EarmarkError)
                self._opened.set_exception(error if expected else EarmarkError(f"{self._name}: {_one_line(error)}"))
                return
            self._fail(error, ())
        self._opened.set_result(None)
        while self._work():
            pass
        self._close_quietly()
        self._count_what_is_left()

    def _work(self) -> bool:
        """One batch, one tick or one attempt to open again; False when there is nothing left to do."""
        if self._down and not self._reopen():
            return not self._stopping
        batch: Sequence[Event] = ()
        try:
            batch = self._next_batch()
            if batch:
                self._send(batch)
                self._went_out()
            elif self._stopping:
                return False
            self._tick_when_due()
        except Exception as error:
            self._fail(error, batch)
            return not self._stopping
        return not self._abandoned

    def _next_batch(self) -> Sequence[Event]:
        """The next batch; empty when it is time to tick or to stop."""
        wait_s = None if self.tick_s is None else max(0.0, self._tick_at - time.monotonic())
        with self._changed:
            self._changed.wait_for(lambda: bool(self._batches) or self._stopping, wait_s)
            return self._batches.take()

    def _tick_when_due(self) -> None:
        if self.tick_s is not None and time.monotonic() >= self._tick_at:
            self._tick_at = time.monotonic() + self.tick_s
            self._tick()

    def _went_out(self) -> None:
        """After a batch was sent: tells of an outage or an overflow that is over."""
        with self._changed:
            reopened = self._retry_s > FIRST_RETRY_S
            if not reopened and not (self._overflowing and not self._batches):
                return
            lost, self._lost_events = self._lost_events, 0
            self._overflowing = False
            self._retry_s = FIRST_RETRY_S
        self._report("ok", f"{lost} events lost" if lost else "nothing lost")
        if lost and (self.keeps_while_down or not reopened):
            self._want_state()

    def _fail(self, error: Exception, batch: Sequence[Event]) -> None:
        expected = isinstance(error, OSError | EarmarkError)
        first = self._retry_s == FIRST_RETRY_S
        level = logging.WARNING if first else logging.DEBUG
        _log.log(level, "%s: %s", self._name, _one_line(error), exc_info=None if expected else error)
        with self._changed:
            self._down = True
            self._reason = _one_line(error)
            if self.keeps_while_down:
                self._lost_events += self._batches.put_back(batch) if batch else 0
            else:
                self._lost_events += len(batch) + self._batches.clear()
        self._close_quietly()
        if first:
            self._report("lost", f"{_one_line(error)}; trying again")

    def _reopen(self) -> bool:
        """Waits for the next attempt and makes it. Only a batch that is sent proves that the sink is well again."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, self._retry_s)
            if self._stopping and not self._batches:
                return False
            self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)
        try:
            self._open()
        except Exception as error:
            self._fail(error, ())
            return False
        with self._changed:
            self._down = False
        if not self.keeps_while_down:
            self._want_state()
        return True

    def _close_quietly(self) -> None:
        try:
            self._close()
        except Exception as error:
            _log.warning("%s: closing: %s", self._name, error)

    def _count_what_is_left(self) -> None:
        with self._changed:
            lost = self._lost_events + self._batches.clear()
        if lost:
            reason = f": {self._reason}" if self._reason else ""
            self._report("failed", f"{lost} events lost at the end{reason}")


def _one_line(error: Exception) -> str:
    """`error` as people read it: without the errno and the quoting of OSError."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split()) or type(error).__name__
