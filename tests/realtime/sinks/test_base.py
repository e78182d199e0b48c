import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.realtime.errors import EarmarkError
from earmark.realtime.events import Event
from earmark.realtime.sinks import base
from earmark.realtime.sinks.base import Batches, QueueSink
from tests.realtime.sinks.made import Notes, Script, until


class Wire(QueueSink):
    """A real sink whose wire is a list; tests break it and stop it up."""

    def __init__(self, notes: Notes, capacity_events: int = 100) -> None:
        super().__init__("wire", notes.report, notes.want_state, capacity_events=capacity_events)
        self.sent: list[Event] = []
        self.threads: set[str] = set()
        self.open_error: Exception | None = None
        self.send_error: Exception | None = None
        self.free = threading.Event()
        self.free.set()
        self.busy = threading.Event()
        self.opened = self.closed = self.ticks = 0

    def _open(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.open_error is not None:
            raise self.open_error
        self.opened += 1

    def _send(self, events: Sequence[Event]) -> None:
        self.threads.add(threading.current_thread().name)
        self.busy.set()
        self.free.wait(20)
        if self.send_error is not None:
            raise self.send_error
        self.sent.extend(events)

    def _tick(self) -> None:
        self.ticks += 1

    def _close(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.closed += 1

    @property
    def seqs(self) -> list[int]:
        return [event.seq for event in self.sent]


class Keeper(Wire):
    keeps_while_down = True


class Patient(Wire):
    must_open = False


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "FIRST_RETRY_S", 0.02)


@given(st.lists(st.integers(0, 12), max_size=30), st.integers(1, 20))
def test_a_queue_keeps_the_newest_and_counts_the_rest(sizes: list[int], capacity: int) -> None:
    script = Script()
    queue = Batches(capacity)
    put = [script.toggles(size) for size in sizes]
    dropped = sum(queue.put(batch) for batch in put)
    kept: list[Event] = []
    while queue:
        kept.extend(queue.take())
    everything = [event for batch in put for event in batch]
    assert len(kept) <= capacity
    assert kept == everything[len(everything) - len(kept) :]
    assert dropped == len(everything) - len(kept)


def test_everything_goes_out_in_order_on_the_sinks_own_thread() -> None:
    notes, script = Notes(), Script()
    wire = Wire(notes, capacity_events=10_000)
    wire.start()
    for _ in range(200):
        wire.put(script.toggles(3))
    wire.stop(20)
    assert wire.seqs == list(range(1, 601))
    assert wire.threads == {"earmark-wire"}
    assert (wire.opened, wire.closed, notes.health) == (1, 1, [])
    assert wire.wanted == frozenset()


def test_what_was_put_before_the_start_goes_out_too() -> None:
    wire = Wire(Notes())
    wire.put(Script().toggles(2))
    wire.put([])
    wire.start()
    wire.stop(20)
    assert wire.seqs == [1, 2]


def test_a_sink_that_must_open_fails_at_start() -> None:
    wire = Wire(Notes())
    wire.open_error = OSError(13, "Permission denied")
    with pytest.raises(EarmarkError, match=r"^wire: Permission denied$"):
        wire.start()
    wire.stop(20)
    assert wire.closed == 0


def test_one_line_of_its_own_is_passed_on() -> None:
    wire = Wire(Notes())
    wire.open_error = EarmarkError("no port 'X'; there are: none")
    with pytest.raises(EarmarkError, match=r"^no port 'X'; there are: none$"):
        wire.start()


def test_one_that_need_not_open_is_tried_again() -> None:
    notes = Notes()
    wire = Patient(notes)
    wire.open_error = OSError("not there yet")
    wire.start()
    until(lambda: notes.health)
    wire.open_error = None
    until(lambda: notes.states_wanted)
    wire.put(Script().toggles(1))
    until(lambda: notes.states == ["lost", "ok"])
    wire.stop(20)
    assert wire.seqs == [1]


def test_put_does_not_wait_for_a_wire_that_stands_still() -> None:
    notes, script = Notes(), Script()
    wire = Wire(notes, capacity_events=10)
    wire.start()
    wire.free.clear()
    wire.put(script.toggles(1))
    wire.busy.wait(20)
    for _ in range(100):
        wire.put(script.toggles(1))
    assert notes.states == ["overflow"]
    wire.free.set()
    until(lambda: notes.states == ["overflow", "ok"])
    assert notes.health[1].detail == "90 events lost"
    assert notes.states_wanted == 1
    wire.put(script.toggles(1))
    wire.stop(20)
    assert wire.seqs == [1, *range(92, 102), 102]
    assert notes.states == ["overflow", "ok"]


def test_a_live_wire_that_breaks_sends_nothing_stale_when_it_is_back() -> None:
    notes, script = Notes(), Script()
    wire = Wire(notes)
    wire.start()
    wire.send_error = OSError(19, "No such device")
    wire.put(script.toggles(2))
    until(lambda: notes.states == ["lost"])
    assert notes.health[0].detail == "No such device; trying again"
    wire.open_error = OSError("still gone")
    until(lambda: wire.closed > 3)
    wire.put(script.toggles(3))
    wire.send_error = wire.open_error = None
    until(lambda: notes.states_wanted)
    wire.put(script.toggles(1))
    until(lambda: notes.states == ["lost", "ok"])
    assert notes.health[1].detail == "5 events lost"
    wire.stop(20)
    assert wire.seqs == [6]


def test_a_journal_that_breaks_keeps_what_comes_as_long_as_there_is_room() -> None:
    notes, script = Notes(), Script()
    wire = Keeper(notes, capacity_events=10)
    wire.start()
    wire.send_error = OSError(28, "No space left on device")
    wire.put(script.toggles(2))
    until(lambda: notes.states == ["lost"])
    wire.put(script.toggles(5))
    until(lambda: wire.closed > 3)
    assert notes.states == ["lost"]
    wire.send_error = None
    until(lambda: notes.states == ["lost", "ok"])
    assert notes.health[1].detail == "nothing lost"
    wire.stop(20)
    assert wire.seqs == [1, 2, 3, 4, 5, 6, 7]
    assert notes.states_wanted == 0


def test_a_journal_drops_the_oldest_where_too_much_waits() -> None:
    notes, script = Notes(), Script()
    wire = Keeper(notes, capacity_events=10)
    wire.start()
    wire.send_error = OSError(28, "No space left on device")
    wire.put(script.toggles(1))
    until(lambda: notes.states == ["lost"])
    for _ in range(30):
        wire.put(script.toggles(1))
    wire.send_error = None
    until(lambda: notes.states_wanted)
    wire.stop(20)
    kept = len(wire.seqs)
    assert 10 <= kept < 31
    assert wire.seqs == list(range(32 - kept, 32))
    assert notes.states == ["lost", "ok"]
    assert notes.health[1].detail == f"{31 - kept} events lost"


def test_a_mistake_in_a_sink_does_not_end_its_thread(caplog: pytest.LogCaptureFixture) -> None:
    notes, script = Notes(), Script()
    wire = Wire(notes)
    wire.start()
    wire.send_error = KeyError("oops")
    wire.put(script.toggles(1))
    until(lambda: notes.states == ["lost"])
    wire.send_error = None
    until(lambda: notes.states_wanted)
    wire.put(script.toggles(1))
    wire.stop(20)
    assert wire.seqs == [2]
    assert "KeyError" in caplog.text


def test_a_sink_that_is_down_does_not_hold_the_end_up() -> None:
    notes, script = Notes(), Script()
    wire = Keeper(notes)
    wire.start()
    wire.send_error = OSError(28, "No space left on device")
    wire.put(script.toggles(2))
    until(lambda: notes.states == ["lost"])
    wire.stop(20)
    assert notes.health[-1].detail == "2 events lost at the end: No space left on device"
    assert not wire._thread.is_alive()


def test_a_sink_that_hangs_is_left_behind_and_told_of() -> None:
    notes = Notes()
    wire = Wire(notes)
    wire.start()
    wire.free.clear()
    wire.put(Script().toggles(1))
    wire.busy.wait(20)
    wire.stop(0.05)
    assert notes.states == ["failed"]
    wire.free.set()
    until(lambda: not wire._thread.is_alive())


def test_ticks_come_with_events_and_without() -> None:
    wire = Wire(Notes())
    wire.tick_s = 0.001
    wire.start()
    until(lambda: wire.ticks > 3)
    script = Script()

    def fed() -> bool:
        wire.put(script.toggles(1))
        return wire.ticks > 20

    until(fed)
    wire.stop(20)


def test_a_sink_that_was_never_started_stops() -> None:
    Wire(Notes()).stop(20)
