"""Journals and sheets for the tests of the export."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from earmark.clients.export.marks import SPOKEN, Mark, one_line
from earmark.clients.export.sheets import Sheet
from earmark.realtime.events import Event
from earmark.realtime.sinks.lines import to_lines

RATE = 48_000


def event(kind: str, seconds: float, channel: int | None = None, **fields: Any) -> Event:
    """An event of session "s" at `seconds`, decided a quarter of a second later; `name` is the input's."""
    name = fields.pop("name", "") if channel is not None else None
    session, rate = fields.pop("session", "s"), fields.pop("sample_rate", RATE)
    if kind in ("onset", "offset", "rename"):
        fields = {"family": "keys", "confidence": 0.5} | fields
    if "from_" in fields:
        fields["from"] = fields.pop("from_")
        fields.setdefault("onset_sample", round(seconds * rate))
    sample = round(seconds * rate)
    decided = sample if kind in ("state", "take") else sample + rate // 4
    return Event(session, 1, kind, channel, name, sample, decided, rate, 1, 2, None, fields)


def state(seconds: float = 0, names: Sequence[str] = ("",), path: str | None = None, **more: Any) -> Event:
    labels: dict[int, list[dict[str, Any]]] = more.pop("labels", {})
    channels = [
        {"channel": n, "name": name, "labels": labels.get(n, []), "signals": []} for n, name in enumerate(names, 1)
    ]
    return event("state", seconds, path=path, rate=more.get("sample_rate", RATE), take=None, channels=channels, **more)


def lines(events: Sequence[Event]) -> bytes:
    return b"".join(line.data + b"\n" for line in to_lines(events))


def journal(path: Path, events: Sequence[Event], tail: bytes = b"") -> Path:
    path.write_bytes(lines(events) + tail)
    return path


def sheet(*marks: Mark, duration_s: float = 100.0, one_input: bool = False) -> Sheet:
    return Sheet("take 1", "", duration_s, marks, one_input)


NAMES = st.text(max_size=30).map(one_line)
LABELS = st.sampled_from(sorted(SPOKEN))


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Sheets as a session gives them: spans of one input and label do not overlap; inputs have names of their own."""
    names = draw(st.lists(NAMES.filter(lambda name: not name.startswith("Input")), unique=True, max_size=4))
    marks: list[Mark] = []
    for channel, name in enumerate(names, 1):
        for label in draw(st.lists(LABELS, unique=True, max_size=3)):
            edges = draw(st.lists(st.integers(0, 10_000 * RATE), unique=True, max_size=8).map(sorted))
            for start, end in zip(edges[::2], edges[1::2], strict=False):
                sure = draw(st.integers(0, 10_000)) / 10_000
                marks.append(Mark(start / RATE, end / RATE, label, name, channel, sure, "3D6FB6"))
    marks.sort(key=lambda mark: (mark.start_s, mark.end_s, mark.channel, mark.label))
    return Sheet("take 1", "", 10_000.0, tuple(marks), one_input=False)


def assert_same(found: Sequence[Mark], meant: Sheet, within_s: float) -> None:
    """The same titles, in any order, with beginnings and ends as near as the format can tell."""

    def key(mark: Mark) -> tuple[str, float, float]:
        return mark.title, mark.start_s, mark.end_s

    left, right = sorted(found, key=key), sorted(meant.marks, key=key)
    assert [mark.title for mark in left] == [mark.title for mark in right]
    for one, other in zip(left, right, strict=True):
        assert abs(one.start_s - other.start_s) <= within_s
        assert abs(one.end_s - other.end_s) <= within_s
