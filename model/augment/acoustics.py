"""What a sound meets on its way to an input: a microphone's colour, a room, hiss and hum."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..corpus.decoded import FRAME, SAMPLE_RATE, SILENCE_DBFS

Audio = npt.NDArray[np.float32]
Spectrum = npt.NDArray[np.complex64]

WINDOW = SAMPLE_RATE
FFT_SIZE = 65_536
LONGEST_IMPULSE = FFT_SIZE - WINDOW
"""Samples of an impulse that fit beside a window: 0.37 s."""
ROOM_S = 0.35
ROOM_SHARE = 0.6
RECORDED_SHARE = 0.5
"""How often a recorded room or microphone is taken where there are some."""


class Rooms:
    """Banks of microphones' colours and rooms as spectra `[bank, FFT_SIZE // 2 + 1]`, drawn once.

    Beside the drawn ones stand recorded impulses `[samples]` at 48 kHz, of which the first 0.37 s are used.
    """

    def __init__(
        self,
        random: np.random.Generator,
        size: int = 48,
        *,
        rooms: Sequence[Audio] = (),
        microphones: Sequence[Audio] = (),
    ) -> None:
        self.curves = np.stack([self._curve(random) for _ in range(2 * size)])
        self.rooms = np.stack([self._room(random) for _ in range(size)])
        self.recorded_microphones = [spectrum(impulse) for impulse in microphones]
        self.recorded_rooms = [spectrum(impulse) for impulse in rooms]

    def colour(self, audio: Audio, random: np.random.Generator) -> Audio:
        """`audio` `[48000]` through a random microphone and, mostly, a random room."""
        bins = np.fft.rfft(audio, FFT_SIZE) * _either(self.curves, self.recorded_microphones, random)
        if random.random() < ROOM_SHARE:
            bins *= _either(self.rooms, self.recorded_rooms, random)
        return np.asarray(np.fft.irfft(bins, FFT_SIZE)[:WINDOW], np.float32)

    def microphone(self, audio: Audio, random: np.random.Generator) -> Audio:
        """`audio` `[48000]` through a random microphone that stands so near that no room is heard."""
        bins = np.fft.rfft(audio, FFT_SIZE) * _either(self.curves, self.recorded_microphones, random)
        return np.asarray(np.fft.irfft(bins, FFT_SIZE)[:WINDOW], np.float32)

    @staticmethod
    def _curve(random: np.random.Generator) -> Audio:
        hertz = np.maximum(spectrum_hz(), 1.0)
        places = np.geomspace(40, 16_000, 8)
        gains_db = np.interp(np.log(hertz), np.log(places), random.uniform(-6, 6, 8))
        if random.random() < 0.25:
            gains_db -= 12 * np.maximum(0, np.log2(hertz / random.uniform(3_000, 10_000)))
        if random.random() < 0.25:
            gains_db -= 12 * np.maximum(0, np.log2(random.uniform(60, 200) / hertz))
        if random.random() < 0.15:
            # Near a directional microphone the bass comes up: the proximity effect.
            gains_db += random.uniform(3, 10) / (1 + np.square(hertz / random.uniform(120, 300)))
        return (10 ** (gains_db / 20)).astype(np.float32)

    @staticmethod
    def _room(random: np.random.Generator) -> Spectrum:
        decay_s = random.uniform(0.15, 1.3)
        time_s = np.arange(int(ROOM_S * SAMPLE_RATE)) / SAMPLE_RATE
        tail = random.standard_normal(len(time_s)) * 10 ** (-3 * time_s / decay_s)
        tail[: int(random.uniform(0.002, 0.02) * SAMPLE_RATE)] = 0
        tail *= 10 ** (random.uniform(-20, 0) / 20) / np.sqrt(np.square(tail).sum())
        tail[0] = 1.0
        return spectrum(tail.astype(np.float32))


def spectrum(impulse: Audio) -> Spectrum:
    """The impulse `[samples]` as a spectrum `[FFT_SIZE // 2 + 1]`, cut where it would wrap round."""
    return np.asarray(np.fft.rfft(impulse[:LONGEST_IMPULSE], FFT_SIZE), np.complex64)


def spectrum_hz() -> npt.NDArray[np.float64]:
    """Frequencies of the bins of `spectrum`."""
    return np.linspace(0, SAMPLE_RATE / 2, FFT_SIZE // 2 + 1)


def _either(
    drawn: npt.NDArray[np.float32] | Spectrum, recorded: Sequence[Spectrum], random: np.random.Generator
) -> npt.NDArray[np.float32] | Spectrum:
    if recorded and random.random() < RECORDED_SHARE:
        return recorded[int(random.integers(len(recorded)))]
    return drawn[int(random.integers(len(drawn)))]


def db(decibels: float) -> np.float32:
    """Amplitude factor of a gain in dB."""
    return np.float32(10 ** (decibels / 20))


def normalised(audio: Audio) -> Audio:
    """`audio` `[48000]` scaled to an RMS of 1 over those tenths of a second that lie within 30 dB of the loudest."""
    power = np.square(audio.reshape(-1, FRAME)).mean(1)
    loudest = float(power.max())
    if loudest < 10 ** (SILENCE_DBFS / 10):
        return audio
    return audio / np.float32(np.sqrt(power[power > loudest / 1000].mean()))


def coloured_noise(random: np.random.Generator, samples: int) -> Audio:
    """White, pink and brown noise `[3, samples]` at an RMS of 1."""
    spectrum = np.fft.rfft(random.standard_normal(samples))
    bins = np.maximum(np.arange(len(spectrum)), 20.0 * samples / SAMPLE_RATE)
    out = np.stack([np.fft.irfft(spectrum / bins**slope, samples) for slope in (0.0, 0.5, 1.0)])
    return (out / np.sqrt(np.square(out).mean(1, keepdims=True))).astype(np.float32)


def hum(random: np.random.Generator) -> Audio:
    """Mains hum `[48000]` of 50 or 60 Hz with some of its harmonics, near an RMS of 1."""
    mains_hz = 50.0 if random.random() < 0.5 else 60.0
    turns = np.arange(WINDOW, dtype=np.float32) * np.float32(2 * np.pi * mains_hz / SAMPLE_RATE)
    out = np.zeros(WINDOW, np.float32)
    for harmonic in (1, 2, 3, 5):
        if random.random() < 0.8:
            out += np.sin(turns * harmonic + np.float32(random.uniform(0, 6))) / harmonic
    return out
