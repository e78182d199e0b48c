"""Which channels of a source are wanted: "1-8,12", counted from 1 as on the device's front."""

import re
from typing import Final

from ..errors import UsageError

_PART: Final = re.compile(r"\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?")


def choose(wanted: str | None, available: int, source: str) -> tuple[int, ...]:
    """The columns (from 0) of the channels `wanted` among `available`, in the order they were named; None: all.

    Raises UsageError, naming `source`, if it is no list of channels, names one twice, or one that is not there.
    """
    if wanted is None:
        return tuple(range(available))
    chosen: list[int] = []
    for part in wanted.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise UsageError(f"channels '{wanted}': '{part.strip()}' is not a channel or a range; write it like 1-8,12")
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last:
            raise UsageError(f"channels '{wanted}': the range {part.strip()} runs backwards")
        outside = first if not 1 <= first <= available else last
        if not 1 <= outside <= available:
            raise UsageError(f"{source} has no channel {outside}; its channels are 1-{available}")
        chosen += range(first - 1, last)
    twice = next((column for column in chosen if chosen.count(column) > 1), None)
    if twice is not None:
        raise UsageError(f"channels '{wanted}': channel {twice + 1} is named twice")
    return tuple(chosen)


def as_slice(columns: tuple[int, ...]) -> slice | None:
    """The same columns as one slice, None where they do not follow one another."""
    first = columns[0]
    return slice(first, first + len(columns)) if columns == tuple(range(first, first + len(columns))) else None
