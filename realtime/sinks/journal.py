"""The journal: every session as JSON Lines, one event a line, in the order of `seq`.

A file that exists is kept: the new session follows the old ones. Each session's lines carry its name, so that they can
be told apart.
"""

import io
import json
import logging
import os
import stat
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from ..errors import EarmarkError
from ..events import KINDS, Event
from .base import QueueSink, Report
from .lines import to_lines

NAME: Final = "journal"
STDOUT: Final = "-"
USUAL_KINDS: Final = frozenset(name for name, kind in KINDS.items() if not kind.on_request)

_log = logging.getLogger(__name__)


class JournalFile:
    """An open journal. `write` returns when the system has the lines; nothing waits in a buffer of ours."""

    def __init__(self, target: str, kinds: Collection[str] = USUAL_KINDS) -> None:
        """`target` is a path, or "-" for standard output. Raises EarmarkError where it cannot be opened."""
        self._kinds = kinds
        try:
            self._raw = _open_stdout() if target == STDOUT else open(target, "ab", buffering=0)  # noqa: SIM115
            self._end_torn_line(target)
        except OSError as error:
            raise EarmarkError(f"cannot write the journal {target}: {error.strerror}; choose another file") from error

    def write(self, events: Sequence[Event]) -> None:
        """Appends one line for each event of the wanted kinds. A file gets all of them or, where OSError is raised,
        none; what is not a file may have got some."""
        lines = to_lines([event for event in events if event.kind in self._kinds])
        if lines:
            self._append(b"".join(line.data + b"\n" for line in lines))

    def close(self) -> None:
        self._raw.close()

    def _append(self, data: bytes) -> None:
        length = self._file_bytes()
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._raw.write(rest) or 0 :]
        except OSError:
            if length is not None:
                self._raw.truncate(length)
            raise

    def _file_bytes(self) -> int | None:
        """Length of the file; None where it is a pipe, a terminal or a device."""
        try:
            status = os.fstat(self._raw.fileno())
        except io.UnsupportedOperation:
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def _end_torn_line(self, target: str) -> None:
        """A line that a crash cut off gets its newline, so that the next one stands alone."""
        if target == STDOUT or not self._file_bytes():
            return
        with open(target, "rb") as old:
            old.seek(-1, os.SEEK_END)
            torn = old.read(1) != b"\n"
        if torn:
            self._append(b"\n")


class JournalSink(QueueSink):
    """Writes the journal on a thread of its own. While the disk is full events wait; the oldest go when too many do."""

    keeps_while_down = True

    def __init__(
        self,
        target: str,
        report: Report,
        want_state: Callable[[], None],
        *,
        kinds: Collection[str] = USUAL_KINDS,
        **options: Any,
    ) -> None:
        """`target` is a path, or "-" for standard output; `kinds` are written, the others are not."""
        super().__init__(NAME, report, want_state, **options)
        self._target = target
        self._kinds = kinds
        self._file: JournalFile | None = None

    def _open(self) -> None:
        self._file = JournalFile(self._target, self._kinds)

    def _send(self, events: Sequence[Event]) -> None:
        assert self._file is not None
        self._file.write(events)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def read_journal(path: str | Path) -> Iterator[dict[str, Any]]:
    """The events of a journal, all its sessions in order, up to the last whole line.

    A line that is no JSON object (torn by a crash before the next session) is skipped and logged. Raises OSError.
    """
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            event = _parsed(line)
            if event is None:
                _log.warning("%s, line %d: not a whole event, skipped", path, number)
            else:
                yield event


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def _open_stdout() -> io.RawIOBase:
    """Standard output without a buffer of its own: a line that could not be written must not come twice."""
    try:
        return open(sys.stdout.fileno(), "wb", buffering=0, closefd=False)
    except io.UnsupportedOperation:  # standard output is an object of this process
        return _Shared(sys.stdout.buffer)


class _Shared(io.RawIOBase):
    """Writes through to a stream that is not ours to close."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, data: Any, /) -> int:
        written = self._stream.write(data)
        self._stream.flush()
        return written
