"""The one table of commands, and the parsers that read it off each wire.

Whoever asks (a pedal, a DAW over OSC, a WebSocket client), the same words mean the same thing. What arrives may come
from anybody on the network: every argument is checked and bounded here, and nothing here does anything but parse.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .config import listed, nearest
from .errors import EarmarkError, UsageError

MAX_CHANNEL: Final = 1024
MAX_TEXT: Final = 64
MAX_VERBOSITY: Final = 4
OSC_PREFIX: Final = "/earmark/do/"
CHECK_ACTIONS: Final = ("start", "ask", "stop", "again", "skip", "status")
NONE: Final = "none"
PRESSED: Final = 64
"""A controller is pressed from this value on, the middle of 0..127 as MIDI 1.0 says for pedals."""


class CommandError(EarmarkError):
    """What was asked is no command; the message is one line for the one who asked."""


@dataclass(frozen=True, slots=True)
class Command:
    """A name of `COMMANDS` and its checked arguments by parameter name; optional ones without a value are left out."""

    name: str
    args: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Request:
    """A command on its way to the session. `reply` takes one line of text and may be called from any thread."""

    command: Command
    reply: Callable[[str], None]
    origin: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """`check` returns the value as the session gets it, or raises CommandError. `default` None: left out."""

    name: str
    check: Callable[[object], int | str]
    default: int | str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    meaning: str
    parameters: tuple[Parameter, ...] = ()


def _number(value: object) -> int | None:
    """A whole number however a wire carries it: 3, 3.0 or '3'."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and len(value) <= 6 and value.isascii() and value.isdigit():
        return int(value)
    return None


def _shown(value: object) -> str:
    return repr(value if not isinstance(value, str | bytes) else value[:MAX_TEXT])[: MAX_TEXT + 3]


def _input(value: object) -> int | str:
    if value == "all":
        return "all"
    number = _number(value)
    if number is None or not 1 <= number <= MAX_CHANNEL:
        raise CommandError(f"an input is a number from 1 to {MAX_CHANNEL}, or all; got {_shown(value)}")
    return number


def _take_action(value: object) -> str:
    return _one_of(value, {"start": "start", "stop": "stop"})


def _check_action(value: object) -> str:
    return _one_of(value, {word: word for word in CHECK_ACTIONS})


def _one_input(value: object) -> int | str:
    if value == "all":
        raise CommandError("name one input")
    return _input(value)


def _switch(value: object) -> str:
    number = int(value) if isinstance(value, bool) else _number(value)
    word = {0: "off", 1: "on"}.get(number, value) if number is not None else value
    return _one_of(word, {"on": "on", "off": "off", "toggle": "toggle"})


def _one_of(value: object, words: Mapping[str, str]) -> str:
    if not isinstance(value, str) or value not in words:
        raise CommandError(f"expected {' or '.join(words)}; got {_shown(value)}")
    return words[value]


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT or not value.isprintable():
        raise CommandError(f"expected 1 to {MAX_TEXT} printable characters; got {_shown(value)}")
    return value


def _labels(value: object) -> str:
    """Words that mean labels, apart by commas; "none" takes back what was said before."""
    text = _text(value)
    if text.strip() == NONE:
        return NONE
    try:
        return ", ".join(listed(text)) or NONE
    except ValueError as error:
        raise CommandError(str(error)) from None


def _level(value: object) -> int | str:
    if value in ("+", "-"):
        return str(value)
    number = _number(value)
    if number is None or not 0 <= number <= MAX_VERBOSITY:
        raise CommandError(f"verbosity is 0 to {MAX_VERBOSITY}, + or -; got {_shown(value)}")
    return number


COMMANDS: Final[Mapping[str, Spec]] = {
    "ask": Spec("what is playing on an input", (Parameter("channel", _input, "all"),)),
    "changed": Spec("what has changed since this was last asked"),
    "repeat": Spec("the last answer once more"),
    "state": Spec("a snapshot of every input"),
    "levels": Spec("peak and RMS of an input", (Parameter("channel", _input, "all"),)),
    "take": Spec(
        "a take starts or stops",
        (Parameter("action", _take_action, required=True), Parameter("position", _text)),
    ),
    "expect": Spec(
        "what an input should carry: labels, or none",
        (Parameter("channel", _one_input, required=True), Parameter("labels", _labels, required=True)),
    ),
    "band": Spec("who plays: labels, or none", (Parameter("labels", _labels, required=True),)),
    "check": Spec(
        "the line check starts, asks for each input, stops, checks one again, skips one, or says where it stands",
        (Parameter("action", _check_action, "status"), Parameter("channel", _one_input)),
    ),
    "accept": Spec("the group that was proposed last is told as one"),
    "undo": Spec("the group that was made last is told input by input again"),
    "mute": Spec("speech clients fall silent, or speak again", (Parameter("action", _switch, "toggle"),)),
    "verbosity": Spec("how much speech clients say", (Parameter("level", _level, required=True),)),
}


