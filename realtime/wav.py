"""Writes float32 WAV files, as RF64 (EBU Tech 3306) from 4 GB on.

Written here and not by libsndfile because a recording must not be lost: a full disk is an OSError, the header is right
whenever `sync` has been called, and what becomes longer than 4 GB stays readable.
"""

import os
import struct
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

RIFF_LIMIT = 2**32 - 1
"""From this size in bytes on a RIFF header cannot hold it."""

_SEE_DS64: Final = 2**32 - 1

_FLOAT: Final = 3  # WAVE_FORMAT_IEEE_FLOAT
_HEADER: Final = struct.Struct("<4sI4s 4sIQQQI 4sIHHIIHHH 4sII 4sI")


class WavWriter:
    """`channels` channels at `rate` Hz into `path`, which must not exist yet. Every method may raise OSError.

    After an error the file can still be closed, and is then whole up to its last frame that was written.
    """

    def __init__(self, path: Path, rate: int, channels: int) -> None:
        self._rate = rate
        self._channels = channels
        self._frame_bytes = 4 * channels
        self._data_bytes = 0
        # Unbuffered: what was written is known, and on a full disk the header can still be overwritten.
        self._file = path.open("xb", buffering=0)
        self._file.write(self._header())

    def write(self, block: NDArray[np.float32]) -> None:
        """Append `block`, `[channels, n]`."""
        data = memoryview(block.T.astype("<f4", copy=False).tobytes())
        while data:
            done = self._file.write(data)
            self._data_bytes += done
            data = data[done:]

    def sync(self) -> None:
        """Bring the header up to what was written."""
        self._file.seek(0)
        self._file.write(self._header())
        self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        try:
            self._data_bytes -= self._data_bytes % self._frame_bytes
            self._file.truncate(_HEADER.size + self._data_bytes)
            self.sync()
        finally:
            self._file.close()

    def _header(self) -> bytes:
        frames = self._data_bytes // self._frame_bytes
        data_size = frames * self._frame_bytes
        riff_size = _HEADER.size - 8 + data_size
        small = riff_size < RIFF_LIMIT
        sizes = (0, 0, 0) if small else (riff_size, data_size, frames)
        return _HEADER.pack(
            *(b"RIFF" if small else b"RF64", riff_size if small else _SEE_DS64, b"WAVE"),
            *(b"JUNK" if small else b"ds64", 28, *sizes, 0),
            *(
                b"fmt ",
                18,
                _FLOAT,
                self._channels,
                self._rate,
                self._rate * self._frame_bytes,
                self._frame_bytes,
                32,
                0,
            ),
            *(b"fact", 4, frames if small else _SEE_DS64),
            *(b"data", data_size if small else _SEE_DS64),
        )
