"""The part that sources with a thread of their own share: file, pipe and ReaStream."""

import logging
import threading
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..errors import EarmarkError
from ..health import Health, State
from ..ring import Ring
from .base import Report, Wake

_log = logging.getLogger(__name__)

_STOP_WAIT_S: Final = 1.0


class ThreadedSource:
    """Runs `_run` on a thread between `start` and `stop`; a subclass brings sound there by `_write` and `_lose`."""

    def __init__(self, name: str, rate: int, channels: int) -> None:
        self.name = name
        self.rate = rate
        self.channels = channels
        self.channel_names = ("",) * channels
        self._stopping = threading.Event()
        self._finished = False
        self._thread: threading.Thread | None = None

    @property
    def finished(self) -> bool:
        """True once no more sound will come; all that came is in the ring by then."""
        return self._finished

    def start(self, ring: Ring, wake: Wake, report: Report) -> None:
        """Begin to write into `ring`. Raises ValueError if the ring has other channels or the source was started."""
        if ring.channels != self.channels or self._thread is not None:
            raise ValueError("a source starts once, into a ring of its own channels")
        self._ring = ring
        self._wake = wake
        self._report_health = report
        self._thread = threading.Thread(target=self._guarded, name=f"source {self.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; nothing writes into the ring any more. Harmless when not running."""
        self._stopping.set()
        if self._thread is not None:
            # A thread that hangs in a read outlives this; it looks at the flag before it writes anything.
            self._thread.join(_STOP_WAIT_S)

    def _run(self) -> None:
        """Bring sound until `_stopping` is set or there is no more."""
        raise NotImplementedError

    def _guarded(self) -> None:
        try:
            self._run()
        except EarmarkError as error:
            self._report("failed", str(error))
        except Exception as error:
            _log.exception("the source %s failed", self.name)
            self._report("failed", f"{type(error).__name__}: {error}")
        finally:
            self._finished = True
            self._wake()

    def _report(self, state: State, detail: str) -> None:
        if not self._stopping.is_set():
            self._report_health(Health(self.name, state, detail))

    def _write(self, block: NDArray[np.float32]) -> None:
        """`block` is `[frames, channels]`."""
        if not self._stopping.is_set():
            self._ring.write(block)
            if self._ring.take_wake():
                self._wake()

    def _write_patiently(self, block: NDArray[np.float32]) -> None:
        """As `_write`, but waits until the reader has made room; nothing is overwritten."""
        step = max(1, self._ring.capacity // 4)
        for begin in range(0, len(block), step):
            part = block[begin : begin + step]
            if self._ring.room < len(part):
                self._wake()  # the reader may be waiting for more than the ring can hold
            while self._ring.room < len(part) and not self._stopping.wait(0.005):
                pass
            self._write(part)
