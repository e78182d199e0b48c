"""What goes over the WebSocket, without a socket: messages, their checks, and who gets what.

Every message is one JSON object in a text frame. The server begins with `hello`, the client answers with `subscribe`:

    server  {"hello": {"v", "version", "session", "labels": [...], "channels": [...]}}
    client  {"subscribe": {"kinds", "channels", "labels", "session", "since_seq"}}     all optional
    server  {"v": 1, "kind": "state", ...}    then events, as the journal has them
    client  {"do": "ask", "channel": 3}       a command, see commands.py
    server  {"answer": "..."} or {"error": "..."}

A `state` stands for all events up to its `seq`; what follows it has a higher one. A client that gives the `session` and
the highest `seq` it has seen gets the state of that moment and then the events that it missed. Where they are no longer
there it gets the present state. `missed` in the state that begins a stream, or replaces what a client was too slow for,
is the number of events left out before it: 0 where none were, null where nobody knows (a client without a past).
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ...model.labels import BY_ID, LABELS
from ..commands import Command, parse_json
from ..config import nearest
from ..errors import EarmarkError
from ..events import EDGES, KINDS, VERSION, Event
from .lines import to_json

T = TypeVar("T")

MAX_MESSAGE_BYTES: Final = 64 * 1024
MAX_FAULTS: Final = 10
MESSAGES_PER_S: Final = 20
USUAL_KINDS: Final = frozenset(name for name, kind in KINDS.items() if not kind.on_request)
_MAX_SEQ: Final = 2**53
"""JSON numbers are whole up to here in every browser."""


class MessageError(EarmarkError):
    """A message that is none; the text is one line for the one who sent it."""


class Subscription(BaseModel):
    """What a client wants. None: everything, of the kinds all but those on request.

    `kinds` names exactly what is wanted; a `state` comes all the same. `channels` counts from 1. `labels` (ids) chooses
    among onsets, offsets and renames. `session` and `since_seq` come together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kinds: list[str] | None = Field(default=None, max_length=len(KINDS))
    channels: list[Annotated[int, Field(ge=1, le=1024)]] | None = Field(default=None, max_length=1024)
    labels: list[str] | None = Field(default=None, max_length=len(LABELS))
    session: str | None = Field(default=None, max_length=64)
    since_seq: int | None = Field(default=None, ge=0, le=_MAX_SEQ)

    @field_validator("kinds")
    @classmethod
    def _known_kinds(cls, value: list[str] | None) -> list[str] | None:
        return _known("kind", value, KINDS)

    @field_validator("labels")
    @classmethod
    def _known_labels(cls, value: list[str] | None) -> list[str] | None:
        return _known("label", value, BY_ID)

    @model_validator(mode="after")
    def _both_or_none(self) -> "Subscription":
        if (self.session is None) != (self.since_seq is None):
            raise ValueError("session and since_seq come together")
        return self


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events a client gets; None stands for all."""

    kinds: frozenset[str] = USUAL_KINDS
    channels: frozenset[int] | None = None
    labels: frozenset[str] | None = None

    @classmethod
    def of(cls, wanted: Subscription) -> "Filter":
        kinds = USUAL_KINDS if wanted.kinds is None else frozenset(wanted.kinds)
        return cls(kinds, _set_of(wanted.channels), _set_of(wanted.labels))

    @property
    def requested(self) -> frozenset[str]:
        """The kinds that only come on request."""
        return self.kinds - USUAL_KINDS

    def accepts(self, event: Event) -> bool:
        if event.kind == "state":
            return True
        if event.kind not in self.kinds:
            return False
        if self.channels is not None and event.channel is not None and event.channel not in self.channels:
            return False
        if self.labels is None or event.kind not in EDGES:
            return True
        return any(event.fields.get(key) in self.labels for key in ("label", "from", "to"))

    def narrowed(self, state: Event) -> Event:
        """`state` with the wanted channels and labels only; the same object where nothing is left out."""
        if self.channels is None and self.labels is None:
            return state
        channels = [
            one | {"labels": [on for on in one["labels"] if self.labels is None or on["label"] in self.labels]}
            for one in state.fields["channels"]
            if self.channels is None or one["channel"] in self.channels
        ]
        return replace(state, fields={**state.fields, "channels": channels})


class RateLimit:
    """At most `per_s` messages in any second on average, as many at once. Time is given, in seconds."""

    def __init__(self, per_s: int = MESSAGES_PER_S) -> None:
        self._per_s = per_s
        self._left = float(per_s)
        self._at_s: float | None = None

    def allows(self, now_s: float) -> bool:
        passed_s = 0.0 if self._at_s is None else now_s - self._at_s
        self._at_s = now_s
        self._left = min(float(self._per_s), self._left + passed_s * self._per_s)
        if self._left < 1:
            return False
        self._left -= 1
        return True


def parse_message(text: str) -> Subscription | Command:
    """A client's message. Raises MessageError, or CommandError for a command that is none: one line that says why."""
    try:
        message = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise MessageError("not JSON") from None
    if not isinstance(message, dict):
        raise MessageError("a message is an object with 'subscribe' or 'do'")
    if "do" in message:
        return parse_json(message)
    if set(message) != {"subscribe"}:
        raise MessageError("a message has 'subscribe' or 'do', and nothing beside 'subscribe'")
    try:
        return Subscription.model_validate(message["subscribe"])
    except ValidationError as error:
        raise MessageError(_explain(error)) from None


def hello(version: str, session: str | None, channels: Mapping[int, str | None]) -> bytes:
    """`version` is the program's, `session` is None where none runs yet, `channels` are names by number."""
    content = {
        "v": VERSION,
        "version": version,
        "session": session,
        "labels": [row._asdict() for row in LABELS],
        "channels": [{"channel": number, "name": name} for number, name in sorted(channels.items())],
    }
    return to_json({"hello": content})


def state_message(state: Event, missed: int | None) -> bytes:
    """`missed` as the head of this file says."""
    return to_json(state.to_dict() | {"missed": missed})


def answer(text: str) -> bytes:
    return to_json({"answer": text})


def error(text: str) -> bytes:
    return to_json({"error": text})


def _set_of(values: Collection[T] | None) -> frozenset[T] | None:
    return None if values is None else frozenset(values)


def _known(what: str, values: list[str] | None, known: Mapping[str, Any]) -> list[str] | None:
    for value in values or ():
        if value not in known:
            raise ValueError(f"no {what} '{value[:64]}'{nearest(value[:64], known)}")
    return values


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part)[:64] for part in ("subscribe", *first["loc"]))
    if first["type"] == "extra_forbidden":
        return f"{place}: unknown{nearest(str(first['loc'][-1])[:64], list(Subscription.model_fields))}"
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"
