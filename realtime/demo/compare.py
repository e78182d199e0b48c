"""What was heard of the demo session, beside what was played.

A name stands from the moment at which it was decided until its end was decided: that is what a listener got.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from ...model.labels import BY_ID, UNCERTAIN, family_of
from ..events import Event

SHORTEST_S: Final = 1.0
"""An entry is heard if its name stands for this long while it plays."""
GRACE_S: Final = 2.0
"""A name that is decided this long after its player stopped is still that player's: windows look back a second."""
REACH_S: Final = 2.0
"""Entries that had not played for this long when the session was stopped are not judged."""


@dataclass(frozen=True, slots=True)
class Named:
    """`label` stood on input `channel` from `start_s` to `end_s`."""

    channel: int
    label: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A true entry and the name that it was given: its label, its family, or None; `late_s` seconds after it began."""

    entry: Named
    heard_as: str | None
    late_s: float | None

    @property
    def heard(self) -> bool:
        """Whether its own name was given, not only its family's."""
        return self.heard_as == self.entry.label


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every true entry as it was heard, and the names that nobody played; `names` are those of the inputs."""

    names: Sequence[str]
    entries: Sequence[Judged]
    wrong: Sequence[Named]


def compare(truth: Mapping[str, Any], events: Iterable[Event], until_s: float | None = None) -> Comparison:
    """Judge `events` by `truth` (truth.json), up to `until_s` where the session was stopped early."""
    end_s = truth["length_s"] if until_s is None else until_s
    heard = _names_heard(events, end_s)
    entries = [Named(e["channel"], e["label"], e["start_s"], e["end_s"]) for e in truth["entries"]]
    judged = [_judge(entry, heard) for entry in entries if entry.start_s + REACH_S <= end_s]
    wrong = [name for name in heard if not any(_fits(name, entry) for entry in entries)]
    return Comparison(truth["names"], judged, wrong)


def report(comparison: Comparison) -> str:
    """The comparison as a table for people."""
    rows = [("input", "plays", "from", "to", "heard as", "after")]
    rows += [_row(judged, comparison.names) for judged in comparison.entries]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    heard = [judged.late_s for judged in comparison.entries if judged.heard and judged.late_s is not None]
    late = f", half of them within {median(heard):.2f} s" if heard else ""
    lines += [
        "",
        f"{len(heard)} of {len(comparison.entries)} entries heard{late}; wrong names: {len(comparison.wrong)}",
    ]
    for name in comparison.wrong:
        where = _input(name.channel, comparison.names)
        lines.append(f"  {where}: {BY_ID[name.label].detail} from {name.start_s:.1f} to {name.end_s:.1f} s")
    return "\n".join(lines)


def _names_heard(events: Iterable[Event], end_s: float) -> list[Named]:
    """Every name that stood, in the order in which they began."""
    since: dict[tuple[int, str], float] = {}
    heard: list[Named] = []

    def ends(channel: int, label: str, time_s: float) -> None:
        begun = since.pop((channel, label), None)
        if begun is not None:
            heard.append(Named(channel, label, begun, time_s))

    for event in events:
        if event.channel is None:
            continue
        if event.kind == "onset":
            since.setdefault((event.channel, event.fields["label"]), event.decided_s)
        elif event.kind == "offset":
            ends(event.channel, event.fields["label"], event.decided_s)
        elif event.kind == "rename":
            ends(event.channel, event.fields["from"], event.decided_s)
            since.setdefault((event.channel, event.fields["to"]), event.decided_s)
    for channel, label in list(since):
        ends(channel, label, end_s)
    return sorted((name for name in heard if name.label != UNCERTAIN), key=lambda name: (name.start_s, name.channel))


def _judge(entry: Named, heard: Sequence[Named]) -> Judged:
    """The entry with the first name that is its own; else with its family's; else with none."""
    for label in (entry.label, family_of(entry.label)):
        for name in heard:
            overlap_s = min(name.end_s, entry.end_s + GRACE_S) - max(name.start_s, entry.start_s)
            if name.channel == entry.channel and name.label == label and overlap_s >= SHORTEST_S:
                return Judged(entry, label, max(0.0, name.start_s - entry.start_s))
    return Judged(entry, None, None)


def _fits(name: Named, entry: Named) -> bool:
    """Whether `name` may have been given to `entry`."""
    right = name.channel == entry.channel and name.label in (entry.label, family_of(entry.label))
    return right and entry.start_s <= name.start_s <= entry.end_s + GRACE_S


def _input(channel: int, names: Sequence[str]) -> str:
    return f"{channel} {names[channel - 1]}"


def _row(judged: Judged, names: Sequence[str]) -> tuple[str, ...]:
    entry = judged.entry
    heard_as = BY_ID[judged.heard_as].detail if judged.heard_as else "not heard"
    late = "" if judged.late_s is None else f"{judged.late_s:.2f} s"
    where, plays = _input(entry.channel, names), BY_ID[entry.label].detail
    return (where, plays, f"{entry.start_s:.1f} s", f"{entry.end_s:.1f} s", heard_as, late)
