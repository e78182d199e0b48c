"""Audacity's label track: `start TAB end TAB title`, seconds with six digits.

Source: Audacity's manual, "Importing and Exporting Labels". Its import wants seconds, and TAB alone between them.
"""

from ...realtime.audacity import parse_labels
from .marks import Mark, from_title
from .sheets import Sheet
from .text import decoded


def encode(sheet: Sheet) -> bytes:
    lines = [f"{mark.start_s:.6f}\t{mark.end_s:.6f}\t{sheet.text(mark)}\n" for mark in sheet.marks]
    return "".join(lines).encode()


def decode(data: bytes, origin: str) -> list[Mark]:
    """Raises UsageError that names the line of `origin`."""
    spans = parse_labels(decoded(data, origin, "a text file of labels"), origin)
    return [from_title(span.start_s, span.end_s, span.title) for span in spans]
