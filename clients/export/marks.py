"""A mark: one label with its beginning and end in seconds, as people read it. What every format holds."""

import re
from dataclasses import dataclass
from typing import Final

from ...model.labels import LABELS

LONGEST_TEXT: Final = 200
SPOKEN: Final = frozenset(label.spoken for label in LABELS)

_NUMBERED: Final = re.compile(r"Input (\d{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """`start_s` <= `end_s`, seconds from the beginning of the file's time; a point where they are equal.

    `label` is a spoken name, or whatever somebody else wrote. `name` and `channel` are the input's, "" and None where
    they are not known. `confidence` is 0..1, `colour` is `RRGGBB`; None and "" where a format has none.
    """

    start_s: float
    end_s: float
    label: str
    name: str = ""
    channel: int | None = None
    confidence: float | None = None
    colour: str = ""

    @property
    def title(self) -> str:
        """`Keys: piano`, `Input 3: piano` where the input has no name, `piano` where the input is not known."""
        who = self.name or ("" if self.channel is None else f"Input {self.channel}")
        return f"{who}: {self.label}" if who else self.label


def from_title(start_s: float, end_s: float, title: str, colour: str = "") -> Mark:
    """The mark of a title. What stands before the last colon is the input, if a label of ours comes after it."""
    who, colon, label = title.rpartition(": ")
    if not colon or label not in SPOKEN:
        return Mark(start_s, end_s, title, colour=colour)
    numbered = _NUMBERED.fullmatch(who)
    if numbered:
        return Mark(start_s, end_s, label, channel=int(numbered[1]), colour=colour)
    return Mark(start_s, end_s, label, name=who, colour=colour)


def one_line(text: str) -> str:
    """`text` on one line, without tabs and what cannot be printed, at most LONGEST_TEXT characters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:LONGEST_TEXT].strip()


def looks_numbered(name: str) -> bool:
    """Whether a title would take this name for an input without one."""
    return _NUMBERED.fullmatch(name) is not None
