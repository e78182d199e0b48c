"""Events to MIDI ports, only where somebody asked for it: a note may play somebody's instrument."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from ..config import MidiConfig
from ..errors import EarmarkError, UsageError
from ..events import Event
from .base import QueueSink, Report
from .midi_messages import MidiEncoder, Out, ports_needed
from .midi_ports import PORT, VIRTUAL, MidiPort

SEPARATOR: Final = ","
BURST: Final = 32
BURST_S: Final = 0.03


class MidiSink(QueueSink):
    """Sends to `config.port`: "virtual", or names of existing ports, separated by commas, one for every 16 inputs.

    start() raises UsageError naming the ports that exist, or EarmarkError saying which part is missing. A port that
    vanishes is reported, and opened again when it is back. Everything is switched off at the start, before what was
    left by a run that crashed, and at the end.
    """

    tick_s = 1.0

    def __init__(self, config: MidiConfig, inputs: int, report: Report, want_state: Callable[[], None]) -> None:
        super().__init__("midi", report, want_state)
        self._wanted = _wanted(config.port or VIRTUAL, ports_needed(inputs))
        self._encoder = MidiEncoder(inputs, config.mode, confidence=config.confidence)
        self._ports: list[MidiPort] = []

    def _open(self) -> None:
        try:
            for wanted, own_name in self._wanted:
                self._ports.append(MidiPort(wanted, "output", own_name))
        except Exception:
            self._close_ports()
            raise
        self._write_slowly(self._encoder.fresh())

    def _send(self, events: Sequence[Event]) -> None:
        self._write(self._encoder.encode(events))

    def _tick(self) -> None:
        gone = [port.name for port in self._ports if not port.is_there()]
        if gone:
            raise EarmarkError(f"MIDI output '{gone[0]}' is gone")

    def _close(self) -> None:
        try:
            if self._ports:
                self._write(self._encoder.end())
        finally:
            self._close_ports()

    def _write(self, out: Sequence[Out]) -> None:
        for port, message in out:
            self._ports[port].send(message.bytes())

    def _write_slowly(self, out: Sequence[Out]) -> None:
        """For hundreds of messages: at the pace of a MIDI cable, since faster ones overrun the buffers of receivers."""
        queues = [[one for one in out if one.port == port] for port in range(len(self._ports))]
        for start in range(0, max(map(len, queues)), BURST):
            for queue in queues:
                self._write(queue[start : start + BURST])
            time.sleep(BURST_S)

    def _close_ports(self) -> None:
        ports, self._ports = self._ports, []
        for port in ports:
            port.close()


def _wanted(port: str, count: int) -> list[tuple[str, str]]:
    """For each port that is needed: the wanted name, and the name it gets if it is ours."""
    own = [PORT if index == 0 else f"{PORT} {index + 1}" for index in range(count)]
    if port == VIRTUAL:
        return [(VIRTUAL, name) for name in own]
    names = [name.strip() for name in port.split(SEPARATOR)] if count > 1 else [port]
    if len(names) < count:
        raise UsageError(f"a MIDI port carries 16 inputs: name {count} ports, separated by commas, or use '{VIRTUAL}'")
    return list(zip(names[:count], own, strict=True))
