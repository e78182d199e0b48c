"""CSV for spreadsheets and scripts: one row for each mark. Commas, UTF-8, quotes as RFC 4180 has them."""

import csv
import io
from collections.abc import Mapping
from typing import Final

from ...realtime.errors import UsageError
from .marks import Mark
from .sheets import Sheet
from .text import decoded, shown, spanned

COLUMNS: Final = ("input", "name", "label", "start_s", "end_s", "length_s", "confidence")
NEEDED: Final = ("label", "start_s", "end_s")


def encode(sheet: Sheet) -> bytes:
    """Seconds with six digits, the confidence with four."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for mark in sheet.marks:
        start, end = round(mark.start_s, 6), round(mark.end_s, 6)
        times = (f"{start:.6f}", f"{end:.6f}", f"{end - start:.6f}")
        sure = "" if mark.confidence is None else f"{mark.confidence:.4f}"
        rows.writerow((mark.channel or "", mark.name, mark.label, *times, sure))
    return out.getvalue().encode()


def decode(data: bytes, origin: str) -> list[Mark]:
    """Columns may be in any order, and others are passed over. Raises UsageError that names the line of `origin`."""
    rows = csv.DictReader(io.StringIO(decoded(data, origin, "a table of labels"), newline=""), restval="")
    try:
        if not set(NEEDED) <= set(rows.fieldnames or ()):
            raise UsageError(f"{origin} is no table of labels: its first line lacks one of {', '.join(NEEDED)}")
        return [_mark(row, f"{origin}, line {rows.line_num}") for row in rows]
    except csv.Error as error:
        raise UsageError(f"{origin}, line {rows.line_num}: {error}") from None


def _mark(row: Mapping[str, str], where: str) -> Mark:
    start_s, end_s = spanned(_number(row["start_s"], where), _number(row["end_s"], where), where)
    channel, sure = row.get("input", ""), row.get("confidence", "")
    return Mark(
        start_s,
        end_s,
        row["label"],
        row.get("name", ""),
        int(_number(channel, where)) if channel else None,
        _number(sure, where) if sure else None,
    )


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e12:
        raise UsageError(f"{where}: {shown(text)} is no number of 0 or more")
    return value
