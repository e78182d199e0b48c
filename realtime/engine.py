"""The thread that listens: from the ring through the session to every sink, and the commands that come back in."""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

from .answers import Answers
from .board import Board
from .check.inputs import Result
from .check.line_check import CheckError
from .check.words import said
from .commands import NONE, Request
from .daw_tracks import DawTracks
from .errors import EarmarkError
from .event_line import what
from .events import EDGES, Event
from .health import Health
from .recorder import Recorder
from .ring import Lapped, Ring
from .session import Counts, Session
from .sinks.base import Taker
from .sources.base import Source

log = logging.getLogger(__name__)

RING_S: Final = 8
CATCH_UP_HOPS: Final = 2  # a hop that is late is still judged; more than these wait: the newest only
INBOX: Final = 256
LATENCIES: Final = 100_000
TICK_S: Final = 0.25
ANCHOR_S: Final = 5


class Engine:
    """Runs one session on a thread of its own from `start` until the source ends or `stop` is called.

    `done` is set at the end; `failure` then holds what went wrong, if anything did: an error here, or a source that
    failed.
    """

    def __init__(self, source: Source, session: Session, board: Board):
        self.board = board
        self.sinks: Sequence[Taker] = ()  # set before start; they report to the engine and are started by their owner
        self.recorder: Recorder | None = None  # likewise
        self.tracks = DawTracks()  # fed by the ways in, on their threads
        self.done = threading.Event()
        self.failure: Exception | None = None
        self.latencies_ns: deque[int] = deque(maxlen=LATENCIES)
        self.event_count = 0
        self.snapshot = board.snapshot()  # replaced, never changed: any thread may read it
        self._source = source
        self._session = session
        self._answers = Answers(board)
        self._tracks_seen = 0
        self._ring = Ring(source.channels, RING_S * source.rate)
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._inbox: queue.Queue[Request | Health | None] = queue.Queue(INBOX)
        self._stopping = threading.Event()
        self._began_ns: int | None = None
        self._thread = threading.Thread(target=self._run, name="earmark-engine", daemon=True)

    def start(self) -> None:
        """Open the source and begin. Raises EarmarkError if the source cannot be opened."""
        self._publish(self._session.tell_state(self.board.snapshot()))
        self._publish(self._session.tell_groups())
        self._ring.wake_at(self._session.needed)
        self._source.start(self._ring, self._ring_bell, self.report)
        self._thread.start()

    def stop(self) -> None:
        """End the session: what is on ends, the sinks get the last events."""
        self._stopping.set()
        self._ring_bell()
        if self._thread.ident is not None:
            self._thread.join()

    def submit(self, request: Request) -> None:
        """Take a command from any thread; it is answered through its `reply`."""
        self._enqueue(request)

    def want_state(self) -> None:
        """Have a `state` event put to the sinks: one of them may have missed something. From any thread."""
        self._enqueue(None)

    def report(self, health: Health) -> None:
        """Take the health of a source or sink from any thread."""
        self._enqueue(health)

    def late_news(self) -> list[Health]:
        """What was reported after the session's end: a sink that could not send its last events."""
        items = [self._inbox.get_nowait() for _ in range(self._inbox.qsize())]
        return [item for item in items if isinstance(item, Health)]

    @property
    def heard_s(self) -> float:
        """Seconds of the source that were taken so far."""
        return self._ring.taken / self._source.rate

    @property
    def counts(self) -> Counts:
        return self._session.counts

    def check_results(self) -> list[Result]:
        """What the line check has found; to be asked once the session is over."""
        return self._session.check_results()

    def levels(self) -> dict[str, list[float]]:
        return self._session.levels()

    # ---- the thread

    def _ring_bell(self) -> None:
        self._bell.put(None)

    def _enqueue(self, item: Request | Health | None) -> None:
        try:
            self._inbox.put_nowait(item)
        except queue.Full:
            log.warning("too much at once: %s was dropped", item)
            return
        self._ring_bell()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set() and not self._exhausted():
                self._wait()
                self._serve_inbox()
                self._hear()
            self._source.stop()
            self._hear()
        except Exception as error:
            log.exception("listening stopped")
            self.failure = error
        finally:
            self._end()

    def _wait(self) -> None:
        try:
            self._bell.get(timeout=TICK_S)
            while not self._bell.empty():
                self._bell.get_nowait()
        except queue.Empty:
            return

    def _exhausted(self) -> bool:
        return self._source.finished and self._ring.taken >= self._ring.written and self._inbox.empty()

    def _end(self) -> None:
        self._source.stop()
        try:
            self._publish(self._session.finish(), timed=False)
        finally:
            if self.recorder is not None:
                self.recorder.close()
            self.done.set()

    # ---- sound

    def _hear(self) -> None:
        self._session.wanted = frozenset[str]().union(*(sink.wanted for sink in self.sinks))
        if self.tracks.changes != self._tracks_seen:
            self._tracks_seen = self.tracks.changes
            self._session.arm(self.tracks)
            self._name(self._session.name_after(self.tracks))
        written = self._ring.written
        self._anchor(written)
        for gap in self._ring.gaps_until(written):
            self._read_to(gap.sample)
            lost = gap.sample + gap.lost - self._ring.taken
            if lost >= 0:
                self._lose(lost, "samples were lost on their way in")
        self._read_to(written)
        if self._ring.wake_at(self._ring.taken + self._session.needed):
            self._ring_bell()

    def _anchor(self, written: int) -> None:
        """Sound may be seen late, never early: the soonest of the first seconds tells best when sample 0 came."""
        settled = self._began_ns is not None and (not self._source.live or written > ANCHOR_S * self._source.rate)
        if settled or not written:
            return
        began_ns = time.time_ns() - written * 1_000_000_000 // self._source.rate
        if self._began_ns is None or began_ns < self._began_ns:
            self._began_ns = began_ns
            self._session.anchor_utc(began_ns)

    def _read_to(self, stop: int) -> None:
        """Push everything up to `stop`: at once where the newest counts, hop by hop where nothing may be left out."""
        while self._ring.taken < stop:
            begin = self._ring.taken
            end = stop if self._source.live else min(stop, begin + self._session.needed)
            try:
                block = self._ring.read(begin, end)
            except Lapped as lapped:
                self._lose(min(lapped.oldest, stop) - begin, "listening fell behind by more than the ring holds")
                continue
            self._ring.taken = end
            if self.recorder is not None:
                self.recorder.write(block)
            self._publish(self._session.push(block, CATCH_UP_HOPS if self._source.live else None))

    def _lose(self, samples: int, reason: str) -> None:
        self._ring.taken += samples
        if self.recorder is not None:
            self.recorder.lose(samples)
        self._publish(self._session.gap(samples, reason))

    # ---- events out

    def _publish(self, events: Sequence[Event], *, timed: bool = True) -> None:
        """`timed`: not at the end, where a window is judged before it is over, which tells nothing of the latency."""
        if not events:
            return
        self.event_count += len(events)
        for event in events:
            self.board.apply(event)
            if timed and event.kind in EDGES and self._source.live:
                self.latencies_ns.append(event.emitted_ns - event.decided_utc_ns)
        self.snapshot = self.board.snapshot()
        for sink in self.sinks:
            sink.put(events)

    # ---- commands and health in

    def _serve_inbox(self) -> None:
        while True:
            try:
                item = self._inbox.get_nowait()
            except queue.Empty:
                return
            if item is None:
                self._publish(self._session.tell_state(self.board.snapshot()))
            elif isinstance(item, Health):
                self._tell(item)
            else:
                self._answer(item)

    def _tell(self, health: Health) -> None:
        if health.part == self._source.name:
            if health.state == "failed":
                self.failure = EarmarkError(health.detail)
            self._publish(self._session.tell_device(health.state, health.detail))
        else:
            self._publish(self._session.tell_sink(health.part, health.state, health.detail))

    def _answer(self, request: Request) -> None:
        """Whoever asked may be gone by now; that must not stop the session."""
        answer = self._serve(request)
        try:
            request.reply(answer)
        except Exception as error:
            log.warning("no answer to %s: %s", request.origin, error)

    def _serve(self, request: Request) -> str:
        name, args = request.command.name, request.command.args
        if name == "take":
            self._publish(self._session.take(str(args["action"]), _text(args.get("position"))))
            return self._answers.take()
        if name in ("expect", "band"):
            return self._expect(args)
        if name in ("accept", "undo"):
            return self._regroup(name)
        if name == "check":
            return self._check(str(args["action"]), args.get("channel"))
        if name in ("mute", "verbosity"):
            self._publish(self._session.tell_command(name, args))
            return f"{name} passed on to those who listen"
        if name == "levels":
            return self._answers.levels(args["channel"], self._session.take_held_peaks(), self._session.levels())
        return self._answers.answer(request.command)

    def _name(self, news: Mapping[int, str]) -> None:
        """Inputs take the names of the tracks that they feed."""
        for channel, name in news.items():
            self.board.channels[channel].name = name
        if news:
            self._publish(self._session.tell_state(self.board.snapshot()))

    def _regroup(self, name: str) -> str:
        events = self._session.accept() if name == "accept" else self._session.undo()
        self._publish(events)
        nothing = "nothing is proposed" if name == "accept" else "there is no group to undo"
        return self._answers.told(" ".join(what(event) for event in events) or nothing)

    def _expect(self, args: Mapping[str, int | str]) -> str:
        words = () if args["labels"] == NONE else tuple(str(args["labels"]).split(", "))
        channel = args.get("channel")
        if channel is None:
            self._session.band(words)
            return self._answers.told(f"band: {args['labels']}")
        if int(channel) > len(self.board.channels):
            return self._answers.told(self._answers.no_input(channel))
        self._session.expect(int(channel), words)
        return self._answers.told(f"input {channel} should carry: {args['labels']}")

    def _check(self, action: str, channel: int | str | None) -> str:
        """The answer is what the events say, or where the check stands, if there are none."""
        try:
            events = self._session.check(action, None if channel is None else int(channel))
        except CheckError as error:
            return self._answers.told(str(error))
        self._publish(events)
        news = " ".join(said(event.channel, event.name, event.fields) for event in events)
        return self._answers.told(news or self._session.check_status())


def _text(value: int | str | None) -> str | None:
    return None if value is None else str(value)
