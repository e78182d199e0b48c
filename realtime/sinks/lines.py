"""Events as JSON text, one line each: what the journal writes and the WebSocket sends."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..events import Event

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """`data` is `event` in JSON, UTF-8, without a newline. Encoded once, shared by all who send it."""

    event: Event
    data: bytes


def to_json(value: Any) -> bytes:
    """Compact JSON in UTF-8, on one line. Raises TypeError or ValueError for what JSON does not have, NaN among it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    # A file name that is not UTF-8 has lone surrogates here; their escapes are JSON.
    return text.encode("utf-8", "backslashreplace")


def to_lines(events: Sequence[Event]) -> list[Line]:
    """An event that cannot be written is a mistake of ours: it is logged and left out, the others go on."""
    lines: list[Line] = []
    for event in events:
        try:
            lines.append(Line(event, to_json(event.to_dict())))
        except (TypeError, ValueError):
            _log.exception("event %d (%s) cannot be written as JSON", event.seq, event.kind)
    return lines
