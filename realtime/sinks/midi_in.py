"""A MIDI input for commands by pedal and for what a DAW tells of its transport (MMC)."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Final

from mido import Message

from ..commands import Pedals, Request
from ..config import MidiConfig
from ..errors import EarmarkError
from ..health import Health
from ..transport import Transport
from .base import Report
from .midi_ports import VIRTUAL, MidiPort

WATCH_S: Final = 1.0
OWN_NAME: Final = "Earmark (commands)"

_log = logging.getLogger(__name__)


class MidiInput:
    """Listens on `config.listen`; `config.commands` says which note or controller asks what.

    `submit` is called from a thread of the MIDI system and must not block; there is nowhere to send an answer to, so it
    is only logged. start() raises as MidiPort does. A port that vanishes is reported, and opened again when it is back.
    """

    name: Final = "midi in"

    def __init__(self, config: MidiConfig, submit: Callable[[Request], None], report: Report) -> None:
        self._wanted = config.listen or VIRTUAL
        self._submit = submit
        self._report = report
        self._pedals = Pedals(config.commands)
        self._transport = Transport()
        self._port: MidiPort | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="earmark-midi-in", daemon=True)

    def start(self) -> None:
        self._open()
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        if self._port is not None:
            self._port.close()

    def receive(self, data: list[int]) -> None:
        """The bytes of one message; what is no command is ignored."""
        try:
            message: Any = Message.from_bytes(data)
        except ValueError:
            return
        sysex = message.type == "sysex"
        command = self._transport.feed_mmc(message.data) if sysex else self._pedals.parse(message)
        if command is not None:
            self._submit(Request(command, lambda text: _log.info("%s: %s", command.name, text), self.name))

    def _open(self) -> None:
        self._port = MidiPort(self._wanted, "input", OWN_NAME)
        self._port.listen(self._receive_quietly)

    def _receive_quietly(self, data: list[int]) -> None:
        try:
            self.receive(data)
        except Exception:
            _log.exception("midi in: a message was ignored")

    def _watch(self) -> None:
        lost = False
        while not self._stopping.wait(WATCH_S):
            lost = self._look(lost)

    def _look(self, lost: bool) -> bool:
        """Whether the port is away, after trying to get it back; `lost` says whether it was."""
        if self._port is not None and self._port.is_there():
            return False
        if self._port is not None:
            self._port.close()
            self._port = None
        try:
            self._open()
        except (EarmarkError, OSError) as error:
            if not lost:
                self._report(Health(self.name, "lost", f"{error}; trying again"))
            return True
        if lost:
            self._report(Health(self.name, "ok", "back again"))
        return False
