"""Keys in the terminal while a line check runs: a letter, maybe an input's number, and Enter."""

import os
import sys
import threading
from collections.abc import Callable
from typing import Final

from ..commands import Command, CommandError, parse_words

HELP: Final = "Keys, with Enter: s skips (s 5: input 5), a 5 checks input 5 again, ? says what is open, q ends."
QUIT: Final = "q"
_ACTIONS: Final = {"s": "skip", "a": "again", "?": "status", "": "status"}
_MOST_BYTES: Final = 4096


def parse_key(line: str) -> Command:
    """`a 5` as a command. Raises CommandError where it is none."""
    letter, *rest = line.split() or [""]
    if letter not in _ACTIONS:
        raise CommandError(HELP)
    return parse_words(["check", _ACTIONS[letter], *rest])


def are_there() -> bool:
    """Whether somebody sits at standard input."""
    return sys.stdin is not None and sys.stdin.isatty()  # pyright: ignore[reportUnnecessaryComparison] - pythonw


def listen(take: Callable[[str], None]) -> threading.Thread:
    """`take` gets every line that is typed from now on, on the thread returned, which ends with the terminal."""
    thread = threading.Thread(target=_read, args=(sys.stdin.fileno(), take), name="earmark-keys", daemon=True)
    thread.start()
    return thread


def _read(descriptor: int, take: Callable[[str], None]) -> None:
    # Not through sys.stdin: a thread that waits there holds a lock that Python wants at its end.
    rest = b""
    while data := _read_some(descriptor):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            take(line.decode("utf-8", "replace").strip())


def _read_some(descriptor: int) -> bytes:
    """What was typed; nothing where the terminal is gone."""
    try:
        return os.read(descriptor, _MOST_BYTES)
    except OSError:
        return b""
