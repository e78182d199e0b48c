"""Events as OSC messages: pure, no socket.

| address | types | when |
|---|---|---|
| `/earmark/<ch>/<label>` | f | 1.0 once at the onset, 0.0 once at the offset |
| `/earmark/<ch>/<label>/confidence` | f | with each edge: what was decided on, 0.0 with the offset |
| `/earmark/<ch>/top` | s | when the surest label that is on changes; "" when there is none |
| `/earmark/<ch>/top/confidence` | f | with it; 0.0 when there is none |
| `/earmark/<ch>/top/index` | i | with it: the label's row in the table, from 0; -1 when there is none |
| `/earmark/<ch>/signal` | s | when a state of the line begins or ends: all that are on, as "present, hot" |
| `/earmark/<ch>/check` | s | with each `check` event of the input: its state, as "good" |
| `/earmark/event` | EVENT_ARGUMENTS | every event but `state` and those on request |
| `/earmark/state/session`, `…/take` | s, i | a snapshot, first: the session's id; the running take, 0 outside takes |
| `/earmark/state/<ch>/name`, `…/signal`, `…/labels` | s | every input; the ids of the labels that are on, "" for none |
| `/earmark/state/<ch>/<label>` | f | the confidence of each label that is on |
| `/earmark/state/seq` | i | last: the snapshot is whole, and stands for all events up to this one |

`<ch>` counts inputs from 1. A snapshot never uses the addresses of edges: a receiver that triggers on 1.0 stays quiet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from pythonosc.parsing import osc_types

from ...model.labels import INDEX
from ..board import Board, Channel
from ..events import KINDS, Event
from .edges import Edge, Edges

MAX_PACKET_BYTES: Final = 1432
"""What fits one Ethernet frame over IPv6 with room for options; larger datagrams are cut up, or lost."""
MAX_TEXT_BYTES: Final = 64
MAX_DETAIL_BYTES: Final = 256
_BUNDLE_HEAD: Final = osc_types.write_string("#bundle") + osc_types.write_date(osc_types.IMMEDIATELY)
_INT32_MAX: Final = 2**31 - 1

EVENT_ARGUMENTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("seq", "i", "the event's number within its session"),
    ("kind", "s", "a row of the table of events"),
    ("channel", "i", "input from 1; 0 where the event speaks of no input"),
    ("label", "s", "label id; of a rename the new one; else the event's state, action or reason"),
    ("from", "s", "of a rename, the old label id"),
    ("confidence", "f", "0..1; 0.0 where the kind has none"),
    ("sample", "s", "decimal: the source's sample at which it began or ended"),
    ("decided_sample", "s", "decimal: the end of the window that decided it"),
    ("time_s", "s", "decimal: seconds of `sample`"),
    ("session", "s", "the session's id"),
    ("detail", "s", "the kind's other fields as key=value, separated by '; '; a switch is 1 or 0"),
)
"""Arguments of `/earmark/event` in order: name, type, meaning. Times are strings: many receivers know only i, f, s."""

_LABEL_FIELDS: Final = ("label", "to", "state", "action", "reason")
_FILES_ONLY: Final = "two_pass"
_OWN_ARGUMENT: Final = frozenset({"label", "to", "from", "confidence", "family"})


class Message(NamedTuple):
    """`types` has one OSC type tag for each of `values`."""

    address: str
    types: str
    values: tuple[float | int | str, ...]


class OscEncoder:
    """Turns a session's events, in order, into messages; remembers only what is on, and the last top it told."""

    def __init__(self) -> None:
        self._edges = Edges()
        self._tops: dict[int, str] = {}

    @property
    def board(self) -> Board:
        """What the receivers were told so far."""
        return self._edges.board

    def encode(self, events: Iterable[Event]) -> list[list[Message]]:
        """Groups of messages that belong together: one for each event, or for each edge that a `state` had to mend."""
        groups: list[list[Message]] = []
        for event in events:
            edges = self._edges.apply(event)
            if event.kind == "state":
                groups += [[*_edge(edge), *self._top(edge.channel)] for edge in edges]
            elif not KINDS[event.kind].on_request:
                groups.append([*self._changes(event, edges), event_message(event)])
        return groups

    def _changes(self, event: Event, edges: Sequence[Edge]) -> list[Message]:
        messages = [message for edge in edges for message in _edge(edge)]
        for channel in dict.fromkeys(edge.channel for edge in edges):
            messages += self._top(channel)
        if event.kind == "signal" and event.channel is not None:
            channel = self.board.channels[event.channel]
            messages.append(_string(f"/earmark/{event.channel}/signal", _signal(channel)))
        if event.kind == "check" and event.channel is not None:
            messages.append(_string(f"/earmark/{event.channel}/check", event.fields["state"]))
        return messages

    def _top(self, number: int) -> list[Message]:
        channel = self.board.channels.get(number)
        top = channel.top if channel else None
        label = top.label if top else ""
        if label == self._tops.get(number, ""):
            return []
        self._tops[number] = label
        address = f"/earmark/{number}/top"
        return [
            _string(address, label),
            Message(f"{address}/confidence", "f", (top.confidence if top else 0.0,)),
            Message(f"{address}/index", "i", (INDEX[label] if label else -1,)),
        ]


