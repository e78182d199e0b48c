"""The engine between a source that is scripted and sinks that keep what they get."""

import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from earmark.realtime.board import Board
from earmark.realtime.commands import Request, parse_text
from earmark.realtime.config import Config
from earmark.realtime.engine import RING_S, Engine
from earmark.realtime.events import Event
from earmark.realtime.health import Health
from earmark.realtime.ring import Ring
from earmark.realtime.session import Session
from earmark.realtime.stamps import Identity
from tests.realtime.ears import RATE, ToneEars, silence, tone

SONG = np.concatenate([silence(0.5), tone(220, 2), silence(1.5), tone(1760, 2), silence(1.5)])


class ScriptedSource:
    """Plays steps on a thread of its own: a block to write, a number of samples to lose, or a function to call."""

    name = "script"
    rate = RATE
    channels = 1
    channel_names = ("",)

    def __init__(self, steps: Sequence[np.ndarray | int | Callable[[], None]], live: bool = False):
        self.live = live
        self._steps = steps
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.finished = False

    def start(self, ring: Ring, wake: Callable[[], None], report: Callable[[Health], None]) -> None:
        self._ring, self._wake, self._report = ring, wake, report
        self._thread.start()

    def stop(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        for step in self._steps:
            if callable(step):
                step()
            elif isinstance(step, int):
                self._ring.lose(step)
            else:
                self._write(step)
        self.finished = True
        self._wake()

    def _write(self, sound: np.ndarray) -> None:
        for start in range(0, len(sound), 1024):
            block = sound[start : start + 1024]
            while not self.live and self._ring.room < len(block):
                threading.Event().wait(0.001)
            self._ring.write(block[:, None])
            if self._ring.take_wake():
                self._wake()


class KeepingSink:
    name = "keeper"

    def __init__(self, wanted: frozenset[str] = frozenset()):
        self.wanted = wanted
        self.events: list[Event] = []

    def start(self) -> None: ...

    def put(self, events: Sequence[Event]) -> None:
        self.events += events

    def stop(self, timeout_s: float) -> None: ...


def make(source: ScriptedSource, sink: KeepingSink, ears: ToneEars | None = None) -> Engine:
    session = Session(Identity("s", RATE, ("in",), 0), ears or ToneEars(), Config(), lambda: 0)
    engine = Engine(source, session, Board(("in",), RATE))
    engine.sinks = [sink]
    return engine


def run(source: ScriptedSource, sink: KeepingSink | None = None) -> list[Event]:
    sink = sink or KeepingSink()
    engine = make(source, sink)
    engine.start()
    assert engine.done.wait(30)
    engine.stop()
    assert engine.failure is None
    return sink.events


def edges(events: Sequence[Event]) -> list[tuple]:
    return [(e.kind, e.fields["label"], e.sample, e.decided_sample) for e in events if e.kind in ("onset", "offset")]


def test_a_patient_source_gives_the_same_events_as_the_session_alone() -> None:
    session = Session(Identity("s", RATE, ("in",), 0), ToneEars(), Config(), lambda: 0)
    expected = edges(session.push(SONG[None]) + session.finish())
    events = run(ScriptedSource([SONG]))
    assert edges(events) == expected
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    assert events[0].kind == "state"


def test_a_hole_is_a_gap_at_its_place_and_time_goes_on() -> None:
    events = run(ScriptedSource([tone(220, 2), 700, tone(220, 2)]))
    gap = next(e for e in events if e.kind == "gap")
    assert (gap.sample, gap.fields["lost_samples"]) == (2 * RATE, 700)
    assert edges(events)[-1][:3] == ("offset", "piano", 4 * RATE + 700)


def test_a_reader_that_was_lapped_tells_the_gap_and_hears_the_newest() -> None:
    held, entered = threading.Event(), threading.Event()

    class HeldEars(ToneEars):
        def tag(self, windows: np.ndarray) -> np.ndarray:
            entered.set()
            held.wait(20)
            return super().tag(windows)

    def wait_until_held() -> None:
        assert entered.wait(20)

    source = ScriptedSource([tone(220, 0.5), wait_until_held, tone(220, RING_S + 2), held.set], live=True)
    sink = KeepingSink()
    engine = make(source, sink, HeldEars())
    engine.start()
    assert engine.done.wait(30)
    engine.stop()
    assert sum(e.fields["lost_samples"] for e in sink.events if e.kind == "gap") > 0
    assert engine.counts.skipped > 0
    assert sum(e.fields["skipped_windows"] for e in sink.events if e.kind == "overrun") == engine.counts.skipped
    assert sink.events[-1].sample == round((RING_S + 2.5) * RATE), "time is true after all that was lost"


def test_commands_and_health_become_answers_and_events() -> None:
    answers: list[str] = []
    sink = KeepingSink(wanted=frozenset({"levels"}))
    go = threading.Event()
    source = ScriptedSource([tone(220, 2), lambda: go.wait(20) and None, tone(220, 1)])
    engine = make(source, sink)
    engine.start()
    answered = threading.Event()

    def reply(text: str) -> None:
        answers.append(text)
        if len(answers) == 4:
            answered.set()

    def gone(_text: str) -> None:
        raise ConnectionError("went away")

    engine.submit(Request(parse_text("ask all"), gone, "somebody"))
    for words in ("take start 01:00", "ask 1", "mute on", "levels 1"):
        engine.submit(Request(parse_text(words), reply, "test"))
    engine.report(Health("osc x", "lost", "nobody listens there"))
    engine.report(Health("script", "lost", "unplugged"))
    engine.want_state()
    assert answered.wait(20)
    go.set()
    assert engine.done.wait(20)
    engine.stop()
    assert answers[0] == "take 1 runs"
    assert answers[1].startswith("input 1, in: ")
    kinds = [e.kind for e in sink.events]
    assert {"take", "command", "sink", "device", "levels"} <= set(kinds)
    assert kinds.count("state") == 2
    assert next(e for e in sink.events if e.kind == "take").fields["position"] == "01:00"


def test_the_line_check_is_a_command_with_answers_and_events() -> None:
    sink, answers = KeepingSink(), list[str]()
    source = ScriptedSource([tone(220, 4)])
    identity = Identity("s", RATE, ("Piano",), 0)
    engine = Engine(source, Session(identity, ToneEars(), Config(), lambda: 0), Board(("Piano",), RATE))
    engine.sinks = [sink]
    for words in ("check again 1", "check start", "check", "check skip", "repeat"):
        engine.submit(Request(parse_text(words), answers.append, "test"))
    engine.start()
    assert engine.done.wait(30)
    engine.stop()
    assert answers == [
        "no line check was started",
        "Line check of 1 input.",
        "0 of 1 good. Input 1, Piano: nothing yet.",
        "nobody is asked to play: name the input to skip",
        "nobody is asked to play: name the input to skip",
    ]
    told = [event.fields["state"] for event in sink.events if event.kind == "check"]
    assert told == ["start", "good", "done"]
    assert [result.state for result in engine.check_results()] == ["good"]


def test_stop_ends_what_is_on() -> None:
    go = threading.Event()
    sink = KeepingSink()
    engine = make(ScriptedSource([tone(220, 2), lambda: go.wait(20) and None]), sink)
    engine.start()
    while not any(e.kind == "onset" for e in sink.events):
        threading.Event().wait(0.01)
    go.set()
    engine.stop()
    assert edges(sink.events)[-1][:2] == ("offset", "piano")


def test_a_fault_inside_ends_the_session_with_its_reason() -> None:
    class BrokenEars(ToneEars):
        def tag(self, windows: np.ndarray) -> np.ndarray:
            raise ValueError("a bug")

    sink = KeepingSink()
    engine = make(ScriptedSource([tone(220, 2)]), sink, BrokenEars())
    engine.start()
    assert engine.done.wait(20)
    engine.stop()
    with pytest.raises(ValueError, match="a bug"):
        raise engine.failure or AssertionError


def test_a_source_that_fails_ends_the_run_as_a_failure_with_all_that_came_before() -> None:
    source = ScriptedSource([tone(220, 2), lambda: source._report(Health("script", "failed", "it burst"))])
    sink = KeepingSink()
    engine = make(source, sink)
    engine.start()
    assert engine.done.wait(30)
    engine.stop()
    assert str(engine.failure) == "it burst"
    assert [kind for kind, *_ in edges(sink.events)] == ["onset", "offset"]
    assert engine.heard_s == 2
    assert engine.late_news() == []
    engine.report(Health("journal", "failed", "2 events lost"))
    assert engine.late_news() == [Health("journal", "failed", "2 events lost")]
