"""Reads Gravis Ultrasound patches (`.pat`), as Debian's `freepats` has them: recorded notes of one instrument.

Layout after the Gravis Ultrasound Software Development Kit, 2.10: a header of 129 bytes, an instrument's of 63, a
layer's of 47, then one of 96 before each recording.
"""

import struct
from pathlib import Path

import numpy as np

from .decoded import SAMPLE_RATE
from .sampler import Audio, Sample

MAGIC = b"GF1PATCH110\0"
FIRST_RECORDING = 129 + 63 + 47
RECORDING = struct.Struct("<7sBIIIHIIIhB6s6s6sBhH36x")
"""Name, fractions, bytes, loop start and end, rate, lowest, highest and own pitch in mHz, tune, pan, ..., modes."""
SIXTEEN_BIT, UNSIGNED, LOOPED, BACK_AND_FORTH = 1, 2, 4, 8
LONGEST_S = 4.0
"""A looped recording is drawn out to this length."""
VELOCITY = 100


def read_patch(path: Path) -> list[Sample]:
    """The patch's recordings by pitch, at 48 kHz, loops drawn out.

    Raises ValueError where the file is no patch or is cut short.
    """
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError(f"{path} is no Gravis patch")
    samples: list[Sample] = []
    at = FIRST_RECORDING
    try:
        for _ in range(data[FIRST_RECORDING - 41]):
            fields = RECORDING.unpack_from(data, at)
            at += RECORDING.size
            size, loop, rate, root_mhz, modes = fields[2], fields[3:5], fields[5], fields[8], fields[14]
            samples.append(_sample(data[at : at + size], loop, rate, root_mhz / 1_000, modes))
            at += size
    except struct.error as short:
        raise ValueError(f"{path} is cut short") from short
    return samples


def _sample(raw: bytes, loop: tuple[int, int], rate: int, root_hz: float, modes: int) -> Sample:
    width = 2 if modes & SIXTEEN_BIT else 1
    if modes & SIXTEEN_BIT:
        wave = np.frombuffer(raw[: len(raw) // 2 * 2], "<u2" if modes & UNSIGNED else "<i2").astype(np.float64) / 32768
    else:
        wave = np.frombuffer(raw, np.uint8 if modes & UNSIGNED else np.int8).astype(np.float64) / 128
    if modes & UNSIGNED:
        wave = wave - 1
    first, last = loop[0] // width, loop[1] // width
    if modes & LOOPED and last - first > 16:
        wave = _drawn_out(wave, first, last, rate, bool(modes & BACK_AND_FORTH))
    pitch = round(69 + 12 * np.log2(root_hz / 440))
    # Played at this rate the recording stands exactly on its note.
    true_rate = rate * 440 * 2 ** ((pitch - 69) / 12) / root_hz
    places = np.arange(int(len(wave) * SAMPLE_RATE / true_rate)) * true_rate / SAMPLE_RATE
    audio: Audio = np.interp(places, np.arange(len(wave)), wave).astype(np.float32)
    return Sample(pitch, VELOCITY, audio)


def _drawn_out(
    wave: np.ndarray[tuple[int], np.dtype[np.float64]], first: int, last: int, rate: int, swing: bool
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    loop = wave[first:last]
    turn = np.concatenate([loop[::-1], loop]) if swing else loop
    times = max(0, int(np.ceil((LONGEST_S * rate - last) / len(turn))))
    return np.concatenate([wave[:last], np.tile(turn, times)])