def event_message(event: Event) -> Message:
    """`/earmark/event` with the arguments of EVENT_ARGUMENTS."""
    fields = event.fields
    label = next((key for key in _LABEL_FIELDS if key in fields), None)
    rest = [key for key in KINDS[event.kind].fields if key not in {label, *_OWN_ARGUMENT, _FILES_ONLY}]
    values: dict[str, float | int | str] = {
        "seq": min(event.seq, _INT32_MAX),
        "kind": event.kind,
        "channel": event.channel or 0,
        "label": _clean(fields[label] if label else ""),
        "from": _clean(fields.get("from", "")),
        "confidence": float(fields.get("confidence", 0.0)),
        "sample": str(event.sample),
        "decided_sample": str(event.decided_sample),
        "time_s": f"{event.time_s:.6f}",
        "session": _clean(event.session),
        "detail": _clean("; ".join(_pair(key, fields.get(key)) for key in rest), MAX_DETAIL_BYTES),
    }
    types = "".join(kind for _, kind, _ in EVENT_ARGUMENTS)
    return Message("/earmark/event", types, tuple(values[name] for name, _, _ in EVENT_ARGUMENTS))


def _pair(key: str, value: object) -> str:
    return f"{key}={'' if value is None else int(value) if isinstance(value, bool) else value}"


def snapshot(board: Board) -> list[list[Message]]:
    """What is on now, on the addresses under `/earmark/state`."""
    messages = [
        _string("/earmark/state/session", board.session or ""),
        Message("/earmark/state/take", "i", (board.take or 0,)),
    ]
    for number in sorted(board.channels):
        channel, address = board.channels[number], f"/earmark/state/{number}"
        messages.append(_string(f"{address}/name", channel.name or ""))
        messages.append(_string(f"{address}/signal", _signal(channel)))
        messages.append(_string(f"{address}/labels", " ".join(channel.labels), MAX_DETAIL_BYTES))
        messages += [Message(f"{address}/{on.label}", "f", (on.confidence,)) for on in channel.labels.values()]
    messages.append(Message("/earmark/state/seq", "i", (min(board.seq, _INT32_MAX),)))
    return [[message] for message in messages]


def answer(text: str) -> bytes:
    """A packet that tells the one who asked."""
    return _encoded(_string("/earmark/answer", text, MAX_PACKET_BYTES - 64))


def packets(groups: Iterable[Sequence[Message]], *, plain: bool = False) -> list[bytes]:
    """Datagrams of at most MAX_PACKET_BYTES in the order of the messages.

    Bundles ("immediately") keep the messages of one group together; `plain` gives every message its own datagram.
    """
    if plain:
        return [_encoded(message) for group in groups for message in group]
    bundles: list[bytes] = []
    for group in groups:
        elements = b"".join(_element(_encoded(message)) for message in group)
        if bundles and len(bundles[-1]) + len(elements) <= MAX_PACKET_BYTES:
            bundles[-1] += elements
        else:
            bundles.append(_BUNDLE_HEAD + elements)
    return bundles


def _edge(edge: Edge) -> list[Message]:
    address = f"/earmark/{edge.channel}/{edge.label}"
    return [
        Message(address, "f", (1.0 if edge.on else 0.0,)),
        Message(f"{address}/confidence", "f", (edge.confidence,)),
    ]


def _signal(channel: Channel) -> str:
    return ", ".join(channel.signals)


def _string(address: str, text: str, limit_bytes: int = MAX_TEXT_BYTES) -> Message:
    return Message(address, "s", (_clean(text, limit_bytes),))


def _clean(value: object, limit_bytes: int = MAX_TEXT_BYTES) -> str:
    """Text as an OSC string can carry it: no control characters (a NUL would end it), and no longer than its room."""
    text = "".join(c for c in str(value) if c.isprintable())
    return text.encode("utf-8", "replace")[:limit_bytes].decode("utf-8", "ignore")


def _encoded(message: Message) -> bytes:
    # The builders of python-osc parse what they have built; at 64 inputs that alone would take 15 ms a hop.
    parts = [osc_types.write_string(message.address), osc_types.write_string(f",{message.types}")]
    parts += [_WRITERS[kind](value) for kind, value in zip(message.types, message.values, strict=True)]
    return b"".join(parts)


def _element(message: bytes) -> bytes:
    return osc_types.write_int(len(message)) + message


_WRITERS: Final[Mapping[str, Callable[[Any], bytes]]] = {
    "f": osc_types.write_float,
    "i": osc_types.write_int,
    "s": osc_types.write_string,
}
