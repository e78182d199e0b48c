"""What is said and printed of a line check: every sentence, in one place. Short, and good to listen to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ...model.labels import BY_ID
from .inputs import Result

_NO_ARTICLE: Final = frozenset(
    {"drums", "percussion", "mallets", "cymbals", "speech", "keys", "strings", "plucked strings", "brass", "woodwind"}
)


def said(channel: int | None, name: str | None, fields: Mapping[str, Any]) -> str:
    """A `check` event as one sentence; `fields` are the event's own."""
    return _SENTENCES[fields["state"]](channel, name, fields)


def status(results: Sequence[Result], names: Sequence[str], running: bool, asked: int | None) -> str:
    """Where the check stands, for the one who asks; `names` are those of all inputs."""
    if not results:
        return "No line check was started."
    good = sum(result.state == "good" for result in results)
    begin = f"{good} of {len(results)} good{'' if running else ', the line check is over'}."
    asks = [f"Asked: {who(asked, names[asked - 1])}."] if asked is not None else []
    lines = [line(result, names[result.channel - 1]) for result in results if not result.is_well]
    return " ".join([begin, *asks, *lines])


def line(result: Result, name: str) -> str:
    """One input's result as a sentence."""
    faults = "".join(f", {fault(state, detail)}" for state, detail in result.faults.items())
    where = full(result.channel, name)
    match result.state:
        case "good":
            return f"{where}: good{_heard_as(result.heard, result.expected)}, {_peak(result.peak_dbfs)}{faults}."
        case "wrong" | "swapped":
            return f"{where}: {_wrong(result.state, result.heard, result.other)}{faults}."
        case "open" | "skipped":
            return f"{where}: {_so_far(result.heard)}{faults}{', skipped' if result.state == 'skipped' else ''}."


def who(channel: int | None, name: str | None) -> str:
    """How an input is called when its number is not needed: by its name, else by its number."""
    return name or f"Input {channel}"


def full(channel: int | None, name: str | None) -> str:
    """`Input 5, Snare`."""
    return f"Input {channel}" + (f", {name}" if name else "")


def hears(label: str) -> str:
    """The label as it is heard: "a singer", "an organ", "drums"."""
    spoken = BY_ID[label].spoken
    if spoken in _NO_ARTICLE:
        return spoken
    vowel = spoken[0] in "aeio"  # a ukulele
    return f"{'an' if vowel else 'a'} {spoken}"


def fault(state: str, detail: str) -> str:
    """A fault of a line after "Input 5, Snare: " or a comma."""
    match state:
        case "dead":
            return f"dead line ({detail})" if detail else "dead line"
        case "hum":
            return f"hums at {detail}"
        case "crackle":
            return "crackles"
        case "hot":
            return f"hot, {detail}"
        case "twin":
            return detail
        case _:
            return state


def _wrong(state: str, heard: str, other: int | None) -> str:
    if state == "swapped":
        return f"hears {hears(heard)}, swapped with input {other}"
    return f"hears {hears(heard)}" + (f", which belongs on input {other}" if other else "")


def _so_far(heard: str) -> str:
    return f"still hears {hears(heard)}" if heard else "nothing yet"


def _heard_as(heard: str, expected: frozenset[str]) -> str:
    """Told where the name that ticked a line off is not said as one that was expected."""
    spoken = BY_ID[heard].spoken
    return "" if spoken in {BY_ID[label].spoken for label in expected} else f", heard as {spoken}"


def _peak(peak_dbfs: float) -> str:
    return f"peak {peak_dbfs:.0f}"


def _expected(fields: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(fields["expected"].split())


def _start(_channel: int | None, _name: str | None, fields: Mapping[str, Any]) -> str:
    return f"Line check of {fields['detail']} input{'' if fields['detail'] == '1' else 's'}."


def _asked(channel: int | None, name: str | None, _fields: Mapping[str, Any]) -> str:
    return f"{who(channel, name)}?"


def _good(channel: int | None, name: str | None, fields: Mapping[str, Any]) -> str:
    heard_as = _heard_as(fields["heard"], _expected(fields))
    return f"{who(channel, name)} good{heard_as}, {_peak(fields['peak_dbfs'])}."


def _not_right(channel: int | None, name: str | None, fields: Mapping[str, Any]) -> str:
    end = "?" if fields["state"] == "swapped" else "."
    return f"{full(channel, name)}: {_wrong(fields['state'], fields['heard'], fields['other'])}{end}"


def _bad_line(channel: int | None, name: str | None, fields: Mapping[str, Any]) -> str:
    return f"{full(channel, name)}: {fault(fields['fault'], fields['detail'])}."


def _skipped(channel: int | None, name: str | None, _fields: Mapping[str, Any]) -> str:
    return f"{who(channel, name)} skipped."


def _open(channel: int | None, name: str | None, fields: Mapping[str, Any]) -> str:
    bad = f", {fault(fields['fault'], fields['detail'])}" if fields["fault"] else ""
    return f"{full(channel, name)}: {_so_far(fields['heard'])}{bad}."


def _done(_channel: int | None, _name: str | None, fields: Mapping[str, Any]) -> str:
    return f"Line check over: {fields['detail']} good."


_SENTENCES: Final[Mapping[str, Callable[[int | None, str | None, Mapping[str, Any]], str]]] = {
    "start": _start,
    "asked": _asked,
    "good": _good,
    "wrong": _not_right,
    "swapped": _not_right,
    "bad_line": _bad_line,
    "skipped": _skipped,
    "open": _open,
    "done": _done,
}