def _spec(name: object) -> tuple[str, Spec]:
    if not isinstance(name, str) or name not in COMMANDS:
        hint = nearest(name, COMMANDS) if isinstance(name, str) and len(name) <= MAX_TEXT else ""
        raise CommandError(f"no command {_shown(name)}{hint or '; known: ' + ', '.join(COMMANDS)}")
    return name, COMMANDS[name]


def build(name: object, values: Mapping[str, object]) -> Command:
    """The command with its arguments by name. Raises CommandError naming what is wrong, or the nearest known word."""
    known, spec = _spec(name)
    names = [parameter.name for parameter in spec.parameters]
    for key in values:
        if key not in names:
            raise CommandError(f"{known} takes no {_shown(key)}{nearest(key[:MAX_TEXT], names)}")
    args: dict[str, int | str] = {}
    for parameter in spec.parameters:
        if parameter.name in values:
            args[parameter.name] = parameter.check(values[parameter.name])
        elif parameter.required:
            raise CommandError(f"{known} needs its {parameter.name}")
        elif parameter.default is not None:
            args[parameter.name] = parameter.default
    return Command(known, args)


def parse_words(words: Sequence[object]) -> Command:
    """A command's name and its arguments in the table's order."""
    if not words:
        raise CommandError(f"no command; known: {', '.join(COMMANDS)}")
    name, spec = _spec(words[0])
    if len(words) - 1 > len(spec.parameters):
        count = len(spec.parameters)
        raise CommandError(f"{name} takes {'at most ' if count else ''}{count or 'no'} argument{'s'[: count != 1]}")
    values = {parameter.name: word for parameter, word in zip(spec.parameters, words[1:], strict=False)}
    return build(name, values)


def parse_text(text: str) -> Command:
    """`ask 3`, `take start 00:01:02:03`: the form of the configuration's pedal map."""
    return parse_words(text.split())


def parse_json(message: object) -> Command:
    """`{"do": "ask", "channel": 3}`, already decoded. Raises CommandError."""
    if not isinstance(message, Mapping) or "do" not in message:
        raise CommandError('a command is an object like {"do": "ask", "channel": 3}')
    values = {str(key): value for key, value in message.items() if key != "do"}
    return build(message["do"], values)


def parse_osc(address: str, params: Sequence[object]) -> Command | None:
    """`/earmark/do/ask 3`, or `/earmark/do/ask/3 1.0` for surfaces whose buttons send one value.

    Where the address says it all, a number behind it is the button: None for its release (0). Raises CommandError.
    """
    if not address.startswith(OSC_PREFIX):
        raise CommandError(f"a command's address begins with {OSC_PREFIX}; got {_shown(address)}")
    words: list[object] = list(address.removeprefix(OSC_PREFIX).split("/"))
    name, spec = _spec(words[0])
    complete = len(words) > 1 or not spec.parameters
    if complete and len(params) == 1 and isinstance(params[0], int | float):
        return parse_words(words) if params[0] else None
    return parse_words([name, *words[1:], *params])


class Pedals:
    """What notes and controllers ask, learned from a map like `{"note 60": "ask all", "cc 64": "take start"}`.

    Any MIDI channel will do. Only a press asks: a note-on with a velocity, a controller that rises to 64 or more.
    Raises UsageError for a map that cannot be read.
    """

    def __init__(self, learned: Mapping[str, str]) -> None:
        self._commands = {_key(key): _learned(key, text) for key, text in learned.items()}
        self._down: set[tuple[int, int]] = set()

    def parse(self, message: Any) -> Command | None:
        """The command of a `mido.Message`, None where it asks nothing."""
        if message.type == "note_on" and message.velocity > 0:
            return self._commands.get(("note", message.note))
        if message.type == "control_change":
            return self._controller(message.channel, message.control, message.value)
        return None

    def _controller(self, channel: int, control: int, value: int) -> Command | None:
        was_down = (channel, control) in self._down
        if value < PRESSED:
            self._down.discard((channel, control))
            return None
        self._down.add((channel, control))
        return None if was_down else self._commands.get(("cc", control))


def _key(text: str) -> tuple[str, int]:
    kind, _, number = text.partition(" ")
    if kind not in ("note", "cc") or not number.isdecimal() or int(number) > 127:
        raise UsageError(f"midi.commands: '{text}' is no key; write 'note 60' or 'cc 64' (0 to 127)")
    return kind, int(number)


def _learned(key: str, text: str) -> Command:
    try:
        return parse_text(text)
    except CommandError as error:
        raise UsageError(f"midi.commands: '{key}': {error}") from error
