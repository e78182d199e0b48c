"""JAMS, the annotations of music research: keeps the confidence and which input it was.

One annotation for each input, in the namespace `tag_open` (any text may be a value: our names are more than those of
`tag_medleydb_instruments`). The input stands in its sandbox.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from ...realtime.errors import UsageError
from .marks import Mark
from .sheets import Sheet
from .text import decoded, spanned

NAMESPACE: Final = "tag_open"
JAMS_VERSION: Final = "0.3.4"
TEXT_NAMESPACES: Final = ("tag_", "segment_")
"""Beginnings of the namespaces whose values are names."""


def encode(sheet: Sheet) -> bytes:
    channels = sorted({(mark.channel or 0, mark.name) for mark in sheet.marks})
    jam = {
        "file_metadata": {"duration": _rounded(sheet.duration_s), "title": sheet.title, "jams_version": JAMS_VERSION},
        "annotations": [
            _annotation([mark for mark in sheet.marks if (mark.channel or 0, mark.name) == one], sheet.duration_s)
            for one in channels
        ],
        "sandbox": {},
    }
    return json.dumps(jam, indent=1, ensure_ascii=False).encode() + b"\n"


def decode(data: bytes, origin: str) -> list[Mark]:
    """Marks by their beginnings. Raises UsageError."""
    try:
        jam: Any = json.loads(decoded(data, origin, "a JAMS file"))
        annotations = jam["annotations"]
        marks = [mark for one in annotations if _has_names(one) for mark in _marks(one, origin)]
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        raise UsageError(f"{origin} is not a JAMS file, or it breaks JAMS's schema") from None
    return sorted(marks, key=lambda mark: (mark.start_s, mark.end_s))


def _annotation(marks: Sequence[Mark], duration_s: float) -> dict[str, Any]:
    return {
        "namespace": NAMESPACE,
        "annotation_metadata": {
            "curator": {"name": "", "email": ""},
            "annotation_tools": "Earmark",
            "data_source": "program",
        },
        "data": [_observation(mark) for mark in marks],
        "time": 0.0,
        "duration": _rounded(duration_s),
        "sandbox": {"channel": marks[0].channel, "name": marks[0].name},
    }


def _observation(mark: Mark) -> dict[str, Any]:
    start_s, end_s = _rounded(mark.start_s), _rounded(mark.end_s)
    return {"time": start_s, "duration": _rounded(end_s - start_s), "value": mark.label, "confidence": mark.confidence}


def _rounded(seconds: float) -> float:
    return round(seconds, 6)


def _has_names(annotation: Any) -> bool:
    return annotation["namespace"].startswith(TEXT_NAMESPACES)


def _marks(annotation: Any, origin: str) -> list[Mark]:
    sandbox = annotation.get("sandbox") or {}
    name, channel = sandbox.get("name"), sandbox.get("channel")
    return [
        Mark(
            *spanned(float(one["time"]), _rounded(float(one["time"]) + float(one["duration"])), origin),
            label=one["value"] if isinstance(one["value"], str) else str(one["value"]),
            name=name if isinstance(name, str) else "",
            channel=channel if type(channel) is int else None,
            confidence=_confidence(one["confidence"]),
        )
        for one in annotation["data"]
    ]


def _confidence(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and 0 <= value <= 1 else None
