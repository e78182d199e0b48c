"""Ways through a room from a player to a microphone that is not the player's own.

A path delays what passes it by up to 30 ms, tilts its spectrum and adds a tail of reflections, as distance, the back of
a microphone and the walls do. Its level is set apart: what comes through is as loud as what went in.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

DELAYS_S: Final = (0.002, 0.030)
TILTS_DB_PER_OCTAVE: Final = (-2.0, 0.75)
PIVOT_HZ: Final = 500.0
LOWEST_HZ: Final = 100.0
TAIL_S: Final = 0.25
DECAY_S: Final = 0.35
"""Seconds in which the tail falls by 60 dB."""
TAIL_GAIN: Final = 0.03
"""Of the first reflections against the direct sound."""

Sound = NDArray[np.floating]


@dataclass(frozen=True)
class RoomPath:
    """Sound arrives `delay` samples later, its spectrum tilted by `tilt_db` an octave, with `tail` [n] after it."""

    delay: int
    tilt_db: float
    tail: Sound


def random_path(random: np.random.Generator, rate: int) -> RoomPath:
    """A path of its own, at `rate` Hz."""
    time_s = np.arange(round(TAIL_S * rate)) / rate
    tail = TAIL_GAIN * random.standard_normal(len(time_s)) * 10 ** (-3 * time_s / DECAY_S)
    delay = round(random.uniform(*DELAYS_S) * rate)
    return RoomPath(delay, random.uniform(*TILTS_DB_PER_OCTAVE), tail)


def heard_through(sound: Sound, path: RoomPath, rate: int) -> Sound:
    """`sound` [n] at the end of the path, [n], with the RMS that it had before."""
    length = 1 << (len(sound) + path.delay + len(path.tail)).bit_length()
    response = np.zeros(path.delay + len(path.tail))
    response[path.delay :] = path.tail
    response[path.delay] += 1
    octaves = np.log2(np.maximum(np.fft.rfftfreq(length, 1 / rate), LOWEST_HZ) / PIVOT_HZ)
    spectrum = np.fft.rfft(sound, length) * np.fft.rfft(response, length) * 10 ** (path.tilt_db * octaves / 20)
    out = np.fft.irfft(spectrum, length)[: len(sound)]
    before, after = np.square(sound).mean(), np.square(out).mean()
    return out * np.sqrt(before / after) if after > 0 else out
