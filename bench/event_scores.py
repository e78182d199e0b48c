"""How good the names of a take are, judged from the moment at which a listener would have known them.

A name is on from the event that gave it to the one that took it away, in the time of `decided_sample`; events that
looked ahead (`two_pass`) are judged by the time that they tell. A segment is a stretch in which somebody plays.

- right: the label itself, a member of the group where only the group is known, or a neighbour that nobody calls wrong
  (`vocalists` for a singer, `brass_section` for a brass instrument). Kin: right, or of the right family.
- `heard`: share of segments in which right names stood for 1 s or more. `late_s`: from a segment's start to its first
  right name, of those heard.
- `right`, `kin`: share of the segments' seconds in which such a name was on.
- `wrong`, `sibling`: seconds of names of other families, and of other instruments of the right family, for each second
  of the segments; a family's own name is neither. Two wrong names at once count twice.
- `stray`: seconds of names on an input where nobody plays, for each second of its segments; half a second before and
  one second after a segment are forgiven.
- `names_per_min`: names given for each minute of the segments, renames too.
- `error_rate`: of labels over time, as in multi-pitch tracking: substituted, missed and false label-seconds for each
  true one, nothing forgiven.
- `onset_f`, `named_f`, `offset_f`: F-measure of the onsets' and offsets' own times (`sample`) within 0.5 s of a
  segment's, matched one to one (see event_matches.py); `named_f` counts an onset only where its sound was in the end
  named right.
- `flicker_per_min`: names given, changed or taken away for each minute of steady playing: a segment without its first
  2 s.
- `false_names`: instruments named in `quiet`; `false_per_hour`: for each hour of an input, and for each kind of quiet.

`speech` and `uncertain` are never right and never wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Final

import numpy as np
from event_matches import TOLERANCE_S, Hits, found
from takes_layout import Half, Segment, Take

from earmark.model.corpus.targets import LEFT_ALONE
from earmark.model.judging.validation import GROUPS
from earmark.model.labels import FAMILIES, SPEECH, UNCERTAIN, family_of
from earmark.realtime.events import EDGES, Event

UNJUDGED: Final = frozenset({SPEECH, UNCERTAIN})
HEARD_S: Final = 1.0
EARLY_S: Final = 0.5
RELEASE_S: Final = 1.0
SETTLED_S: Final = 2.0

SHARES: Final = ("right", "kin", "wrong", "sibling", "stray")

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Span:
    """`label` was on, for those who listen, from `start_s` to `end_s`. Its sound began at `onset_s` and ended at
    `offset_s`. `first`: it began with an onset, not with a rename. `last`: it ended with an offset."""

    label: str
    start_s: float
    end_s: float
    onset_s: float
    offset_s: float
    first: bool
    last: bool


@dataclass
class Tally:
    """Sums over inputs, which `figures` divides. Seconds unless the name says otherwise."""

    segments: float = 0
    heard: float = 0
    seconds: float = 0
    right: float = 0
    kin: float = 0
    wrong: float = 0
    sibling: float = 0
    stray: float = 0
    names: float = 0
    errors: float = 0
    steady: float = 0
    steady_edges: float = 0
    onsets: Hits = field(default_factory=Hits)
    named: Hits = field(default_factory=Hits)
    offsets: Hits = field(default_factory=Hits)
    late: list[float] = field(default_factory=list[float])
    quiet_names: dict[str, float] = field(default_factory=dict[str, float])
    quiet_seconds: dict[str, float] = field(default_factory=dict[str, float])

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{one.name: _sum(getattr(self, one.name), getattr(other, one.name)) for one in fields(self)})


def spans(events: Iterable[Event], end_s: float) -> dict[int, list[Span]]:
    """The names of each channel in the order in which they ended; what is still on ends with the take."""
    on: dict[tuple[int, str], tuple[float, float, bool]] = {}
    out: dict[int, list[Span]] = {}

    def close(channel: int, label: str, end_s: float, offset_s: float, last: bool) -> None:
        if (channel, label) in on:
            start_s, onset_s, first = on.pop((channel, label))
            out.setdefault(channel, []).append(Span(label, start_s, end_s, onset_s, offset_s, first, last))

    for event in events:
        if event.kind not in EDGES or event.channel is None:
            continue
        now_s, own_s, told = _known_s(event), event.time_s, event.fields
        gone, new = (told["from"], told["to"]) if event.kind == "rename" else (told["label"], told["label"])
        if event.kind != "onset":
            close(event.channel, gone, now_s, own_s if event.kind == "offset" else now_s, event.kind == "offset")
        if event.kind != "offset":
            on.setdefault((event.channel, new), (now_s, own_s, event.kind == "onset"))
    for channel, label in list(on):
        close(channel, label, end_s, end_s, True)
    return out


def score(take: Take, events: Iterable[Event]) -> dict[Half, Tally]:
    """The tallies of a take's inputs, added up for each half of the takes."""
    named = spans(events, take.duration_s)
    out: dict[Half, Tally] = {}
    for channel, (half, carried) in enumerate(zip(take.halves, take.inputs, strict=True), 1):
        segments = [one for one in take.segments if one.channel == channel]
        mine = [span for span in named.get(channel, []) if span.label not in UNJUDGED]
        if take.kind == "quiet":
            mark = Tally(quiet_names={carried: len(mine)}, quiet_seconds={carried: take.duration_s})
        else:
            mark = score_input(segments, mine, take.duration_s)
        out[half] = out.get(half, Tally()) + mark
    return out


