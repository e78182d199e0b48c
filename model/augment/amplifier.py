"""A guitar amplifier: tone stack, overdriven valves, and a loudspeaker in its cabinet.

Played through it, a clean electric guitar is a distorted one: who uses it changes the label.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .acoustics import FFT_SIZE, Audio, db, normalised, spectrum, spectrum_hz

DRIVE_DB = (15.0, 40.0)
"""Gain before the valves, of a sound at an RMS of 1: from crunch to high gain."""
BIAS = (0.0, 0.3)
"""Working point of the valves: 0 gives odd harmonics alone."""
UPSAMPLING = 2
"""The valves run at this many times the rate, so that fewer of their harmonics fold back."""

Spectrum = npt.NDArray[np.complex64]


class Amplifier:
    """Amplifiers with recorded `cabinets` (impulses `[samples]` at 48 kHz), or drawn ones where there are none."""

    def __init__(self, random: np.random.Generator, cabinets: Sequence[Audio] = (), size: int = 16) -> None:
        drawn = [self._cabinet(random) for _ in range(size)] if not cabinets else []
        self.cabinets = np.stack(drawn or [spectrum(impulse) for impulse in cabinets])
        self.tones = np.stack([self._tone(random) for _ in range(size)])

    def __call__(self, audio: Audio, random: np.random.Generator) -> Audio:
        """`audio` `[samples]`, at most `FFT_SIZE`, through a random amplifier; RMS 1 where it sounds."""
        bins = np.fft.rfft(normalised(audio), FFT_SIZE) * self.tones[random.integers(len(self.tones))]
        driven = np.fft.irfft(bins, UPSAMPLING * FFT_SIZE) * UPSAMPLING
        bias = random.uniform(*BIAS)
        shaped = np.tanh(driven * db(random.uniform(*DRIVE_DB)) + bias) - np.tanh(bias)
        bins = np.fft.rfft(shaped)[: FFT_SIZE // 2 + 1] * self.cabinets[random.integers(len(self.cabinets))]
        heard = np.fft.irfft(bins, FFT_SIZE)[: len(audio)]
        return normalised(np.asarray(heard, np.float32))

    @staticmethod
    def _tone(random: np.random.Generator) -> Spectrum:
        """Less bass before the valves, as amplifiers have it, and a tone control."""
        hertz = np.maximum(spectrum_hz(), 1.0)
        bass = 1 / (1 - 1j * random.uniform(80, 350) / hertz)
        treble = 1 / (1 + 1j * hertz / random.uniform(3_000, 8_000))
        return (bass * treble).astype(np.complex64)

    @staticmethod
    def _cabinet(random: np.random.Generator) -> Spectrum:
        """A loudspeaker: nothing below 80 Hz, a presence near 3 kHz, and little above 5 kHz."""
        hertz = np.maximum(spectrum_hz(), 1.0)
        octaves = np.log2(hertz)
        gains_db = random.uniform(2, 8) * np.exp(-np.square(octaves - np.log2(random.uniform(2_000, 3_800))) / 0.5)
        gains_db += random.uniform(0, 5) * np.exp(-np.square(octaves - np.log2(random.uniform(90, 150))) / 0.3)
        gains_db += np.interp(octaves, np.linspace(6, 13, 15), random.uniform(-3, 3, 15))
        gains_db -= 18 * np.maximum(0, np.log2(random.uniform(60, 100) / hertz))
        gains_db -= 30 * np.maximum(0, np.log2(hertz / random.uniform(4_000, 6_000)))
        return (10 ** (np.maximum(gains_db, -90) / 20)).astype(np.complex64)
