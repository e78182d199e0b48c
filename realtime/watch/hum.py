"""Finds mains hum: 50 or 60 Hz and its series, steady for two seconds and most of what the line carries.

Two seconds resolve half a hertz, so that a bass on G1 (49.0 Hz) or B1 (61.7 Hz) is not taken for mains, which keeps
to within 0.3 Hz. A note that happens to lie on the mains dies away or moves; hum does neither. Hum that lies under
music is found in the next two quiet seconds, and is held until its own frequencies have gone.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..levels import power_of

MAINS_HZ: Final = (50.0, 60.0)
HARMONICS: Final = 10
LOW_HARMONICS: Final = 3
OFFSETS_HZ: Final = tuple(step / 10 for step in range(-3, 4))
"""How far the mains may be off, in steps that two seconds can tell apart."""

SEGMENTS: Final = 8
SEGMENT_S: Final = 0.25
LOW_RATE_HZ: Final = 2400
"""The line is judged at about this rate; its series ends at 600 Hz."""

DOMINANT: Final = 0.5
"""Share of the line's whole power that the series must have."""
LOW_SHARE: Final = 0.5
"""Share of the series' power that its first LOW_HARMONICS must have: else F4 (349.2 Hz, 7 x 49.9) would pass."""
STEADY: Final = 2.0
"""The strongest segment's power may be at most this many times the weakest's."""
FAINTEST_DBFS: Final = -75.0
GONE: Final = 0.1
"""Hum ends when the series' power falls below this share of what it was when found."""


class Hum:
    """One `step` a hop; keeps two seconds of every line at a low rate."""

    def __init__(self, channels: int, rate: int) -> None:
        self._factor = max(1, round(rate / LOW_RATE_HZ))
        low_rate = rate / self._factor
        self._segment = round(low_rate * SEGMENT_S)
        size = self._segment * SEGMENTS
        self._sound = np.zeros((channels, size), np.float32)
        self._power = np.zeros((channels, size), np.float32)
        self._rest = np.zeros((channels, 0), np.float32)
        self._filled = 0
        self._basis, self._turns = _bases(low_rate, self._segment, self._factor)
        self._found_power = np.zeros(channels)
        self._found_hz = np.zeros(channels)
        self.lag_samples = np.full(channels, size * self._factor, np.int64)
        """How long before the hop's end hum that is found had begun."""

    def step(self, block: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which lines hum at the end of `block` [channels, n]."""
        self._append(block)
        humming = self._found_power > 0
        if self._filled < self._sound.shape[1]:
            return humming
        power, low_power, hz, steady = self._series()
        total = self._power.mean(axis=1) - self._sound.mean(axis=1) ** 2
        heard = steady & (power > DOMINANT * total) & (low_power > LOW_SHARE * power)
        heard &= power > power_of(FAINTEST_DBFS)
        gone = humming & (power < GONE * self._found_power)
        begins = heard & ~humming
        self._found_power = np.where(begins, power, np.where(gone, 0.0, self._found_power))
        self._found_hz = np.where(begins, hz, self._found_hz)
        return self._found_power > 0

    def detail(self, channel: int) -> str:
        """Which mains line `channel` (from 0) hums with."""
        return f"{self._found_hz[channel]:.0f} Hz"

    def gap(self) -> None:
        """Sound was lost: two whole seconds are needed again."""
        self._filled = 0
        self._rest = self._rest[:, :0]

    def _append(self, block: NDArray[np.float32]) -> None:
        sound = np.concatenate([self._rest, block], axis=1) if self._rest.shape[1] else block
        channels, n = sound.shape
        count = n // self._factor
        self._rest = sound[:, count * self._factor :].copy()
        groups = sound[:, : count * self._factor].reshape(channels, count, self._factor)
        weights = np.full(self._factor, 1.0 / self._factor, np.float32)
        self._sound = _pushed(self._sound, groups @ weights)
        self._power = _pushed(self._power, np.einsum("ckf,ckf->ck", groups, groups) / np.float32(self._factor))
        self._filled = min(self._filled + count, self._sound.shape[1])

    def _series(self) -> tuple[NDArray[np.floating], ...]:
        """Of each line's better series: its power, that of its low harmonics, its mains, whether it is steady."""
        channels = self._sound.shape[0]
        parts = self._sound.reshape(channels * SEGMENTS, self._segment) @ self._basis
        phasors = (parts[:, 0::2] + 1j * parts[:, 1::2]).reshape(channels, SEGMENTS, len(MAINS_HZ), HARMONICS)
        # Sum over the segments, each turned to where the series would stand if the mains were off by an offset.
        turned = np.einsum("csmk,osmk->comk", phasors, self._turns) / SEGMENTS
        powers = 2.0 * np.abs(turned) ** 2
        sums = powers.sum(axis=-1).reshape(channels, -1)
        best = sums.argmax(axis=1)
        offset, mains = np.divmod(best, len(MAINS_HZ))
        lines = np.arange(channels)
        low_power = powers[lines, offset, mains, :LOW_HARMONICS].sum(axis=-1)
        over_time = (np.abs(phasors[lines, :, mains]) ** 2).sum(axis=-1)
        steady = over_time.max(axis=1) < STEADY * over_time.min(axis=1)
        return sums[lines, best], low_power, np.asarray(MAINS_HZ)[mains], steady


def _pushed(kept: NDArray[np.float32], new: NDArray[np.float32]) -> NDArray[np.float32]:
    """`kept` [channels, size] with `new` [channels, n] at its end and the oldest dropped."""
    size = kept.shape[1]
    return np.concatenate([kept[:, new.shape[1] :], new[:, -size:]], axis=1)


def _bases(low_rate: float, segment: int, factor: int) -> tuple[NDArray[np.float32], NDArray[np.complex64]]:
    """Cosines and sines of one segment, [segment, mains x harmonics x 2], and turns [offset, segment, mains, harmonic].

    The averaging that brought the sound to `low_rate` weakens the high end; the basis makes up for it.
    """
    order = np.arange(1, HARMONICS + 1)
    hz = np.asarray(MAINS_HZ)[:, None] * order
    full_rate = low_rate * factor
    droop = (
        np.sin(np.pi * hz / low_rate) / (factor * np.sin(np.pi * hz / full_rate)) if factor > 1 else np.ones_like(hz)
    )
    wave = np.exp(-2j * np.pi * np.arange(segment)[:, None, None] / low_rate * hz) / (segment * droop)
    basis = np.stack([wave.real, wave.imag], axis=-1).reshape(segment, -1).astype(np.float32)
    starts_s = np.arange(SEGMENTS) * segment / low_rate
    off = hz[None] + np.asarray(OFFSETS_HZ)[:, None, None] * order
    turns = np.exp(-2j * np.pi * starts_s[None, :, None, None] * off[:, None])
    return basis, turns.astype(np.complex64)
