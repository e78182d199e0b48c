"""A JACK server with the dummy driver for tests and benches: a sound card that is not there."""

import importlib
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from .real import require

_READY_S: Final = 15.0
_NAMES: Final = 4
_TAIL_S: Final = 1.5
"""jack-stdin needs more than its 65,536 frames to begin at all, and loses its last part of a period: silence, so."""


class JackServer:
    """A server of a name of its own with `channels` inputs at `rate` Hz, callbacks of `period` frames.

    What is to use it (PortAudio, MIDI) must run in a process that was started with `environment`: JACK's library reads
    the server's name once. Use as a context manager.

    With `waits_for_clients` it runs in real time and a cycle lasts until every client is done, so that no sample is
    lost on a busy machine; a client that dies then holds it up for 20 s.
    """

    def __init__(self, channels: int, rate: int = 48_000, period: int = 256, *, waits_for_clients: bool = True) -> None:
        self._manners = ["-R", "-P70", "-S", "-t", "20000"] if waits_for_clients else ["-r"]
        self.channels = channels
        self.rate = rate
        self.period = period
        self.environment = {**os.environ, "JACK_NO_AUDIO_RESERVATION": "1", "JACK_NO_START_SERVER": "1"}
        self._jackd = require("jackd", "jackd2")
        self._server: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._number = 0

    def __enter__(self) -> "JackServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it takes clients. Started again, it has the same name if nobody took it."""
        self._take_name()
        name = self.environment["JACK_DEFAULT_SERVER"]
        command = [self._jackd, "-n", name, *self._manners, "-d", "dummy"]
        command += ["-r", str(self.rate), "-p", str(self.period), "-C", str(self.channels), "-P", "2"]
        self._server = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + _READY_S
        while "system:capture_1" not in self.ports():
            if self._server.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("jackd did not start")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server and wait until it has gone. Harmless when it is not running."""
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(10)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _take_name(self) -> None:
        """JACK has places for 8 names on a machine and never frees that of a server that was killed: so use few."""
        fcntl = importlib.import_module("fcntl")  # POSIX has it, as it has JACK's server
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline:
            lock = os.open(Path(tempfile.gettempdir()) / f"earmark-jack-{self._number}.lock", os.O_CREAT | os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                self._number = (self._number + 1) % _NAMES
                time.sleep(0.05)
                continue
            self._lock = lock
            self.environment["JACK_DEFAULT_SERVER"] = f"earmark-{self._number}"
            return
        raise RuntimeError(f"{_NAMES} JACK servers of these tests are running")

    def ports(self) -> list[str]:
        """Names of all ports; none while the server is not ready."""
        listed = subprocess.run(
            [require("jack_lsp", "jackd2")], env=self.environment, capture_output=True, text=True, timeout=20
        )
        return listed.stdout.splitlines() if listed.returncode == 0 else []

    def wait_for_ports(self, *ports: str) -> None:
        """Wait until a client has all of `ports`."""
        deadline = time.monotonic() + _READY_S
        while not set(ports) <= set(self.ports()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"JACK has no ports {sorted(set(ports) - set(self.ports()))}")
            time.sleep(0.05)

    def feed(self, wav: Path, ports: list[str]) -> "Feed":
        """Play `wav`, a file of 16 bits with one channel for each of `ports`, into them; begins within a second."""
        self.wait_for_ports(*ports)
        return Feed(wav, ports, self.environment)


class Feed:
    """`sox FILE | jack-stdin PORTS`: samples of 16 bits arrive as value / 32768, then silence."""

    def __init__(self, wav: Path, ports: list[str], environment: dict[str, str]) -> None:
        raw = ["-t", "raw", "-e", "signed", "-b", "16", "-L", "-"]
        self._sox = subprocess.Popen(
            [require("sox", "sox"), str(wav), *raw, "pad", "0", str(_TAIL_S)], stdout=subprocess.PIPE
        )
        stdin = [require("jack-stdin", "jack-stdio"), "-q", "-e", "signed", "-b", "16", "-L", "-p", "2", *ports]
        self._jack_stdin = subprocess.Popen(stdin, stdin=self._sox.stdout, env=environment)
        assert self._sox.stdout
        self._sox.stdout.close()

    def wait(self, timeout_s: float) -> None:
        """Until all of it was played."""
        self._jack_stdin.wait(timeout_s)
        self._sox.wait(timeout_s)

    def stop(self) -> None:
        """End early. Harmless when it has ended."""
        for process in (self._jack_stdin, self._sox):
            process.terminate()
            process.wait()
