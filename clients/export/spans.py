"""From a session's events to spans: which label was on, on which input, from when to when.

Pure. A rename gives one span with the last name, since the sound began. What is still on at the end of the events
(a crash, or a session that runs) ends where they end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...realtime.events import Event

TOUCHING: Final = ("onset", "offset", "rename", "state", "take", "gap")
"""Kinds of events that change spans or takes; any other only shows that the session went on until then."""


@dataclass(frozen=True, slots=True)
class Span:
    """One label (its id) on input `channel`, from 1; samples of the source, `start_sample` <= `end_sample`.

    `confidence` is the last that was told.
    """

    channel: int
    label: str
    start_sample: int
    end_sample: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Take:
    """Samples from the take's start to its stop, or to the session's end where none was told."""

    start_sample: int
    stop_sample: int


@dataclass(frozen=True, slots=True)
class Session:
    """What a session's events tell, as spans in the order of their beginnings.

    `names` are the inputs' last names, "" for none; `path` that of the file that was labelled; `takes` by number;
    `end_sample` the last sample that any event speaks of; `open` how many spans nothing ended.
    """

    id: str
    rate: int
    path: str | None
    names: Mapping[int, str]
    spans: tuple[Span, ...]
    takes: Mapping[int, Take]
    end_sample: int
    open: int


@dataclass(slots=True)
class _On:
    start_sample: int
    confidence: float


class SessionSpans:
    """Takes the events of one session in their order; `session` tells what they came to."""

    def __init__(self, session: str, rate: int) -> None:
        self._id = session
        self._rate = rate
        self._path: str | None = None
        self._names: dict[int, str] = {}
        self._on: dict[tuple[int, str], _On] = {}
        self._spans: list[Span] = []
        self._takes: dict[int, Take] = {}
        self._running: tuple[int, int] | None = None
        self._end = 0

    def apply(self, event: Event) -> None:
        """`event` is the next one; its `fields` are those that its kind has, and of their types."""
        if event.channel is not None:
            self._names[event.channel] = event.name or ""
        match event.kind:
            case "onset" | "offset" | "rename" if event.channel is not None:
                self._edge(event, event.channel)
            case "state":
                self._replace(event.fields)
            case "take":
                self._take(event)
            case _:
                pass
        lost: int = event.fields["lost_samples"] if event.kind == "gap" else 0
        self._end = max(self._end, event.sample + lost, event.decided_sample)

    def session(self) -> Session:
        """Everything so far."""
        still_on = [self._span(channel, label, on, self._end) for (channel, label), on in self._on.items()]
        spans = sorted([*self._spans, *still_on], key=lambda one: (one.start_sample, one.channel, one.end_sample))
        takes = dict(self._takes)
        if self._running is not None:
            number, start = self._running
            takes[number] = Take(start, max(start, self._end))
        names = dict(sorted(self._names.items()))
        return Session(self._id, self._rate, self._path, names, tuple(spans), takes, self._end, len(still_on))

    def _edge(self, event: Event, channel: int) -> None:
        fields = event.fields
        sure: float = fields["confidence"]
        match event.kind:
            case "onset":
                self._begin(channel, fields["label"], event.sample, sure)
            case "offset":
                on = self._on.pop((channel, fields["label"]), None)
                if on is not None:
                    on.confidence = sure
                    self._spans.append(self._span(channel, fields["label"], on, event.sample))
            case _:
                self._on.pop((channel, fields["from"]), None)
                self._begin(channel, fields["to"], fields["onset_sample"], sure)

    def _begin(self, channel: int, label: str, sample: int, confidence: float) -> None:
        """A label that is on already stays on, since the earlier beginning."""
        on = self._on.setdefault((channel, label), _On(sample, confidence))
        on.start_sample, on.confidence = min(on.start_sample, sample), confidence

    def _replace(self, fields: Mapping[str, Any]) -> None:
        """What a `state` tells replaces what was known: events before it may have been lost.

        A label that is on no longer ended unseen: its span ends at the last event before. One whose sound goes on
        under another name was renamed.
        """
        self._path = fields["path"]
        told: dict[tuple[int, str], _On] = {}
        for entry in fields["channels"]:
            self._names[entry["channel"]] = entry["name"] or ""
            for on in entry["labels"]:
                told[entry["channel"], on["label"]] = _On(on["sample"], on["confidence"])
        renamed = {(key[0], on.start_sample) for key, on in told.items() if key not in self._on}
        for (channel, label), on in self._on.items():
            if (channel, label) not in told and (channel, on.start_sample) not in renamed:
                self._spans.append(self._span(channel, label, on, self._end))
        self._on = told

    def _take(self, event: Event) -> None:
        if self._running is not None:
            number, start = self._running
            self._takes[number] = Take(start, max(start, event.sample))
        starts = event.fields["action"] == "start"
        self._running = (event.fields["number"], event.sample) if starts else None

    def _span(self, channel: int, label: str, on: _On, end_sample: int) -> Span:
        return Span(channel, label, on.start_sample, max(on.start_sample, end_sample), on.confidence)
