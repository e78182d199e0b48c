"""The power of a hop's sound in short frames and in bands, all inputs at once: what bleed and groups are judged by.

Frames of about 20 ms do not overlap; the bands are triangles that lie evenly on the mel scale, as ears hear them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

FRAME_S: Final = 0.02
BANDS: Final = 20
LOWEST_HZ: Final = 60.0
HIGHEST_HZ: Final = 11_000.0
EDGE: Final = 0.25
"""The part of a frame that fades in, and out: less smears bass over all bands, more is deaf to strokes between frames.
"""
ENOUGH_HZ: Final = 22_000
"""Sound of twice this rate or more is thinned first: half the work, and no band needs the rest."""

AT_ONCE: Final = 8
"""Inputs whose spectra are made at once: those of more do not fit the cache, and take twice the time."""

Floats = NDArray[np.float32]


class BandPower:
    """Frames and bands of sound at `rate` Hz. `centres_hz` [bands]: where each band is strongest."""

    def __init__(self, rate: int) -> None:
        if rate < 1:
            raise ValueError("a rate must be at least 1 Hz")
        self._thin = max(1, rate // ENOUGH_HZ)
        self._rate = rate / self._thin
        self._wanted = rate * FRAME_S
        highest = min(HIGHEST_HZ, 0.45 * self._rate)
        self._edges_hz = _hertz(np.linspace(_mel(LOWEST_HZ), _mel(highest), BANDS + 2))
        self.centres_hz = self._edges_hz[1:-1]
        self._made: dict[int, tuple[Floats, Floats]] = {}

    def __call__(self, sound: Floats) -> Floats:
        """`sound` [inputs, n], n at least 1, to powers [bands, inputs, frames]: 0 or more, n / (20 ms) frames."""
        frames = max(1, round(sound.shape[1] / self._wanted))
        size = sound.shape[1] // (frames * self._thin)
        if size < 2:
            return np.zeros((BANDS, len(sound), frames), np.float32)
        window, bank = self._shapes(size)
        powers = np.empty((len(sound), frames, BANDS), np.float32)
        for first in range(0, len(sound), AT_ONCE):
            some = _thinned(sound[first : first + AT_ONCE, : frames * size * self._thin], self._thin)
            spectra = np.fft.rfft(some.reshape(len(some), frames, size) * window)
            powers[first : first + AT_ONCE] = (np.square(spectra.real) + np.square(spectra.imag)) @ bank
        return np.ascontiguousarray(powers.transpose(2, 0, 1))

    def _shapes(self, size: int) -> tuple[Floats, Floats]:
        """Window [size], scaled so that powers are mean squares, and the bands' weights [bins, bands]."""
        if size not in self._made:
            from_edge = np.minimum(np.arange(size), np.arange(size)[::-1]) + 0.5
            window = np.sin(np.pi / 2 * np.minimum(from_edge / (EDGE * size), 1)) ** 2
            window *= np.sqrt(2 / (window**2).sum() / size) / self._thin
            low, centre, high = self._edges_hz[:-2], self._edges_hz[1:-1], self._edges_hz[2:]
            bins = np.fft.rfftfreq(size, 1 / self._rate)[:, None]
            bank = np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)).clip(0)
            nearest = np.abs(bins - centre).argmin(0)
            bank[nearest, np.arange(BANDS)] = np.maximum(bank[nearest, np.arange(BANDS)], 0.5)  # none is empty
            self._made[size] = window.astype(np.float32), bank.astype(np.float32)
        return self._made[size]


def _thinned(sound: Floats, by: int) -> Floats:
    """Sums of `by` neighbours; the length is a multiple of it."""
    if by == 1:
        return sound
    total = sound[:, ::by].copy()
    for offset in range(1, by):
        total += sound[:, offset::by]
    return total


def _mel(hertz: float) -> float:
    return float(np.log1p(hertz / 700))


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return 700 * np.expm1(mel)
