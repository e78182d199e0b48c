"""Players made by arithmetic: notes with rests between, and the ways their sound takes to other microphones."""

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
HOP = 12_000
Sound = NDArray[np.float32]


def player(seed: int, seconds: float, level: float = 0.1, rate: int = RATE) -> Sound:
    """Notes of random pitch and length, each with eight partials that die away, and rests: [samples]."""
    random = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * rate))
    at = 0
    while at < len(sound):
        n = round(random.uniform(0.15, 0.5) * rate)
        time_s = np.arange(min(n, len(sound) - at)) / rate
        pitch = random.uniform(100, 900)
        strike = np.minimum(time_s / 0.005, 1) * np.exp(-time_s * random.uniform(2, 6))
        for partial in range(1, 9):
            strength = random.uniform(0.2, 1) / partial
            sound[at : at + n] += (
                strength * strike * np.sin(2 * np.pi * partial * pitch * time_s + 6.28 * random.random())
            )
        at += n + round(random.choice([0, 0, 0.1, 0.2]) * rate)
    return (level * sound).astype(np.float32)


def noise(seed: int, samples: int, level_dbfs: float = -75.0) -> Sound:
    random = np.random.default_rng(seed)
    return random.normal(0, 10 ** (level_dbfs / 20), samples).astype(np.float32)


def through_the_room(sound: Sound, seed: int, gain_db: float, rate: int = RATE) -> Sound:
    """Delayed by up to 30 ms, duller or brighter, with a short tail, at `gain_db` of its level."""
    random = np.random.default_rng(seed)
    delay = round(random.uniform(0.002, 0.03) * rate)
    length = round(0.1 * rate)
    response = np.zeros(delay + length)
    response[delay] = 1
    response[delay:] += 0.005 * random.normal(0, 1, length) * np.exp(-np.arange(length) / rate * 60)
    size = 1 << (len(sound) + len(response)).bit_length()
    octaves = np.log2(np.maximum(np.fft.rfftfreq(size, 1 / rate), 100) / 1000)
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size) * 10 ** (random.uniform(-1.5, 0.5) * octaves / 20)
    wet = np.fft.irfft(spectrum, size)[: len(sound)]
    return (wet * 10 ** (gain_db / 20) * np.sqrt((sound**2).mean() / (wet**2).mean())).astype(np.float32)


def hops(sound: Sound, hop: int = HOP) -> list[Sound]:
    """[inputs, samples] cut into hops; what is left over is dropped."""
    return [np.ascontiguousarray(sound[:, at : at + hop]) for at in range(0, sound.shape[1] - hop + 1, hop)]


def sounding(hop: Sound, gate_dbfs: float = -60.0) -> NDArray[np.bool_]:
    """A gate of the simplest kind."""
    return np.square(hop).mean(1) > 10 ** (gate_dbfs / 10)
