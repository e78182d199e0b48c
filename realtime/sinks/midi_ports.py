"""MIDI ports of this machine through python-rtmidi, which is imported nowhere else."""

import importlib
import math
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, NamedTuple

from ..errors import EarmarkError, UsageError
from ..quiet import no_complaints

VIRTUAL: Final = "virtual"
CLIENT: Final = "Earmark"
PORT: Final = "Earmark (control)"
PROVE_AFTER: Final = 1000
"""Messages after which a port makes sure that the MIDI system is still there."""

DRAIN_S: Final = 0.3
"""How long a port stays open after its last message."""

Direction = Literal["input", "output"]


def find_port(names: Sequence[str], wanted: str, direction: Direction) -> int:
    """Index of the port called `wanted`, or of the only one whose name has it as a part. Raises UsageError."""
    plain = [_without_number(name).casefold() for name in names]
    key = _without_number(wanted).casefold()
    exact = [index for index, name in enumerate(plain) if name == key]
    found = exact or [index for index, name in enumerate(plain) if key in name]
    if len(found) == 1:
        return found[0]
    there = "; ".join(names) or "none"
    if not found:
        raise UsageError(f"no MIDI {direction} '{wanted}'; there are: {there}")
    raise UsageError(f"MIDI {direction} '{wanted}' is not clear; write more of the name. There are: {there}")


class MidiSystem(NamedTuple):
    """The MIDI system that answers, and the names of its ports as they are now."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def midi_system() -> MidiSystem:
    """Raises EarmarkError where there is none."""
    with no_complaints():
        source, target = _client("input"), _client("output")
    try:
        name = importlib.import_module("rtmidi").get_api_display_name(target.get_current_api())
        return MidiSystem(name, tuple(source.get_ports()), tuple(target.get_ports()))
    finally:
        source.delete()
        target.delete()


class MidiPort:
    """An open port: `wanted` is a name (see `find_port`), or "virtual" for one of our own called `own_name`.

    Raises UsageError where there is no such port, EarmarkError where there is no MIDI system.
    """

    def __init__(self, wanted: str, direction: Direction, own_name: str = PORT) -> None:
        self._direction: Direction = direction
        with no_complaints():
            self._client = _client(direction)
        self._virtual = wanted == VIRTUAL
        self._unproven = 0
        self._sent_s = -math.inf
        try:
            self.name = self._open_virtual(own_name) if self._virtual else self._open_named(wanted, direction)
        except Exception:
            self._client.delete()
            raise

    def send(self, message: Sequence[int]) -> None:
        """Writes the bytes of one message. Raises OSError, or EarmarkError where the MIDI system itself is gone."""
        self._unproven += 1
        if self._unproven > PROVE_AFTER:
            # JACK does not say that its server died, and when the port's buffer of some 2,300 messages is full, sending
            # stops the whole process.
            _client(self._direction).delete()
            self._unproven = 0
        self._client.send_message(message)
        self._sent_s = time.monotonic()

    def listen(self, receive: Callable[[list[int]], None]) -> None:
        """`receive` gets the bytes of every message but clock and active sensing, on a thread of the MIDI system."""
        self._client.ignore_types(sysex=False, timing=True, active_sense=True)

        def unpack(timed: tuple[list[int], float], _: object) -> None:
            receive(timed[0])

        self._client.set_callback(unpack)

    def is_there(self) -> bool:
        """Whether a named port still exists; nobody tells when a device is unplugged."""
        return self._virtual or self.name in self._client.get_ports()

    def close(self) -> None:
        """What was sent goes out first: JACK takes it with its next cycle; a port that has gone by then loses it."""
        time.sleep(max(0.0, self._sent_s + DRAIN_S - time.monotonic()))
        self._client.close_port()
        self._client.delete()

    def _open_virtual(self, name: str) -> str:
        try:
            self._client.open_virtual_port(name)
        except NotImplementedError as error:
            message = "this system has no virtual MIDI ports; make one with loopMIDI and give its name"
            raise UsageError(message) from error
        return name

    def _open_named(self, wanted: str, direction: Direction) -> str:
        names: list[str] = self._client.get_ports()
        index = find_port(names, wanted, direction)
        self._client.open_port(index, PORT)
        return names[index]


def _client(direction: Direction) -> Any:
    """A client of the first MIDI system that answers, or of the one that MIDO_BACKEND names after its slash."""
    try:
        rtmidi: Any = importlib.import_module("rtmidi")  # no wheel on every Python: MIDI is then an extra
    except ImportError as error:
        raise EarmarkError("MIDI needs python-rtmidi: pip install 'earmark[midi]'") from error
    kind: Any = rtmidi.MidiIn if direction == "input" else rtmidi.MidiOut
    asked = os.environ.get("MIDO_BACKEND", "").partition("/")[2]
    if asked and not hasattr(rtmidi, f"API_{asked}"):
        raise UsageError(f"MIDO_BACKEND names no MIDI system: '{asked}'")
    systems: list[int] = [getattr(rtmidi, f"API_{asked}")] if asked else rtmidi.get_compiled_api()
    failure: Exception | None = None
    for system in systems:
        try:
            return kind(system, name=CLIENT)
        except (OSError, RuntimeError, ValueError) as error:
            failure = error
    raise EarmarkError(f"no MIDI system answers: {_what_to_do()}") from failure


def _what_to_do() -> str:
    if sys.platform == "linux":
        return "load ALSA's sequencer (sudo modprobe snd-seq), or start JACK"
    return "check that MIDI works in another program"


def _without_number(name: str) -> str:
    """ALSA ends names with client and port number, which change with every plugging in."""
    return re.sub(r" \d+:\d+$", "", name)
