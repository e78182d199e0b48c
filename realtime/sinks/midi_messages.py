"""Events as MIDI messages: pure, no port.

Input *n* speaks on MIDI channel *n*: 1 to 16 on the first port, 17 to 32 on the second, and so on. A label has its note
(`Label.note`) and its controller (`controller`), the same for good:

* notes: note-on with velocity 1 + round(126 × confidence) at the onset, note-off at the offset;
* cc: the label's controller 127 at the onset, 0 at the offset;
* confidence, where asked for: controller 102 with round(127 × confidence) of the input's surest label, 0 when there is
  none; at most 10 a second for one input, in the stream's own time.

What is on is switched off one by one before All Notes Off (controller 123): many receivers know only one of the two.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from mido import Message

from ...model.labels import BY_ID, LABELS
from ..board import Board
from ..events import Event
from .edges import Edge, Edges

CHANNELS_PER_PORT: Final = 16
ALL_NOTES_OFF: Final = 123
CONFIDENCE: Final = 102
CONFIDENCE_HZ: Final = 10

Mode = Literal["notes", "cc", "both"]


class Out(NamedTuple):
    """`message` for the port with this index, from 0."""

    port: int
    message: Message


def controller(label_id: str) -> int:
    """The label's controller: 33 to 63 and 70 to 93.

    So no label moves what instruments take for a pedal (64 to 69), bank select (0, 32), volume or pan, and none is a
    channel mode message (120 to 127).
    """
    note = BY_ID[label_id].note
    return note - 3 if note <= 66 else note + 3


def ports_needed(inputs: int) -> int:
    return -(-inputs // CHANNELS_PER_PORT)


class MidiEncoder:
    """Turns a session's events, in order, into messages for `inputs` inputs."""

    def __init__(self, inputs: int, mode: Mode = "notes", *, confidence: bool = False) -> None:
        self._inputs = inputs
        self._notes = mode in ("notes", "both")
        self._controllers = mode in ("cc", "both")
        self._confidence = confidence
        self._edges = Edges()
        self._told: dict[int, int] = {}
        self._told_at: dict[int, int] = {}

    @property
    def board(self) -> Board:
        return self._edges.board

    def fresh(self) -> list[Out]:
        """For the start: switches off all that an earlier run may have left on, and takes nothing for on."""
        self._forget()
        out: list[Out] = []
        for channel in range(1, self._inputs + 1):
            for label in LABELS:
                out += self._switch(Edge(channel, label.id, False, 0.0))
        return out + self._silence()

    def encode(self, events: Iterable[Event]) -> list[Out]:
        """The messages of one batch, to be written back to back: a rename is its note-off and its note-on."""
        out: list[Out] = []
        last: Event | None = None
        for last in events:
            for edge in self._edges.apply(last):
                out += self._switch(edge)
            if last.kind == "gap" and not self._on():
                out += self._silence()
        return out + (self._confidences(last) if self._confidence and last is not None else [])

    def end(self) -> list[Out]:
        """For the exit: switches off what is on."""
        out = [message for edge in self._on() for message in self._switch(edge)]
        out += [_control(channel, CONFIDENCE, 0) for channel, value in self._told.items() if value]
        self._forget()
        return out + self._silence()

    def _forget(self) -> None:
        self._edges = Edges()
        self._told.clear()
        self._told_at.clear()

    def _on(self) -> Sequence[Edge]:
        channels = self.board.channels.values()
        return [Edge(one.channel, label, False, 0.0) for one in channels for label in one.labels]

    def _switch(self, edge: Edge) -> list[Out]:
        port, channel = _place(edge.channel)
        out: list[Out] = []
        if self._notes:
            velocity = 1 + round(126 * min(1.0, max(0.0, edge.confidence))) if edge.on else 0
            kind, note = "note_on" if edge.on else "note_off", BY_ID[edge.label].note
            out.append(Out(port, Message(kind, channel=channel, note=note, velocity=velocity)))
        if self._controllers:
            out.append(_control(edge.channel, controller(edge.label), 127 if edge.on else 0))
        return out

    def _silence(self) -> list[Out]:
        return [_control(channel, ALL_NOTES_OFF, 0) for channel in range(1, self._inputs + 1)]

    def _confidences(self, last: Event) -> list[Out]:
        out: list[Out] = []
        for one in self.board.channels.values():
            value = round(127 * min(1.0, max(0.0, one.top.confidence))) if one.top else 0
            if value == self._told.get(one.channel, 0) or self._too_soon(one.channel, last):
                continue
            self._told[one.channel] = value
            self._told_at[one.channel] = last.decided_sample
            out.append(_control(one.channel, CONFIDENCE, value))
        return out

    def _too_soon(self, channel: int, event: Event) -> bool:
        """A value that comes too soon is not lost: the next batch looks again."""
        told_at = self._told_at.get(channel)
        return told_at is not None and (event.decided_sample - told_at) * CONFIDENCE_HZ < event.rate


def _place(channel: int) -> tuple[int, int]:
    """Port and MIDI channel, both from 0, of an input from 1."""
    return divmod(channel - 1, CHANNELS_PER_PORT)


def _control(channel: int, control: int, value: int) -> Out:
    port, midi_channel = _place(channel)
    return Out(port, Message("control_change", channel=midi_channel, control=control, value=value))
