"""Audacity's label track as a text file: `start TAB end TAB title`, seconds.

A line that begins with a backslash holds the frequencies of the label above it. A point label ends where it begins.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .errors import UsageError

LARGEST_BYTES: Final = 4_000_000
LATEST_S: Final = 7 * 24 * 3600.0
HOW: Final = "export the label track anew (in Audacity: File, Export Other, Export Labels)"

_NUMBER: Final = re.compile(r"\d{1,12}(\.\d*)?([eE][+-]?\d{1,2})?", re.ASCII)
_FREQUENCIES: Final = "\\"


@dataclass(frozen=True, slots=True)
class Span:
    """One label: from `start_s` to `end_s`, seconds from the recording's beginning; `line` counts from 1."""

    start_s: float
    end_s: float
    title: str
    line: int


def read_labels(path: Path) -> list[Span]:
    """The labels of a file, in its order. Raises UsageError that names the line and what to do."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > LARGEST_BYTES:
        raise UsageError(f"{path} is too large for a label file: {HOW}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError(f"{path} is not a text file of labels: {HOW}")
    return parse_labels(text, str(path))


def parse_labels(text: str, origin: str) -> list[Span]:
    """The labels of a file's text; `origin` names it in errors. Raises UsageError."""
    spans: list[Span] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if not line.strip() or line.split("\t")[0].strip() == _FREQUENCIES:
            continue
        where = f"{origin}, line {number}"
        start, *rest = line.split("\t")
        if not rest:
            raise UsageError(f"{where}: there is no TAB between start, end and title: {HOW}")
        start_s, end_s = _seconds(start, where), _seconds(rest[0], where)
        if end_s < start_s:
            raise UsageError(f"{where}: the label ends before it begins: {HOW}")
        spans.append(Span(start_s, end_s, " ".join(rest[1:]).strip(), number))
    return spans


def _seconds(text: str, where: str) -> float:
    text = text.strip()
    shown = text if len(text) <= 20 else text[:20] + "…"
    if not _NUMBER.fullmatch(text):
        what = "hours and minutes are not read" if ":" in text else "a time is a number of seconds, 0 or more"
        raise UsageError(f"{where}: '{shown}': {what}: {HOW}")
    seconds = float(text)
    if seconds > LATEST_S:
        raise UsageError(f"{where}: '{shown}' is more than a week of seconds: {HOW}")
    return seconds
