"""Made-up sounds for the watch over the lines, and short ways to ask what it said of them."""

import numpy as np
from numpy.typing import NDArray

from earmark.realtime.config import WatchConfig
from earmark.realtime.events import Draft
from earmark.realtime.watch.signal_watch import SignalWatch

RATE = 48_000
HOP = 12_000
FAULTS = {"dead", "hum", "crackle", "twin"}
Sound = NDArray[np.float32]


def noise(seconds: float, level_dbfs: float = -70.0, seed: int = 0) -> Sound:
    samples = np.random.default_rng(seed).standard_normal(int(seconds * RATE))
    return (samples * 10 ** (level_dbfs / 20)).astype(np.float32)


def tone(seconds: float, hz: float, level: float = 0.2, harmonics: int = 6, decay_s: float = np.inf) -> Sound:
    t = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hz * k * t + k) / k for k in range(1, harmonics + 1))
    return (level * wave * np.exp(-t / decay_s)).astype(np.float32)


def hits(seconds: float, a_second: int, decay_s: float, seed: int = 0) -> Sound:
    """Noise bursts that begin at once and die away, as drums and claps do."""
    out = noise(seconds, -75, seed)
    step = RATE // a_second
    burst = noise(1 / a_second, -12, seed + 1)
    burst *= np.exp(-np.arange(burst.size) / RATE / decay_s).astype(np.float32)
    for start in range(1_000, out.size - step, step):
        out[start : start + burst.size] += burst
    return out


def stack(*lines: Sound) -> Sound:
    size = min(line.size for line in lines)
    return np.stack([line[:size] for line in lines])


def mains(seconds: float, hz: float, level_dbfs: float) -> Sound:
    t = np.arange(int(seconds * RATE)) / RATE
    series = {1: 1.0, 2: 0.3, 3: 0.6, 5: 0.3, 7: 0.15, 9: 0.1}
    wave = sum(share * np.sin(2 * np.pi * hz * k * t + k) for k, share in series.items())
    return (10 ** (level_dbfs / 20) * wave).astype(np.float32)


def clicks(seconds: float, a_second: float, level: float, seed: int = 0) -> Sound:
    rng = np.random.default_rng(seed)
    out = np.zeros(int(seconds * RATE), np.float32)
    places = rng.integers(0, out.size, int(a_second * seconds))
    out[places] = level * rng.choice([-1.0, 1.0], places.size)
    return out


def pulses(hz: float) -> Sound:
    out = np.zeros(4 * RATE, np.float32)
    out[:: int(RATE / hz)] = 0.5
    return noise(4) + out


def watched(sound: Sound, rate: int = RATE, hop: int = HOP, options: WatchConfig | None = None) -> list[Draft]:
    """Drafts for `sound` [n] or [channels, n], hop by hop, the last part-hop included."""
    planar = np.atleast_2d(sound)
    watch = SignalWatch(planar.shape[0], rate, options or WatchConfig())
    starts = range(0, planar.shape[1], hop)
    return [draft for start in starts for draft in watch.step(planar[:, start : start + hop], start)]


def states(drafts: list[Draft], channel: int = 1) -> list[tuple[str, bool]]:
    return [(d.fields["state"], d.fields["on"]) for d in drafts if d.channel == channel]


def on(drafts: list[Draft], state: str, channel: int = 1) -> list[Draft]:
    return [d for d in drafts if d.channel == channel and d.fields["state"] == state and d.fields["on"]]


def off(drafts: list[Draft], state: str, channel: int = 1) -> list[Draft]:
    return [d for d in drafts if d.channel == channel and d.fields["state"] == state and not d.fields["on"]]


def faults(drafts: list[Draft], channel: int = 1) -> set[str]:
    return {state for state, begins in states(drafts, channel) if begins} & FAULTS
