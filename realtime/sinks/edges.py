"""What changes on the wires that carry edges (OSC, MIDI): a label goes on once and off once, whatever events say."""

from typing import NamedTuple

from ..board import Board
from ..events import Event


class Edge(NamedTuple):
    """`label` of input `channel` (from 1) went on or off; `confidence` 0..1 is 0 where it went off."""

    channel: int
    label: str
    on: bool
    confidence: float


class Edges:
    """The edges between one event and the next, found by comparing what was on with what is on.

    So an onset of a label that is on is no edge, a rename to one is only an offset, and a `state` brings a wire that
    has missed events up to date. Of one event, what goes off comes before what comes on.
    """

    def __init__(self) -> None:
        self.board = Board()

    def apply(self, event: Event) -> list[Edge]:
        everywhere = event.kind == "state" or event.session != self.board.session
        channels = None if everywhere else event.channel
        before = self._on(channels)
        self.board.apply(event)
        after = self._on(channels)
        off = [Edge(*key, False, 0.0) for key in before if key not in after]
        return off + [Edge(*key, True, confidence) for key, confidence in after.items() if key not in before]

    def _on(self, channel: int | None) -> dict[tuple[int, str], float]:
        """Confidence by channel and label, of one input or of all."""
        channels = self.board.channels
        chosen = channels.values() if channel is None else [channels[channel]] if channel in channels else []
        return {(one.channel, on.label): on.confidence for one in chosen for on in one.labels.values()}
