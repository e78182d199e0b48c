"""`earmark label`: sound files through the same session as live, as fast as possible."""

import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from ..model.tagger import Tagger
from .board import Board
from .config import Config
from .errors import EarmarkError
from .events import Event
from .health import Health
from .identity import new_identity
from .lines import event_line
from .session import Session
from .sinks.journal import JournalSink
from .sources.file import FileSource

BLOCK_FRAMES = 48_000


def run_label(files: Sequence[Path], config: Config) -> None:
    """Label each file as a session of its own. A file that cannot be read is told, and the others go on.

    Raises EarmarkError at the end if any failed.
    """
    tagger = Tagger(config.model.file, config.model.compute)
    sink = _journal(config)
    failed: list[EarmarkError] = []
    console = Console(stderr=True)
    percent = TextColumn("{task.percentage:.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), percent, TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        for file in files:
            try:
                _label(file, config, tagger, sink, progress)
            except EarmarkError as error:
                failed.append(error)
                if len(files) > 1:
                    click.echo(f"earmark: {error}", err=True)
    if sink is not None:
        sink.stop(timeout_s=60)
    if failed:
        one = len(files) == 1
        raise failed[0] if one else EarmarkError(f"{len(failed)} of {len(files)} files could not be labelled")


def _label(file: Path, config: Config, tagger: Tagger, sink: JournalSink | None, progress: Progress) -> None:
    source = FileSource(file)
    identity = new_identity(source.channel_names, source.rate, config.inputs, time.time_ns(), str(file))
    session = Session(identity, tagger, config, time.time_ns)
    tagger.warm_up(len(identity.names))
    board = Board(identity.names, identity.rate, str(file))
    _give(session.tell_state(board.snapshot()), sink)
    bar = progress.add_task(file.name, total=source.frames or None)
    for block in source.blocks(BLOCK_FRAMES):
        _give(session.push(block), sink)
        progress.advance(bar, block.shape[1])
    if source.damage:
        click.echo(f"earmark: {source.damage}", err=True)
        _give(session.tell_device("failed", source.damage), sink)
    _give(session.finish(), sink)


def _give(events: Sequence[Event], sink: JournalSink | None) -> None:
    if sink is not None:
        sink.put(events)
        return
    for event in events:
        click.echo(event_line(event))


def _journal(config: Config) -> JournalSink | None:
    """The journal that was asked for; without one the events are printed for people."""
    if config.journal is None:
        return None
    sink = JournalSink(config.journal, _complain, lambda: None)
    sink.start()
    return sink


def _complain(health: Health) -> None:
    click.echo(f"earmark: {health.part}: {health.detail}", err=True)
