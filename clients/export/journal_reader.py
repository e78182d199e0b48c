"""A journal from the disk, whatever it holds: whole sessions, one that a crash cut off, or something else altogether.

What can be read is read. What was left out is counted, so that it can be told.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from ...model.labels import BY_ID
from ...realtime.errors import UsageError
from ...realtime.events import VERSION, Event
from .spans import TOUCHING, Session, SessionSpans

LONGEST_LINE_BYTES: Final = 4 * 1024 * 1024
"""A state of 1,024 inputs fits."""
HOPELESS_LINES: Final = 1_000
"""A file that has no event in so many lines is no journal."""
MOST_INPUTS: Final = 4_096
RATES_HZ: Final = range(1_000, 1_000_001)
LATEST_S: Final = 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Journal:
    """The sessions of a journal in the order in which they begin.

    `skipped` lines were no whole events, `first_skipped` (from 1) is the first of them. `torn`: the last line has no
    end and was left out.
    """

    sessions: tuple[Session, ...]
    skipped: int
    first_skipped: int | None
    torn: bool


class _MalformedError(Exception):
    """A line is no event as we write them."""


def read_sessions(path: Path) -> Journal:
    """Raises UsageError where there is no such file, or no event in it."""
    sessions: dict[str, SessionSpans] = {}
    rates: dict[str, int] = {}
    skipped: list[int] = []
    torn = False
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_lines(file), 1):
                if not line.endswith(b"\n"):
                    torn = len(line) <= LONGEST_LINE_BYTES
                    skipped += [] if torn else [number]
                    continue
                try:
                    event = _event(line, rates)
                except _MalformedError:
                    skipped.append(number)
                else:
                    sessions.setdefault(event.session, SessionSpans(event.session, event.rate)).apply(event)
                if not sessions and len(skipped) >= HOPELESS_LINES:
                    break
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    if not sessions:
        raise UsageError(f"{path} has no event in it: name a journal, as `earmark live --journal FILE` writes it")
    told = tuple(one.session() for one in sessions.values())
    return Journal(told, len(skipped), skipped[0] if skipped else None, torn)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines with their ends; of one that is too long only the beginning, without an end."""
    while line := file.readline(LONGEST_LINE_BYTES + 1):
        yield line
        while len(line) > LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE_BYTES + 1)
            if not line:
                return


def _event(line: bytes, rates: dict[str, int]) -> Event:
    """The event of a line. `rates` holds each session's rate once it is known. Raises _MalformedError."""
    try:
        raw: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise _MalformedError from None
    if not isinstance(raw, dict) or raw.get("v") != VERSION:
        raise _MalformedError
    session, kind = _text(raw, "session"), _text(raw, "kind")
    rate = rates.get(session) or _rate(raw, kind)
    latest = LATEST_S * rate
    event = Event(
        session=session,
        seq=_whole(raw, "seq", 2**53),
        kind=kind,
        channel=_whole(raw, "channel", MOST_INPUTS, least=1) if "channel" in raw else None,
        name=_text_or_none(raw, "name"),
        sample=_whole(raw, "sample", latest),
        decided_sample=_whole(raw, "decided_sample", latest),
        rate=rate,
        utc_ns=_whole(raw, "utc_ns", 2**63),
        emitted_ns=_whole(raw, "emitted_ns", 2**63),
        take=None,
        fields=_fields(raw, kind, latest) if kind in TOUCHING else {},
    )
    rates[session] = rate
    return event


def _rate(raw: Mapping[str, Any], kind: str) -> int:
    """Hz: a `state` tells it, and any later event has its time both in samples and in seconds."""
    if kind == "state":
        return _whole(raw, "rate", RATES_HZ[-1], least=RATES_HZ[0])
    sample, seconds = _whole(raw, "decided_sample", 2**53), raw.get("decided_s")
    if isinstance(seconds, float) and 0 < seconds <= LATEST_S:
        rate = round(sample / seconds)
        if rate in RATES_HZ:
            return rate
    raise _MalformedError


def _fields(raw: Mapping[str, Any], kind: str, latest: int) -> dict[str, Any]:
    match kind:
        case "onset" | "offset":
            _whole(raw, "channel", MOST_INPUTS, least=1)
            return {"label": _label(raw, "label"), "confidence": _share(raw)}
        case "rename":
            _whole(raw, "channel", MOST_INPUTS, least=1)
            names = {"from": _label(raw, "from"), "to": _label(raw, "to")}
            return names | {"confidence": _share(raw), "onset_sample": _whole(raw, "onset_sample", latest)}
        case "take":
            action = _text(raw, "action")
            if action not in ("start", "stop"):
                raise _MalformedError
            return {"number": _whole(raw, "number", 2**31), "action": action}
        case "gap":
            return {"lost_samples": _whole(raw, "lost_samples", latest)}
        case _:
            channels = [_channel(entry, latest) for entry in _list(raw, "channels")]
            return {"path": _text_or_none(raw, "path"), "channels": channels}


def _channel(entry: Any, latest: int) -> dict[str, Any]:
    """An input of a `state`."""
    labels = [
        {"label": _label(on, "label"), "confidence": _share(on), "sample": _whole(on, "sample", latest)}
        for on in _list(entry, "labels")
    ]
    channel = _whole(entry, "channel", MOST_INPUTS, least=1)
    return {"channel": channel, "name": _text_or_none(entry, "name"), "labels": labels}


# ---- single values; each raises _MalformedError where it is not what it should be


def _value(raw: Any, key: str) -> Any:
    if not isinstance(raw, dict):
        raise _MalformedError
    return raw.get(key)


def _whole(raw: Any, key: str, most: int, least: int = 0) -> int:
    value = _value(raw, key)
    if type(value) is not int or not least <= value <= most:
        raise _MalformedError
    return value


def _share(raw: Any) -> float:
    value = _value(raw, "confidence")
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise _MalformedError
    return float(value)


def _text(raw: Any, key: str) -> str:
    value = _value(raw, key)
    if not isinstance(value, str):
        raise _MalformedError
    return value


def _text_or_none(raw: Any, key: str) -> str | None:
    return None if _value(raw, key) is None else _text(raw, key)


def _label(raw: Any, key: str) -> str:
    label = _text(raw, key)
    if label not in BY_ID:
        raise _MalformedError
    return label


def _list(raw: Any, key: str) -> list[Any]:
    value = _value(raw, key)
    if not isinstance(value, list):
        raise _MalformedError
    return value
