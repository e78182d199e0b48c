"""`earmark check`: the line check in the terminal, until all is ticked off or somebody ends it."""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Final

from rich.console import Console

from ..commands import Command, CommandError, Request
from ..config import Config, InputConfig
from ..engine import Engine
from ..errors import UsageError
from ..events import Event
from ..identity import new_identity
from ..knowledge import Knowledge
from ..live import listening, say, wait, with_journal
from ..sinks.journal import STDOUT
from ..sources.base import Source
from ..sources.open import open_source
from . import keys
from .demo import NAMES, StageSource, differences
from .inputs import Result
from .report import NOT_WELL, WELL, exit_code, plain_lines, table
from .words import said

MOST_LINES: Final = 1000
ORIGIN: Final = "terminal"


class Teller:
    """Takes the events of the check and the answers to keys, and keeps them as lines; sets `done` at the check's end.

    What the events of a command have said already is not said again by its answer.
    """

    wanted: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.done = threading.Event()
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._last = ""

    def put(self, events: Sequence[Event]) -> None:
        of_check = [event for event in events if event.kind == "check"]
        lines = [said(event.channel, event.name, event.fields) for event in of_check]
        self._lines.extend(lines)
        self._last = " ".join(lines)
        if any(event.fields["state"] == "done" for event in of_check):
            self.done.set()

    def answer(self, text: str) -> None:
        if text != self._last:
            self._lines.append(text)

    def take(self) -> list[str]:
        """The lines since the last call, oldest first."""
        return [self._lines.popleft() for _ in range(len(self._lines))]


def run_check(config: Config, *, hands_free: bool, demo: bool, for_s: float | None, plain: bool) -> int:
    """The exit code: 1 where a line is open, wrong or bad; of the demo, 0 where exactly the scripted faults were found.

    Raises UsageError where no input's name says what it carries, and what run_live raises.
    """
    if demo:
        named = tuple(InputConfig(channel=number, name=name) for number, name in enumerate(NAMES, 1))
        config = config.model_copy(update={"inputs": named})
    source: Source = StageSource() if demo else open_source(config.source)
    _require_names(source, config)
    out = Console(stderr=config.journal == STDOUT)
    engine = _listen(source, config, out, hands_free, for_s)
    results = engine.check_results()
    _report(results, [channel["name"] for channel in engine.snapshot["channels"]], out, plain)
    return _compare(results, out) if demo else exit_code(results)


def _require_names(source: Source, config: Config) -> None:
    names = new_identity(source.channel_names, source.rate, config.inputs, 0).names
    known = Knowledge(config, (), names)
    if not any(known.now.expected) and not any(known.feeds):
        raise UsageError("no input has a name that says what it carries: name them, as in --name 1=Kick --name 2=Snare")


def _listen(source: Source, config: Config, out: Console, hands_free: bool, for_s: float | None) -> Engine:
    """The engine, once the check is over."""
    teller = Teller()
    first = Request(Command("check", {"action": "ask" if hands_free else "start"}), teller.answer, ORIGIN)
    with listening(source, with_journal(config), Console(stderr=True), [teller], first=[first]) as engine:
        if keys.are_there():
            say(out, keys.HELP)
            keys.listen(lambda line: _obey(line, engine, teller))
        wait(engine, for_s, lambda: _tell(teller, out), teller.done)
        engine.stop()
        _tell(teller, out)
    return engine


def _obey(line: str, engine: Engine, teller: Teller) -> None:
    """Do what somebody typed."""
    if line == keys.QUIT:
        teller.done.set()
        return
    try:
        engine.submit(Request(keys.parse_key(line), teller.answer, ORIGIN))
    except CommandError as error:
        teller.answer(str(error))


def _tell(teller: Teller, out: Console) -> None:
    for line in teller.take():
        say(out, line)


def _report(results: Sequence[Result], names: Sequence[str], out: Console, plain: bool) -> None:
    if not plain:
        out.print(table(results, names))
        return
    for line in plain_lines(results, names):
        say(out, line)


def _compare(results: Sequence[Result], out: Console) -> int:
    unlike = differences(results)
    for line in unlike or ["Exactly the scripted faults were found."]:
        say(out, line)
    return NOT_WELL if unlike else WELL
