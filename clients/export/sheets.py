"""From a session to sheets: what one file holds. One sheet for the whole session, and one for each input.

Pure.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...model.labels import BY_ID
from .marks import Mark, looks_numbered, one_line
from .spans import Session, Span, Take

LONGEST_NAME_PART: Final = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """`marks` in the order of their beginnings, seconds from the sheet's own 0; it is `duration_s` long.

    `title` says what it is. `ending` is what its file's name has after the session's: "" for the sheet of all inputs.
    """

    title: str
    ending: str
    duration_s: float
    marks: tuple[Mark, ...]
    one_input: bool

    def text(self, mark: Mark) -> str:
        """A mark's title here: a sheet of one input does not name it again and again."""
        return mark.label if self.one_input else mark.title


def sheets_of(session: Session, title: str, take: Take | None = None) -> list[Sheet]:
    """The sheet of all inputs and then, where more than one input has marks, one for each that has.

    With a `take`, times count from its start and what lies outside is cut off. Empty where nothing is left.
    """
    within = take or Take(0, session.end_sample)
    marks = _marks(session, within)
    if not marks:
        return []
    duration_s = (within.stop_sample - within.start_sample) / session.rate
    whole = Sheet(title, "", duration_s, tuple(marks), one_input=len(session.names) == 1)
    channels = sorted({mark.channel for mark in marks if mark.channel is not None})
    if len(channels) == 1:
        return [whole]
    single = [_single(whole, channel, tuple(mark for mark in marks if mark.channel == channel)) for channel in channels]
    return [whole, *single]


def file_part(text: str) -> str:
    """`text` as a part of a file's name on any system: letters, digits, `-` and `_`, others become `_`."""
    return re.sub(r"[^\w-]+", "_", text).strip("_")[:LONGEST_NAME_PART]


def _single(whole: Sheet, channel: int, marks: tuple[Mark, ...]) -> Sheet:
    name = marks[0].name
    part = file_part(name)
    ending = f"-input{channel}" + (f"-{part}" if part else "")
    title = f"{whole.title}, {name or f'input {channel}'}"
    return Sheet(title, ending, whole.duration_s, marks, one_input=True)


def _marks(session: Session, within: Take) -> list[Mark]:
    names = _names(session)
    marks: list[Mark] = []
    for span in session.spans:
        start, end = max(span.start_sample, within.start_sample), min(span.end_sample, within.stop_sample)
        point = span.start_sample == span.end_sample
        if start < end or (point and start == end):
            marks.append(_mark(span, start - within.start_sample, end - within.start_sample, session.rate, names))
    return sorted(_joined(marks), key=lambda mark: (mark.start_s, mark.end_s, mark.channel, mark.label))


def _mark(span: Span, start: int, end: int, rate: int, names: dict[int, str]) -> Mark:
    label = BY_ID[span.label]
    return Mark(
        start / rate, end / rate, label.spoken, names[span.channel], span.channel, span.confidence, label.colour
    )


def _names(session: Session) -> dict[int, str]:
    """Names that are one line and tell the inputs apart: one that two inputs share has the number with it."""
    names = {channel: one_line(name) for channel, name in session.names.items()}
    times = Counter(name.casefold() for name in names.values() if name)
    return {
        channel: f"{name} (input {channel})" if times[name.casefold()] > 1 or looks_numbered(name) else name
        for channel, name in names.items()
    }


def _joined(marks: Sequence[Mark]) -> list[Mark]:
    """Two ids may be said alike (every voice is "singer"): where they overlap on one input, people read one mark."""
    joined: list[Mark] = []
    last: dict[tuple[int | None, str], int] = {}
    for mark in sorted(marks, key=lambda one: one.start_s):
        key = (mark.channel, mark.label)
        before = joined[last[key]] if key in last else None
        if before is not None and mark.start_s < before.end_s:
            sure = max(before.confidence or 0, mark.confidence or 0)
            joined[last[key]] = replace(before, end_s=max(before.end_s, mark.end_s), confidence=sure)
        else:
            last[key] = len(joined)
            joined.append(mark)
    return joined
