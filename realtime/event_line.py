"""An event as one line for people."""

from collections.abc import Mapping
from typing import Final

from ..model.labels import BY_ID
from .check.words import said
from .events import Event

GROUPED: Final[Mapping[str, str]] = {
    "proposed": "carry one source: accept?",
    "accepted": "are told as one",
    "dissolved": "are apart again",
}


def event_line(event: Event) -> str:
    """`0:12.25  input 3, Keys   hears piano (87%)`; never more than one line."""
    minutes, seconds = divmod(event.time_s, 60)
    if event.kind == "check":
        return f"{int(minutes)}:{seconds:05.2f}  {said(event.channel, event.name, event.fields)}"
    who = "" if event.channel is None else f"input {event.channel}" + (f", {event.name}" if event.name else "")
    return f"{int(minutes)}:{seconds:05.2f}  {who:<22} {what(event)}".rstrip()


def what(event: Event) -> str:
    """What an event tells, without when and where."""
    fields = event.fields
    match event.kind:
        case "onset":
            sure = "" if fields["label"] == "uncertain" else f" ({fields['confidence']:.0%})"
            return f"hears {BY_ID[fields['label']].spoken}{sure}"
        case "offset":
            return f"no more {BY_ID[fields['label']].spoken}"
        case "rename":
            return (
                f"hears {BY_ID[fields['to']].spoken}, not {BY_ID[fields['from']].spoken} ({fields['confidence']:.0%})"
            )
        case "signal":
            detail = f" ({fields['detail']})" if fields.get("detail") else ""
            return f"line: {fields['state']}{'' if fields['on'] else ' over'}{detail}"
        case "group":
            return (
                f"inputs {' and '.join(map(str, fields['channels']))} {GROUPED.get(fields['state'], fields['state'])}"
            )
        case "take":
            return f"take {fields['number']}: {fields['action']} {fields.get('position') or ''}"
        case "gap":
            return f"{fields['lost_samples']} samples lost: {fields['reason']}"
        case "overrun":
            return f"{fields['skipped_windows']} windows skipped: the model is too slow"
        case "device" | "sink":
            return f"{fields.get('sink', 'source')} {fields['state']}: {fields['detail']}"
        case "state":
            return f"inputs: {len(fields['channels'])}, {fields['rate']} Hz {fields['path'] or ''}"
        case _:
            return event.kind