def score_input(segments: Sequence[Segment], named: Sequence[Span], end_s: float) -> Tally:
    """The tally of one input on which nobody or one player at a time plays."""
    total = Tally(names=len(named), errors=_errors(segments, named, end_s))
    for one in segments:
        total += _score_segment(one, named)
    total.stray = sum(_stray(span, segments) for span in named)
    starts = [one.start_s for one in segments]
    total.onsets = found(starts, [span.onset_s for span in named if span.first])
    total.offsets = found([one.end_s for one in segments], [span.offset_s for span in named if span.last])
    rightly = found(starts, [span.onset_s for span in named if span.last and _begins_rightly(span, segments)])
    total.named = Hits(total.onsets.true, total.onsets.told, rightly.matched)
    return total


def is_right(label: str, segment: Segment) -> bool:
    """Whether `label` is a right name for what plays in `segment`."""
    return any(label == member or label in LEFT_ALONE.get(member, ()) for member in _members(segment))


def is_kin(label: str, segment: Segment) -> bool:
    """Whether `label` is right, or a family or an instrument of the right family."""
    return is_right(label, segment) or family_of(label) in {family_of(member) for member in _members(segment)}


def figures(tally: Tally) -> dict[str, float | None]:
    """The figures that the module's head tells of; None where there was nothing to divide by."""
    shares = {name: _ratio(getattr(tally, name), tally.seconds) for name in SHARES}
    late = np.percentile(tally.late, (50, 95)).tolist() if tally.late else (None, None)
    quiet_s = sum(tally.quiet_seconds.values())
    return {
        "heard": _ratio(tally.heard, tally.segments),
        **shares,
        "names_per_min": _ratio(60 * tally.names, tally.seconds),
        "late_s": late[0],
        "late_p95_s": late[1],
        "error_rate": _ratio(tally.errors, tally.seconds),
        "onset_f": tally.onsets.f_measure,
        "named_f": tally.named.f_measure,
        "offset_f": tally.offsets.f_measure,
        "flicker_per_min": _ratio(60 * tally.steady_edges, tally.steady),
        "false_names": sum(tally.quiet_names.values()) if tally.quiet_names else None,
        "false_per_hour": _ratio(3600 * sum(tally.quiet_names.values()), quiet_s),
        **{
            f"false_per_hour_{kind}": _ratio(3600 * tally.quiet_names[kind], seconds)
            for kind, seconds in tally.quiet_seconds.items()
        },
    }


def _score_segment(segment: Segment, named: Sequence[Span]) -> Tally:
    length = segment.end_s - segment.start_s
    out = Tally(segments=1, seconds=length, steady=max(0.0, length - SETTLED_S))
    right: list[Interval] = []
    kin: list[Interval] = []
    for span in named:
        lit = max(span.start_s, segment.start_s), min(span.end_s, segment.end_s)
        if lit[1] <= lit[0]:
            continue
        if is_right(span.label, segment):
            right.append(lit)
        elif not is_kin(span.label, segment):
            out.wrong += lit[1] - lit[0]
        elif span.label not in FAMILIES:
            out.sibling += lit[1] - lit[0]
        if is_kin(span.label, segment):
            kin.append(lit)
        settled_s = segment.start_s + SETTLED_S
        changes = [span.start_s] * span.first + [span.end_s]  # a rename is the end of one span and the start of another
        out.steady_edges += sum(settled_s <= change < segment.end_s for change in changes)
    out.right, out.kin = covered(right), covered(kin)
    if out.right >= HEARD_S:
        out.heard, out.late = 1, [min(start for start, _ in right) - segment.start_s]
    return out


def _begins_rightly(span: Span, segments: Sequence[Segment]) -> bool:
    begun = [one for one in segments if abs(span.onset_s - one.start_s) <= TOLERANCE_S]
    return any(is_right(span.label, one) for one in begun)


def _stray(span: Span, segments: Sequence[Segment]) -> float:
    """Seconds of a name while nobody plays; none where nothing is ever played on the input but what it names."""
    if not segments or all(is_right(span.label, one) for one in segments):
        return 0.0
    forgiven = [(one.start_s - EARLY_S, one.end_s + RELEASE_S) for one in segments]
    inside = [(max(start, span.start_s), min(end, span.end_s)) for start, end in forgiven]
    return span.end_s - span.start_s - covered(inside)


def _errors(segments: Sequence[Segment], named: Sequence[Span], end_s: float) -> float:
    """Label-seconds that are substituted, missed or false."""
    edges = {0.0, end_s, *(t for one in segments for t in (one.start_s, one.end_s))}
    edges |= {t for span in named for t in (span.start_s, span.end_s)}
    times, errors = sorted(edges), 0.0
    for start, end in pairwise(times):
        playing = [one for one in segments if one.start_s <= start < one.end_s]
        lit = [span.label for span in named if span.start_s <= start < span.end_s and span.label not in FAMILIES]
        right = sum(any(is_right(label, one) for label in lit) for one in playing)
        errors += (end - start) * (max(len(playing), len(lit)) - right)
    return errors


def covered(intervals: Iterable[Interval]) -> float:
    """Seconds that lie in at least one of the intervals; one that ends before it begins is empty."""
    total, reached = 0.0, -np.inf
    for start, end in sorted(intervals):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return float(total)


def _known_s(event: Event) -> float:
    return event.time_s if event.fields.get("two_pass") else event.decided_sample / event.rate


def _members(segment: Segment) -> tuple[str, ...]:
    return GROUPS.get(segment.label, (segment.label,))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, dict):
        return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}
    return one + other
