"""REAPER's Region/Marker Manager as CSV: `#,Name,Start,End,Length,Color`, a region (R) or a marker (M) a row.

Times are `h:mm:ss.mmm`, which REAPER reads whatever the project's ruler shows. Colours are RRGGBB.
"""

import csv
import io
import re
from typing import Final

from ...realtime.errors import UsageError
from .marks import Mark, from_title
from .sheets import Sheet
from .text import clock, decoded, shown, spanned

HEADER: Final = ("#", "Name", "Start", "End", "Length", "Color")

_CLOCK: Final = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,8}(?:\.\d{1,9})?)", re.ASCII)
_COLOUR: Final = re.compile(r"#?([0-9A-Fa-f]{6})")
_HOW: Final = "export it anew with the ruler in minutes:seconds"


def encode(sheet: Sheet) -> bytes:
    """To the millisecond; what is shorter is a marker."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADER)
    regions = markers = 0
    for mark in sheet.marks:
        start_ms, end_ms = round(mark.start_s * 1000), round(mark.end_s * 1000)
        name = sheet.text(mark)
        if start_ms < end_ms:
            regions += 1
            times = (clock(start_ms), clock(end_ms), clock(end_ms - start_ms))
            rows.writerow((f"R{regions}", name, *times, mark.colour))
        else:
            markers += 1
            rows.writerow((f"M{markers}", name, clock(start_ms), "", "", mark.colour))
    return out.getvalue().encode()


def decode(data: bytes, origin: str) -> list[Mark]:
    """Raises UsageError that names the line of `origin`. A file without the column Color is read too."""
    rows = csv.DictReader(io.StringIO(decoded(data, origin, "a list of regions"), newline=""), restval="")
    marks: list[Mark] = []
    try:
        if not set(HEADER[:4]) <= set(rows.fieldnames or ()):
            raise UsageError(f"{origin} is no list of regions: its first line is not {','.join(HEADER)}")
        for row in rows:
            where = f"{origin}, line {rows.line_num}"
            start_s = _seconds(row["Start"], where)
            end_s = _seconds(row["End"], where) if row["End"].strip() else start_s
            colour = _COLOUR.fullmatch((row.get("Color") or "").strip())
            marks.append(
                from_title(*spanned(start_s, end_s, where), row["Name"].strip(), colour[1].upper() if colour else "")
            )
    except csv.Error as error:
        raise UsageError(f"{origin}, line {rows.line_num}: {error}") from None
    return marks


def _seconds(text: str, where: str) -> float:
    parts = _CLOCK.fullmatch(text.strip())
    if not parts:
        raise UsageError(f"{where}: {shown(text)} is no time in minutes and seconds: {_HOW}")
    return int(parts[1] or 0) * 3600 + int(parts[2] or 0) * 60 + float(parts[3])
