"""All ways out of a session and the ways in for commands, made from the configuration."""

from collections.abc import Sequence
from typing import Protocol

from .config import Config
from .engine import Engine
from .errors import EarmarkError
from .sinks.base import Sink
from .sinks.journal import JournalSink

STOP_S = 5.0


class Part(Protocol):
    """Something that runs beside the engine."""

    def start(self) -> None: ...
    def stop(self, timeout_s: float) -> None: ...


class Outlets:
    """`sinks` take events; `others` bring commands in. Raises UsageError for an address or port that is wrong."""

    def __init__(self, config: Config, inputs: int, engine: Engine):
        self.sinks: list[Sink] = []
        self.others: list[Part] = []
        self._started: list[Part] = []
        if config.journal is not None:
            self.sinks.append(JournalSink(config.journal, engine.report, engine.want_state))
        self._add_osc(config, engine)
        self._add_midi(config, inputs, engine)
        if config.ws.listen is not None:
            from .sinks.websocket import WebSocketSink

            self.sinks.append(WebSocketSink(config.ws, engine.report, engine.want_state, engine.submit))

    def start(self) -> None:
        """Start every part. Raises EarmarkError of the first that cannot, with the others stopped again."""
        try:
            for part in self._parts():
                part.start()
                self._started.append(part)
        except Exception:
            self.stop()
            raise

    def start_what_can(self) -> list[str]:
        """Start every part that can; a line for each that cannot, which then stays out of the session."""
        missing: list[str] = []
        for part in self._parts():
            try:
                part.start()
                self._started.append(part)
            except EarmarkError as error:
                missing.append(str(error))
        self.sinks = [sink for sink in self.sinks if sink in self._started]
        return missing

    def stop(self) -> None:
        """Stop what was started; what still waits in the sinks goes out first."""
        for part in reversed(self._started):
            part.stop(STOP_S)
        self._started = []

    def _parts(self) -> Sequence[Part]:
        return [*self.sinks, *self.others]

    def _add_osc(self, config: Config, engine: Engine) -> None:
        if not (config.osc.targets or config.osc.plain or config.osc.listen):
            return
        from .sinks.osc import osc_sinks
        from .sinks.osc_in import OscInput

        targets = osc_sinks(config.osc, engine.report, engine.want_state)
        self.sinks += targets
        if config.osc.listen is not None:
            self.sinks.append(OscInput(config.osc.listen, engine.submit, targets, engine.tracks))

    def _add_midi(self, config: Config, inputs: int, engine: Engine) -> None:
        if config.midi.port is not None:
            from .sinks.midi import MidiSink

            self.sinks.append(MidiSink(config.midi, inputs, engine.report, engine.want_state))
        if config.midi.listen is not None:
            from .sinks.midi_in import MidiInput

            self.others.append(MidiInput(config.midi, engine.submit, engine.report))
