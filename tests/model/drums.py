"""A drum kit of synthesised hits: a falling sine, a burst of noise with a tone, a bright hiss, lower tones, a wash."""

import numpy as np

from earmark.model.corpus.drum_kits import DrumKit
from earmark.model.corpus.sampler import Audio

RATE = 48_000


def kit(
    name: str = "made", group: str = "made", parts: str = "kick snare hi_hat tom cymbals", seed: int = 1
) -> DrumKit:
    """A kit with one voice of two layers for each of `parts`."""
    voices = {part: ((0.5 * hit(part, seed), hit(part, seed)),) for part in parts.split()}
    return DrumKit(name, group, "CC0", voices)


def hit(part: str, seed: int = 1) -> Audio:
    """Half a second of one stroke."""
    random = np.random.default_rng(seed)
    time_s = np.arange(RATE // 2) / RATE
    noise = random.standard_normal(len(time_s))
    bright = np.diff(noise, prepend=0.0)
    sounds = {
        "kick": sliding(150, 50, time_s) * np.exp(-time_s / 0.09) + 0.3 * bright * np.exp(-time_s / 0.002),
        "snare": (0.5 * noise + 0.5 * np.sin(2 * np.pi * 190 * time_s)) * np.exp(-time_s / 0.05),
        "hi_hat": np.diff(bright, prepend=0.0) * np.exp(-time_s / 0.02),
        "tom": sliding(160, 110, time_s) * np.exp(-time_s / 0.15) + 0.05 * noise * np.exp(-time_s / 0.01),
        "cymbals": bright * np.exp(-time_s / 0.4),
    }
    return (0.8 * sounds[part] / np.abs(sounds[part]).max()).astype(np.float32)


def sliding(high_hz: float, low_hz: float, time_s: "np.ndarray") -> "np.ndarray":
    """A sine that falls within the first tenth of a second."""
    hertz = low_hz + (high_hz - low_hz) * np.exp(-time_s / 0.03)
    return np.sin(2 * np.pi * np.cumsum(hertz) / RATE)
