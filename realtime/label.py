"""`earmark label`: sound files through the same session as live, as fast as possible."""

import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from threadpoolctl import threadpool_limits

from ..model.tagger import Tagger
from .board import Board
from .config import Config
from .errors import EarmarkError, UsageError
from .event_line import event_line
from .events import Event
from .identity import new_identity
from .session import Session
from .sinks.journal import JournalFile
from .sources.file import FileSource

BLOCK_FRAMES = 48_000


class DamagedError(EarmarkError):
    """A file ended too early; what there was is labelled."""


def run_label(files: Sequence[Path], config: Config, two_pass: bool = False) -> None:
    """Label each file as a session of its own. A file that cannot be read, or not to its end, is told, and the others
    go on. `two_pass`: the names are decided when the whole file is heard.

    Raises EarmarkError at the end if there was any.
    """
    threadpool_limits(limits=1, user_api="blas")  # its threads wait for each other by spinning
    tagger = Tagger(config.model.file, config.model.compute)
    journal = JournalFile(config.journal) if config.journal else None
    failed: list[EarmarkError] = []
    console = Console(stderr=True)
    percent = TextColumn("{task.percentage:.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), percent, TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        for file in files:
            try:
                _label(file, config, tagger, journal, progress, two_pass)
            except (UsageError, DamagedError) as error:
                failed.append(error)
                if len(files) > 1:
                    click.echo(f"earmark: {error}", err=True)
    if journal is not None:
        journal.close()
    if failed:
        one = len(files) == 1
        raise failed[0] if one else EarmarkError(f"{len(failed)} of {len(files)} files could not be read whole")


def _label(
    file: Path, config: Config, tagger: Tagger, journal: JournalFile | None, progress: Progress, two_pass: bool
) -> None:
    source = FileSource(file)
    identity = new_identity(source.channel_names, source.rate, config.inputs, time.time_ns(), str(file))
    session = Session(identity, tagger, config, time.time_ns, two_pass)
    tagger.warm_up(len(identity.names))
    board = Board(identity.names, identity.rate, str(file))
    _give([*session.tell_state(board.snapshot()), *session.tell_groups()], journal)
    bar = progress.add_task(file.name, total=source.frames or None)
    for block in source.blocks(BLOCK_FRAMES):
        _give(session.push(block), journal)
        progress.advance(bar, block.shape[1])
    if source.damage:
        _give(session.tell_device("failed", source.damage), journal)
    _give(session.finish(), journal)
    if source.damage:
        raise DamagedError(source.damage)


def _give(events: Sequence[Event], journal: JournalFile | None) -> None:
    if journal is None:
        for event in events:
            click.echo(event_line(event))
        return
    try:
        journal.write(events)
    except OSError as error:
        raise EarmarkError(f"cannot write the journal: {error.strerror}; what was written before is whole") from error
