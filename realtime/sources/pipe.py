"""Raw PCM from a pipe: `ffmpeg … -f f32le - | earmark live --pipe -`. Interleaved, little endian, no header."""

import os
import stat
import sys
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import EarmarkError, UsageError
from .channels import choose
from .threaded import ThreadedSource

PcmFormat = Literal["s16le", "s24le", "s32le", "f32le"]

_BYTES: Final = {"s16le": 2, "s24le": 3, "s32le": 4, "f32le": 4}
_READ_BYTES: Final = 65_536


class PipeSource(ThreadedSource):
    """Reads `path` ("-": standard input) as fast as the reader takes it, and loses nothing.

    `channels` are those of the pipe, `chosen` those of them to hear ("1-8,12"; None: all). Raises UsageError if
    there is nothing to read from.
    """

    live = False

    def __init__(self, path: str, pcm: PcmFormat, channels: int, rate: int = 48_000, chosen: str | None = None) -> None:
        name = "standard input" if path == "-" else path
        columns = choose(chosen, channels, f"the pipe {name}")
        super().__init__(name, rate, len(columns))
        self._path = path
        self._pcm: PcmFormat = pcm
        self._pipe_channels = channels
        self._columns = list(columns)
        _check(path)

    def _run(self) -> None:
        descriptor = self._open()
        frame_bytes = self._pipe_channels * _BYTES[self._pcm]
        rest = b""
        frames = 0
        try:
            while not self._stopping.is_set() and (read := os.read(descriptor, _READ_BYTES)):
                data = rest + read
                whole = len(data) - len(data) % frame_bytes
                rest = data[whole:]
                block = decode(data[:whole], self._pcm).reshape(-1, self._pipe_channels)
                frames += len(block)
                self._write_patiently(block[:, self._columns])
        finally:
            if self._path != "-":
                os.close(descriptor)
        if frames == 0:
            raise EarmarkError(f"no sound came through {self.name}")
        if rest:
            self._report(
                "failed",
                f"{self.name} ended inside a frame ({len(rest)} bytes too many): are {self._pcm} and "
                f"{self._pipe_channels} channels right?",
            )

    def _open(self) -> int:
        if self._path != "-":
            return os.open(self._path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        if sys.platform == "win32":
            import msvcrt

            msvcrt.setmode(0, os.O_BINARY)  # else line ends would be translated inside the sound
        return 0


def decode(data: bytes, pcm: PcmFormat) -> NDArray[np.float32]:
    """Whole samples as float32, full scale at ±1.0; float samples are left as they are."""
    match pcm:
        case "f32le":
            return np.frombuffer(data, "<f4").astype(np.float32, copy=False)
        case "s16le":
            return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(2**15)
        case "s32le":
            return np.frombuffer(data, "<i4").astype(np.float32) / np.float32(2**31)
        case "s24le":
            padded = np.zeros((len(data) // 3, 4), np.uint8)
            padded[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)  # the upper three bytes of four
            return padded.view("<i4")[:, 0].astype(np.float32) / np.float32(2**31)


def _check(path: str) -> None:
    if path == "-":
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError(
                "nothing is piped in; give the sound like this: ffmpeg … -f f32le - | earmark live --pipe -"
            )
        return
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} is a folder, not a pipe or a file of raw sound")
