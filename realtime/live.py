"""`earmark live`: a source, the session and every way out, until Ctrl-C, the end of the sound, or `--for` seconds."""

import gc
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Literal

import numpy as np
from rich.console import Console
from rich.live import Live
from threadpoolctl import threadpool_limits

from ..model.tagger import Tagger
from .board import Board
from .commands import Request
from .config import Config
from .engine import Engine
from .errors import EarmarkError
from .flags import shown
from .folders import journals
from .identity import new_identity
from .outlets import Outlets
from .printer import Printer
from .recorder import Recorder
from .session import Session
from .sinks import journal
from .sinks.base import Taker
from .sources.base import Source
from .sources.open import open_source
from .table import live_table

REDRAW_S = 0.25
Show = Literal["table", "lines", "nothing"]  # the table below the events, the events alone (for screen readers), none
SWITCH_S = 0.0005  # how long another thread may hold the interpreter while an audio callback waits for it


def run_live(config: Config, for_s: float | None, show: Show) -> None:
    """Raises EarmarkError if the source, the model or a way out cannot be opened, or if listening broke off."""
    run_source(open_source(config.source), with_journal(config), for_s, show)


def run_source(
    source: Source, config: Config, for_s: float | None, show: Show, *, needs_all: bool = True, tap: Taker | None = None
) -> float:
    """Listen to `source`; how many seconds of it were heard. `tap` gets every event beside the configured sinks.

    Where a way out cannot be opened, `needs_all` says whether that is an error or is only told.
    """
    console = Console(stderr=True)
    printer = Printer()
    takers = [printer, *([tap] if tap else [])]
    with listening(source, config, console, takers, needs_all=needs_all) as engine:
        with Live(console=console, auto_refresh=False, transient=True) as screen:
            wait(engine, for_s, lambda: _show(engine, printer, console, screen, show))
        engine.stop()
        if show != "nothing":
            _tell(printer, console)
    return engine.heard_s


@contextmanager
def listening(
    source: Source,
    config: Config,
    console: Console,
    takers: Sequence[Taker],
    *,
    needs_all: bool = True,
    first: Sequence[Request] = (),
) -> Generator[Engine]:
    """The engine at work, with every way out; stopped at the end, where the summary is told.

    `takers` get every event beside the configured sinks. `first` are commands that are served before any sound.
    Raises what run_live raises. Where a way out cannot be opened, `needs_all` says whether that is an error.
    """
    tagger = Tagger(config.model.file, config.model.compute)
    tagger.warm_up(source.channels)
    if source.live:
        tagger.require_real_time(source.channels, config.model.hop_ms / 1000)
    engine = _engine(source, config, tagger)
    outlets = Outlets(config, source.channels, engine)
    try:
        if needs_all:
            outlets.start()
        else:
            for line in outlets.start_what_can():
                say(console, f"Left out: {line}")
        engine.sinks = [*outlets.sinks, *takers]
        for request in first:
            engine.submit(request)
        settle()
        engine.start()
        say(console, _banner(source, config, tagger))
        for line in shown(config):
            say(console, f"  {line}")
        yield engine
        engine.stop()
    finally:
        outlets.stop()
    say(console, _summary(engine, config))
    if engine.failure is not None:
        raise engine.failure
    for health in engine.late_news():
        line = f"{health.part}: {health.detail}"
        if health.part == journal.NAME:  # the others carry what is live; this one was to be kept
            raise EarmarkError(line)
        say(console, line)


def with_journal(config: Config) -> Config:
    """`config` with a journal of its own in the user's data folder, where none was named."""
    if config.journal is not None:
        return config
    folder = journals()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EarmarkError(f"cannot make {folder}: {error.strerror}; name a file with --journal FILE") from None
    return config.model_copy(update={"journal": str(folder / f"{datetime.now():%Y-%m-%d %H.%M.%S}.jsonl")})


def _engine(source: Source, config: Config, tagger: Tagger) -> Engine:
    identity = new_identity(source.channel_names, source.rate, config.inputs, time.time_ns())
    session = Session(identity, tagger, config, time.time_ns)
    engine = Engine(source, session, Board(identity.names, identity.rate))
    if config.record is not None:
        engine.recorder = Recorder(Path(config.record), source.rate, source.channels, engine.report)
    return engine


def settle() -> None:
    """Keep the interpreter out of the audio callback's way: short turns, no collector walking over what stays, and no
    threads of the linear algebra, which wait for each other by spinning."""
    sys.setswitchinterval(SWITCH_S)
    threadpool_limits(limits=1, user_api="blas")
    gc.collect()
    gc.freeze()


def wait(engine: Engine, for_s: float | None, look: Callable[[], object], end: threading.Event | None = None) -> None:
    """Wait for the end of the sound or of `for_s`, Ctrl-C, SIGTERM, or `end`; `look` is called again and again."""
    end = end or threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        end.set()

    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    until = None if for_s is None else time.monotonic() + for_s
    try:
        while not end.is_set() and not engine.done.is_set() and (until is None or time.monotonic() < until):
            left_s = REDRAW_S if until is None else min(REDRAW_S, max(0.0, until - time.monotonic()))
            engine.done.wait(left_s)
            look()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(engine: Engine, printer: Printer, console: Console, screen: Live, show: Show) -> None:
    """The new events as lines, and the table below them."""
    if show == "nothing":
        return
    _tell(printer, console)
    if show == "table" and console.is_terminal:
        screen.update(live_table(engine.snapshot, engine.levels()), refresh=True)


def _tell(printer: Printer, console: Console) -> None:
    for line in printer.take():
        say(console, line)


def say(console: Console, text: str) -> None:
    """As it is: no markup, and no line breaks of ours, which would be in the way of whoever searches the output."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def _banner(source: Source, config: Config, tagger: Tagger) -> str:
    return (
        f"Listening to {source.name}: {_many(source.channels, 'input')} at {source.rate} Hz. "
        f"Model {tagger.name} on {tagger.device_name}. Ctrl-C ends."
    )


def _summary(engine: Engine, config: Config) -> str:
    counts = engine.counts
    parts = [_many(engine.event_count, "event"), _many(counts.windows, "window"), f"{counts.skipped} skipped"]
    parts.append(f"{_many(counts.gaps, 'gap')} ({_many(counts.lost_samples, 'sample')})")
    if counts.bad_samples:
        parts.append(f"{counts.bad_samples} samples were not numbers")
    if counts.failed_hops:
        parts.append(f"the model failed on {counts.failed_hops} hops")
    if engine.latencies_ns:
        p50, p99 = np.percentile(np.array(engine.latencies_ns) / 1e6, [50, 99])
        parts.append(f"latency p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    files = [f"Journal: {config.journal}"] if config.journal not in (None, "-") else []
    files += [f"Recording: {config.record}"] if config.record else []
    return "\n".join([", ".join(parts) + ".", *files])


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
