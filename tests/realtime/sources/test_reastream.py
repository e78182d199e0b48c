import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray

from earmark.realtime.errors import EarmarkError, UsageError
from earmark.realtime.sources.reastream import ReaStreamSource

from .collect import Collector
from .reastream_sender import packet, packets, ramp

RATE = 48_000


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", 0))
        return port.getsockname()[1]


class Sender:
    """Sends what it is told to, from a port of its own."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(("127.0.0.1", port))

    def send(self, *data: bytes) -> None:
        for one in data:
            self._socket.send(one)

    def close(self) -> None:
        self._socket.close()


@contextmanager
def hearing(
    first: bytes, name: str = "drums", channels: str | None = None
) -> Iterator[tuple[Collector, Sender, int]]:
    """A source that has begun with `first`, which is not part of what it hears."""
    number = free_port()
    sender = Sender(number)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM):
        process = subprocess.Popen(
            [sys.executable, "-c", _REPEAT, str(number), first.hex(), str(sender._socket.getsockname()[1])]
        )
    try:
        source = ReaStreamSource.listen(name, f"127.0.0.1:{number}", channels)
    finally:
        process.terminate()
        process.wait()
    heard = Collector(source)
    try:
        yield heard, sender, number
    finally:
        heard.stop()
        sender.close()


_REPEAT = ""


def noise(channels: int, frames: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).uniform(-1, 1, (channels, frames)).astype(np.float32)
