"""A sound file: at the pace of real time as if it were a device, or as fast as somebody takes its blocks."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from ..errors import UsageError
from .channels import choose
from .threaded import ThreadedSource

_PACE: Final = 1024
"""Frames at a time at the pace of real time, as a device's callback brings them."""

_READ: Final = 4096
"""Most frames read at once: what stands before damage in the same read would be lost with it."""

_ENDLESS: Final = 0xFFFF_FF00
"""A data size in bytes from here on says that the writer did not know it (a WAV that came through a pipe)."""

_CUT: Final = re.compile(r"^\s*(?:data|SSND)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)


class FileSource(ThreadedSource):
    """Anything that soundfile reads (WAV, FLAC, Ogg, MP3, AIFF, CAF …), any rate, any number of channels.

    Raises UsageError if the file is missing, empty, or no sound, or has no such `channels`.
    """

    live = True

    def __init__(self, path: Path, channels: str | None = None) -> None:
        with _open(path) as sound:
            columns = choose(channels, sound.channels, path.name)
            self.frames = _promised_frames(sound)
            """Length by the file's header; 0 where it gives none."""
            super().__init__(path.name, sound.samplerate, len(columns))
        self.path = path
        self.frames = self.frames
        """Length that the file's header gives, in frames; 0 if it gives none."""
        self.damage = ""
        """One line once the end came earlier than the file's header says; "" if it did not."""
        self._columns = list(columns)

    def blocks(self, frames: int) -> Iterator[NDArray[np.float32]]:
        """The whole file from its beginning as planar float32 blocks `[channels, n]`, n <= `frames`.

        Values are left as they are, NaN among them. All that can be read of a damaged file comes; see `damage`.
        """
        read = 0
        with _open(self.path) as sound:
            while len(block := _read(sound, min(frames, _READ))):
                read += len(block)
                yield block.T[self._columns]
        if self.frames - read > self.rate // 10:  # the lengths that MP3s give are not exact
            seconds, whole = read / self.rate, self.frames / self.rate
            self.damage = (
                f"{self.path} is damaged or cut short: {seconds:.2f} s of {whole:.2f} s could be read; "
                "copy or export it again"
            )

    def _run(self) -> None:
        begin_s = time.monotonic()
        due = 0
        for block in self.blocks(_PACE):
            due += block.shape[1]
            # Counted from the beginning, not from the last block: late once is not late for ever.
            if self._stopping.wait(max(0.0, begin_s + due / self.rate - time.monotonic())):
                return
            self._write(block.T)
        if self.damage:
            self._report("failed", self.damage)


def _open(path: Path) -> soundfile.SoundFile:
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    if empty:
        raise UsageError(f"{path} is empty")
    try:
        sound = soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, TypeError):
        raise UsageError(f"{path} is not sound in a form that can be read (WAV, FLAC, Ogg, MP3, AIFF …)") from None
    if sound.frames == 0:
        sound.close()
        raise UsageError(f"{path} holds no sound")
    return sound


def _read(sound: soundfile.SoundFile, frames: int) -> NDArray[np.float32]:
    try:
        return np.asarray(sound.read(frames, dtype="float32", always_2d=True), np.float32)
    except soundfile.LibsndfileError:  # damage reads as the end, which is then found to be early
        return np.empty((0, sound.channels), np.float32)


def _promised_frames(sound: soundfile.SoundFile) -> int:
    """Length that the header gives; 0 if it gives none."""
    if sound.frames >= 2**62:  # FLAC from a pipe
        return 0
    cut = _CUT.search(sound.extra_info)
    if cut is None:
        return sound.frames
    told, there = int(cut[1]), int(cut[2])
    return sound.frames * told // there if 0 < there < told < _ENDLESS else sound.frames
