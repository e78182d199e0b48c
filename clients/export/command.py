"""`earmark export`: a session's journal as files that DAWs, players and scripts open."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click

from ...realtime.errors import EarmarkError, UsageError
from ...realtime.folders import journals
from .formats import FORMATS
from .journal_reader import Journal, read_sessions
from .sheets import file_part, sheets_of
from .spans import Session

LAST: Final = "last"

_TAKE: Final = re.compile(r"take:(\d{1,9})", re.ASCII)


def run_export(session: str, kind: str, out: Path | None, origin: str | None, force: bool) -> None:
    """Writes a file for each session of the journal, and one for each of its inputs.

    `session` is a journal, or "last": the newest of the user's data folder. `kind` is a key of FORMATS. `out` is a
    folder, None for the journal's. `origin` is "take:N" or None for the session's start. Without `force` nothing that
    exists is written over, and then no file is written at all.
    """
    number = _take_number(origin)
    path = newest() if session == LAST else Path(session)
    journal = read_sessions(path)
    _tell_what_is_left_out(path, journal)
    files = _files(path, out or path.parent, journal, kind, number)
    _write(files, force)
    for file in files:
        click.echo(file)


def newest() -> Path:
    """The newest journal of the user's data folder. Raises UsageError where there is none."""
    folder = journals()
    try:
        return max(folder.glob("*.jsonl"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    except ValueError:
        raise UsageError(f"there is no journal in {folder}: name one, as in `earmark export session.jsonl`") from None
    except OSError as error:
        raise UsageError(f"cannot read {folder}: {error.strerror}") from None


def _take_number(origin: str | None) -> int | None:
    if origin is None:
        return None
    take = _TAKE.fullmatch(origin)
    if not take:
        raise UsageError(f"--origin {origin} is not known; write take:3 for the start of take 3")
    return int(take[1])


def _tell_what_is_left_out(path: Path, journal: Journal) -> None:
    if journal.torn:
        _note(f"the last line of {path} is cut off (a crash, or the session still runs) and left out")
    if journal.skipped:
        lines = "1 line is no whole event" if journal.skipped == 1 else f"{journal.skipped} lines are no whole events"
        _note(f"{path}: {lines}, the first is line {journal.first_skipped}; left out")
    for session in journal.sessions:
        if session.open:
            names = "1 name was" if session.open == 1 else f"{session.open} names were"
            _note(f"session {session.id} has no end: {names} still on and ends where the journal does")


def _files(path: Path, folder: Path, journal: Journal, kind: str, number: int | None) -> dict[Path, bytes]:
    """The bytes of every file by its path."""
    files: dict[Path, bytes] = {}
    for session, stem in _stems(path, journal):
        take = None if number is None else session.takes.get(number)
        if number is not None:
            if take is None:
                continue
            stem = f"{stem}-take{number}"
        sheets = sheets_of(session, stem, take)
        if not sheets:
            _note(f"{stem}: nothing was named, so there is no file")
        for sheet in sheets:
            files[folder / f"{stem}{sheet.ending}{FORMATS[kind].ending}"] = FORMATS[kind].encode(sheet)
    if not files:
        raise EarmarkError(_why_nothing(path, journal, number))
    return files


def _stems(path: Path, journal: Journal) -> Iterator[tuple[Session, str]]:
    """The names of the sessions' files, without what follows: the journal's, with number and file where it has many."""
    for number, session in enumerate(journal.sessions, 1):
        if len(journal.sessions) == 1:
            yield session, path.stem
            return
        labelled = file_part(re.split(r"[/\\]", session.path)[-1].rpartition(".")[0]) if session.path else ""
        yield session, f"{path.stem}-{number}" + (f"-{labelled}" if labelled else "")


def _why_nothing(path: Path, journal: Journal, number: int | None) -> str:
    takes = sorted({take for session in journal.sessions for take in session.takes})
    if number is None or number in takes:
        return f"nothing was named in {path}: there is nothing to export"
    there = f"its takes are {', '.join(map(str, takes))}" if takes else "it has no takes"
    return f"{path} has no take {number}: {there}"


def _write(files: Mapping[Path, bytes], force: bool) -> None:
    there = [path for path in files if os.path.lexists(path)]
    if there and not force:
        others = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise UsageError(f"{there[0]} exists{others}: --force writes over, --out names another folder")
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb" if force else "xb") as file:
                file.write(data)
    except OSError as error:
        where = error.filename or next(iter(files)).parent
        raise EarmarkError(f"cannot write {where}: {error.strerror}; --out names another folder") from None


def _note(text: str) -> None:
    click.echo(f"earmark: {text}", err=True)
