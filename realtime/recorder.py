"""Keeps what was heard in a WAV file whose sample 0 is the stream's sample 0."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .errors import UsageError
from .health import Health, State
from .wav import WavWriter

_log = logging.getLogger(__name__)

_QUEUE_S: Final = 10
"""Seconds of sound that may wait for the disk; more becomes silence, so that the rest keeps its place."""

_SYNC_S: Final = 10.0
_SILENCE_FRAMES: Final = 4096


class Recorder:
    """Writes float32 at `rate` Hz on a thread of its own; `write` and `lose` never wait.

    Raises UsageError if `path` cannot be written. A disk that fails later is reported once: the recording ends there,
    and the caller need not care.
    """

    def __init__(self, path: Path, rate: int, channels: int, report: Callable[[Health], None]) -> None:
        self._name = f"recording {path.name}"
        self._report = report
        try:
            self._file = WavWriter(path, rate, channels)
        except OSError as error:
            raise UsageError(f"cannot record to {path}: {error.strerror}") from None
        self._silence = np.zeros((channels, _SILENCE_FRAMES), np.float32)
        self._queue: queue.SimpleQueue[NDArray[np.float32] | int | None] = queue.SimpleQueue()
        self._room = _QUEUE_S * rate
        self._put = 0  # each side has a counter of its own, so that neither needs a lock
        self._written = 0
        self._missed = 0  # silence that is due before the next block
        self._behind = False
        self._broken = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def write(self, block: NDArray[np.float32]) -> None:
        """Append `block`, `[channels, n]`, which must not change afterwards."""
        if self._broken.is_set():
            return
        samples = block.shape[1]
        if self._put - self._written + samples > self._room:
            if not self._behind:
                self._tell("overflow", "the disk is too slow; what does not fit is recorded as silence")
            self._behind = True
            self._missed += samples
            return
        self._behind = False
        self._put_silence()
        self._put += samples
        self._queue.put(block)

    def lose(self, samples: int) -> None:
        """Append `samples` of silence, in the place of samples that never came."""
        self._missed += samples

    def close(self) -> None:
        """Write what waits and end the file."""
        self._put_silence()
        self._queue.put(None)
        self._thread.join()

    def _put_silence(self) -> None:
        if self._missed:
            self._queue.put(self._missed)
            self._missed = 0

    def _run(self) -> None:
        try:
            self._write_all()
        except OSError as error:
            self._broken.set()
            self._tell("failed", f"recording ended: {error.strerror}")
        finally:
            self._close()

    def _write_all(self) -> None:
        synced_s = time.monotonic()
        while (item := self._queue.get()) is not None:
            if isinstance(item, int):
                self._write_silence(item)
            else:
                self._file.write(item)
                self._written += item.shape[1]
            if time.monotonic() - synced_s > _SYNC_S:
                self._file.sync()
                synced_s = time.monotonic()

    def _write_silence(self, samples: int) -> None:
        while samples > 0:
            part = min(samples, _SILENCE_FRAMES)
            self._file.write(self._silence[:, :part])
            samples -= part

    def _close(self) -> None:
        try:
            self._file.close()
        except OSError as error:
            if not self._broken.is_set():
                self._tell("failed", f"recording ended: {error.strerror}")

    def _tell(self, state: State, detail: str) -> None:
        _log.warning("%s: %s", self._name, detail)
        self._report(Health(self._name, state, detail))
