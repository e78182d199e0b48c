"""Keeps the libraries below us from writing over the terminal."""

import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_STDERR: Final = 2
# One at a time: two threads that came and went in turn would leave standard error closed for good.
_lock: Final = threading.RLock()


@contextmanager
def no_complaints() -> Generator[None]:
    """ALSA and JACK write straight to file descriptor 2 when something is missing; our own errors say it better.

    Standard error of the whole process goes nowhere meanwhile: for the opening of devices and ports only.
    """
    with _lock:
        try:
            kept = os.dup(_STDERR)
        except OSError:  # a program without a terminal may have none
            yield
            return
        if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison] - pythonw has none
            sys.stderr.flush()
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, _STDERR)
        os.close(nothing)
        try:
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
