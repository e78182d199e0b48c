"""Made-up events for the tests of the wires."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from earmark.realtime.events import Event

RATE = 48_000
HOP = 12_000
LABELS = ("violin", "viola", "piano", "strings", "uncertain")


def event(seq: int, kind: str, channel: int | None = None, *, hop: int = 1, **fields: Any) -> Event:
    sample = hop * HOP
    name = None if channel is None else f"input {channel}"
    return Event("a-session", seq, kind, channel, name, sample - 100, sample, RATE, 0, 0, None, fields)


def onset(seq: int, channel: int, label: str, confidence: float = 0.9, *, hop: int = 1) -> Event:
    return event(seq, "onset", channel, hop=hop, label=label, family="", confidence=confidence)


def offset(seq: int, channel: int, label: str, *, hop: int = 1) -> Event:
    return event(seq, "offset", channel, hop=hop, label=label, family="", confidence=0.2)


def rename(seq: int, channel: int, old: str, new: str, confidence: float = 0.7, *, hop: int = 1) -> Event:
    fields = {"from": old, "to": new, "family": "", "confidence": confidence, "onset_sample": 0}
    return event(seq, "rename", channel, hop=hop, **fields)


def state(seq: int, channels: Sequence[Sequence[str]], *, hop: int = 1) -> Event:
    """A snapshot: for each input from 1, the labels that are on."""
    entries = [
        {
            "channel": number,
            "name": f"input {number}",
            "labels": [{"label": label, "confidence": 0.5, "sample": 0} for label in labels],
            "signals": [{"state": "present", "detail": "", "sample": 0}],
        }
        for number, labels in enumerate(channels, 1)
    ]
    return event(seq, "state", hop=hop, path=None, rate=RATE, take=None, channels=entries)


_channels = st.integers(1, 3)
_labels = st.sampled_from(LABELS)
_confidences = st.floats(0, 1)
_some_event = st.one_of(
    st.builds(lambda c, label, p: onset(0, c, label, p), _channels, _labels, _confidences),
    st.builds(lambda c, label: offset(0, c, label), _channels, _labels),
    st.builds(lambda c, old, new, p: rename(0, c, old, new, p), _channels, _labels, _labels, _confidences),
    st.builds(lambda channels: state(0, channels), st.lists(st.lists(_labels, max_size=3), max_size=3)),
    st.just(event(0, "gap", lost_samples=9, reason="overflow")),
)
streams = st.lists(_some_event, max_size=40)
"""Any events at all, also such that a session never tells."""
