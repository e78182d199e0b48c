"""WebVTT: a cue for each mark, as video players and web pages show it. Times to the millisecond.

Source: W3C, "WebVTT: The Web Video Text Tracks Format".
"""

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

from ...realtime.errors import UsageError
from .marks import Mark, from_title
from .sheets import Sheet
from .text import clock, decoded, shown, spanned

HEADER: Final = "WEBVTT"
ARROW: Final = "-->"
LONGEST_TEXT: Final = 10_000
"""Characters of a cue that are read."""

_TIME: Final = re.compile(r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})", re.ASCII)
_TAG: Final = re.compile(r"<[^>]*>")


def encode(sheet: Sheet) -> bytes:
    """A cue must last: a point lasts one millisecond."""
    cues = [HEADER + "\n"]
    for mark in sheet.marks:
        start_ms = round(mark.start_s * 1000)
        end_ms = max(round(mark.end_s * 1000), start_ms + 1)
        text = html.escape(sheet.text(mark), quote=False)
        cues.append(f"{_clock(start_ms)} {ARROW} {_clock(end_ms)}\n{text}\n")
    return "\n".join(cues).encode()


def decode(data: bytes, origin: str) -> list[Mark]:
    """The cues, in their order; notes and styles are passed over. Raises UsageError that names the cue."""
    lines = re.split(r"\r\n|\r|\n", decoded(data, origin, "a WebVTT file"))
    if lines[0].split(maxsplit=1)[:1] != [HEADER]:
        raise UsageError(f"{origin} is not a WebVTT file: its first line does not begin with {HEADER}")
    return [
        _mark(number, block, origin) for number, block in _blocks(lines) if any(ARROW in line for line in block[:2])
    ]


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """What lies between empty lines, and the number of its first line, from 1."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _mark(number: int, block: Sequence[str], origin: str) -> Mark:
    """The mark of a cue: perhaps a line with its name, then its times, then its text, of which tags are taken out."""
    named = ARROW not in block[0]
    start, _, rest = block[named].partition(ARROW)
    where = f"{origin}, line {number + named}"
    start_s, end_s = _seconds(start, where), _seconds((rest.split() or [""])[0], where)
    text = " ".join(block[1 + named :])[:LONGEST_TEXT]
    return from_title(*spanned(start_s, end_s, where), " ".join(html.unescape(_TAG.sub("", text)).split()))


def _clock(time_ms: int) -> str:
    """`01:02:03.045`: at least two digits of hours."""
    return clock(time_ms).zfill(len("01:02:03.045"))


def _seconds(text: str, where: str) -> float:
    parts = _TIME.fullmatch(text.strip())
    if not parts:
        raise UsageError(f"{where}: {shown(text)} is no time as in 00:01:02.500")
    hours, minutes, seconds, ms = (int(part or 0) for part in parts.groups())
    return (((hours * 60 + minutes) * 60 + seconds) * 1000 + ms) / 1000
