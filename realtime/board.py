"""What is on now: the events of a session, applied in order.

Pure, and the same wherever it is kept: the engine answers from one, the WebSocket and OSC sinks make snapshots from
theirs, the terminal draws one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .events import Event

OPPOSITE: Final[Mapping[str, str]] = {"present": "silent", "silent": "present"}
"""Signal states of which one ends where the other begins."""


@dataclass(frozen=True, slots=True)
class LabelOn:
    """A label that is on: the confidence it was decided with, and the sample at which its sound began."""

    label: str
    confidence: float
    sample: int


@dataclass(frozen=True, slots=True)
class SignalOn:
    """A state of the line that is on, e.g. "hum" with the detail "50 Hz", and the sample at which it began."""

    state: str
    detail: str | None
    sample: int


@dataclass(slots=True)
class Channel:
    """One input, counted from 1. `labels` and `signals` are keyed by id and keep the order in which they came on.

    `group` is the first input of the group that it is in, None where it is in none.
    """

    channel: int
    name: str | None = None
    labels: dict[str, LabelOn] = field(default_factory=dict[str, LabelOn])
    signals: dict[str, SignalOn] = field(default_factory=dict[str, SignalOn])
    group: int | None = None

    @property
    def top(self) -> LabelOn | None:
        """The surest label; the earliest of those that are equally sure."""
        return max(self.labels.values(), key=lambda on: on.confidence, default=None)


@dataclass(frozen=True, slots=True)
class Condition:
    """The last health told of a source or sink."""

    state: str
    detail: str


class Board:
    """Every input's labels and line states, the running take and the health of source and sinks.

    `session` is None and `seq` 0 until an event was applied; `seq` is that of the last one. `take` is the number of the
    running take. Events of a new session begin a clean board; a `state` replaces everything it tells of.
    """

    def __init__(self, names: Sequence[str] = (), rate: int = 0, path: str | None = None) -> None:
        """`names` of the inputs from 1 on, `rate` in Hz, `path` of the file that is heard, None for a live source."""
        self.session: str | None = None
        self.seq = 0
        self.rate = rate
        self.path = path
        self.take: int | None = None
        self.device: Condition | None = None
        self.sinks: dict[str, Condition] = {}
        self.channels: dict[int, Channel] = {n: Channel(n, name) for n, name in enumerate(names, 1)}
        self._last: Event | None = None

    def copy(self) -> "Board":
        other = Board(rate=self.rate, path=self.path)
        other.session, other.seq, other.take, other.device = self.session, self.seq, self.take, self.device
        other.sinks = dict(self.sinks)
        other.channels = {
            n: Channel(n, one.name, dict(one.labels), dict(one.signals), one.group) for n, one in self.channels.items()
        }
        other._last = self._last
        return other

    def apply(self, event: Event) -> None:
        """`event` is the next of its session. Kinds that change nothing here only move `seq` on."""
        if self.session is not None and event.session != self.session:
            self._begin_anew()
        self.session, self.seq, self.rate, self._last = event.session, event.seq, event.rate, event
        fields = event.fields
        match event.kind:
            case "state":
                self._replace(fields)
            case "take":
                self.take = fields["number"] if fields["action"] == "start" else None
            case "device":
                self.device = Condition(fields["state"], fields["detail"])
            case "sink":
                self.sinks[fields["sink"]] = Condition(fields["state"], fields["detail"])
            case "group":
                self._apply_group(fields["channels"], fields["state"])
            case "onset" | "offset" | "rename" | "signal":
                self._apply_to_channel(event)
            case _:
                pass

    def snapshot(self) -> dict[str, Any]:
        """The fields of a `state` event, made of fresh plain values: it can go to any thread and into JSON."""
        return {
            "path": self.path,
            "rate": self.rate,
            "take": self.take,
            "channels": [_channel_out(self.channels[n]) for n in sorted(self.channels)],
        }

    def state_event(self) -> Event | None:
        """A `state` event that stands for all events up to `seq`; None before the first one.

        It has the `seq` and the times of the last event applied: it was never in the journal.
        """
        last = self._last
        if last is None:
            return None
        return Event(
            session=last.session,
            seq=last.seq,
            kind="state",
            channel=None,
            name=None,
            sample=last.sample,
            decided_sample=last.decided_sample,
            rate=last.rate,
            utc_ns=last.utc_ns,
            emitted_ns=last.emitted_ns,
            take=self.take,
            fields=self.snapshot(),
        )

    def _begin_anew(self) -> None:
        self.path = self.take = self.device = None
        self.sinks, self.channels = {}, {}

    def _replace(self, fields: Mapping[str, Any]) -> None:
        self.path, self.rate, self.take = fields["path"], fields["rate"], fields["take"]
        self.channels = {entry["channel"]: _channel_in(entry) for entry in fields["channels"]}

    def _apply_group(self, channels: Sequence[int], state: str) -> None:
        if state == "proposed":
            return
        for channel in channels:
            one = self.channels.setdefault(channel, Channel(channel))
            one.group = channels[0] if state == "accepted" else None

    def _apply_to_channel(self, event: Event) -> None:
        if event.channel is None:
            return
        one = self.channels.setdefault(event.channel, Channel(event.channel))
        one.name = event.name if event.name is not None else one.name
        fields = event.fields
        match event.kind:
            case "onset":
                one.labels[fields["label"]] = LabelOn(fields["label"], fields["confidence"], event.sample)
            case "offset":
                one.labels.pop(fields["label"], None)
            case "rename":
                one.labels.pop(fields["from"], None)
                one.labels[fields["to"]] = LabelOn(fields["to"], fields["confidence"], fields["onset_sample"])
            case _:
                if fields["on"]:
                    one.signals.pop(OPPOSITE.get(fields["state"], ""), None)
                    one.signals[fields["state"]] = SignalOn(fields["state"], fields.get("detail"), event.sample)
                else:
                    one.signals.pop(fields["state"], None)


def _channel_out(one: Channel) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "name": one.name,
        "labels": [{"label": on.label, "confidence": on.confidence, "sample": on.sample} for on in one.labels.values()],
        "signals": [{"state": on.state, "detail": on.detail, "sample": on.sample} for on in one.signals.values()],
        "group": one.group,
    }


def _channel_in(entry: Mapping[str, Any]) -> Channel:
    labels = [LabelOn(on["label"], on["confidence"], on["sample"]) for on in entry["labels"]]
    signals = [SignalOn(on["state"], on["detail"], on["sample"]) for on in entry["signals"]]
    return Channel(
        entry["channel"],
        entry["name"],
        {on.label: on for on in labels},
        {on.state: on for on in signals},
        entry.get("group"),
    )
