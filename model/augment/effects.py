"""Effects as instruments and mixing desks bring them, and chains that draw which of them a sound meets, and how strong.

`cod` is the offline augmentation of COD Instrument Labeler: its effects in its order, each on every second sound, each
number from a normal distribution cut off at its limits. `live` is gentler, and cheap enough to run on the fly. What
torchaudio has and computes fast is torchaudio's (SoX's formulas); the rest is in `modulation` and `reverb`. All sound
is `[samples]` float32 in [-1, 1] at 48 kHz. Speed changes its length; all others keep it.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import soxr
import torch
import torchaudio.functional as taf

from ..corpus.decoded import SAMPLE_RATE
from .acoustics import Audio
from .modulation import Voice, chorus, flanger, phaser
from .reverb import Freeverb

Random = np.random.Generator
Effect = Callable[[Audio, Random], Audio]

STFT = 2048
HOP = STFT // 4


class Drawn(NamedTuple):
    """A number from a normal distribution, moved to the nearer limit where it falls outside."""

    mean: float
    deviation: float
    low: float = -math.inf
    high: float = math.inf

    def draw(self, random: Random) -> float:
        """One such number."""
        return float(min(max(random.normal(self.mean, self.deviation), self.low), self.high))


class Chain(NamedTuple):
    """Effects in their order, each with its probability."""

    effects: tuple[tuple[Effect, float], ...]

    def __call__(self, audio: Audio, random: Random) -> Audio:
        """`audio` through those of the effects that are drawn."""
        for effect, chance in self.effects:
            if random.random() < chance:
                audio = effect(audio, random)
        return audio


def contrast(amount: Drawn) -> Effect:
    """Compression by SoX's `contrast`; `amount` in 0..100."""
    return lambda audio, random: _by_torch(audio, taf.contrast, amount.draw(random))


def overdrive(gain_db: Drawn, colour: Drawn) -> Effect:
    """SoX's `overdrive`; `colour` in 0..100 is the share of even harmonics."""
    return lambda audio, random: _by_torch(audio, taf.overdrive, gain_db.draw(random), colour.draw(random))


def equaliser(bands: tuple[int, int], hertz: Drawn, octaves: int, gain_db: Drawn, q: Drawn) -> Effect:
    """Peaks and dips: a number of bands in `bands`, each in an octave of its own above one drawn frequency."""

    def apply(audio: Audio, random: Random) -> Audio:
        count = int(random.integers(bands[0], bands[1] + 1))
        for octave in random.choice(octaves, count, replace=False):
            centre_hz = hertz.draw(random) * 2.0 ** int(octave)
            audio = _by_torch(audio, taf.equalizer_biquad, SAMPLE_RATE, centre_hz, gain_db.draw(random), q.draw(random))
        return audio

    return apply


def lowpass(hertz: Drawn) -> Effect:
    """Two-pole low-pass."""
    return lambda audio, random: _by_torch(audio, taf.lowpass_biquad, SAMPLE_RATE, hertz.draw(random))


def pitch(semitones: Drawn) -> Effect:
    """Another pitch at the same speed."""
    return lambda audio, random: shifted(audio, semitones.draw(random))


def speed(factor: Drawn) -> Effect:
    """Another speed, and pitch with it."""
    return lambda audio, random: _resampled(audio, factor.draw(random))


def flanged(delay_ms: Drawn, depth_ms: Drawn, regen: Drawn, width: Drawn, speed_hz: Drawn) -> Effect:
    """`modulation.flanger` with drawn numbers."""
    return lambda audio, random: flanger(
        audio,
        delay_ms=delay_ms.draw(random),
        depth_ms=depth_ms.draw(random),
        regen=regen.draw(random),
        width=width.draw(random),
        speed_hz=speed_hz.draw(random),
    )


def phased(delay_ms: Drawn, decay: Drawn, speed_hz: Drawn) -> Effect:
    """`modulation.phaser` with drawn numbers."""
    return lambda audio, random: phaser(
        audio, delay_ms=delay_ms.draw(random), decay=decay.draw(random), speed_hz=speed_hz.draw(random)
    )


def chorused(gain_in: Drawn, gain_out: Drawn, voices: Drawn) -> Effect:
    """`modulation.chorus`; delays, decays, speeds and depths of the voices as pysox draws them."""

    def apply(audio: Audio, random: Random) -> Audio:
        each = [
            Voice(random.uniform(40, 60), random.uniform(0.3, 0.4), random.uniform(0.25, 0.4), random.uniform(1, 3))
            for _ in range(round(voices.draw(random)))
        ]
        return chorus(audio, gain_in=gain_in.draw(random), gain_out=gain_out.draw(random), voices=each)

    return apply


def reverberated(reverberance: Drawn, damping: Drawn, room: Drawn, wet_db: Drawn) -> Effect:
    """`reverb.Freeverb` with drawn numbers."""
    freeverb = Freeverb()
    return lambda audio, random: freeverb(
        audio,
        reverberance=reverberance.draw(random),
        damping=damping.draw(random),
        room=room.draw(random),
        wet_db=wet_db.draw(random),
    )


def shifted(audio: Audio, semitones: float) -> Audio:
    """`audio` moved by `semitones`, as long as before: a phase vocoder, then another rate.

    `torchaudio.functional.pitch_shift` is not used: its resampler asks for many gigabytes at most fractions of a tone.
    """
    ratio = 2.0 ** (semitones / 12)
    window = torch.hann_window(STFT)
    advance = torch.linspace(0, math.pi * HOP, STFT // 2 + 1)[:, None]
    padded = torch.from_numpy(np.pad(audio, (0, STFT)))
    bins = torch.stft(padded, STFT, HOP, window=window, return_complex=True)
    longer = torch.istft(taf.phase_vocoder(bins, 1 / ratio, advance), STFT, HOP, window=window)
    return _fitted(_resampled(longer.numpy(), ratio), len(audio)).clip(-1, 1)


def _resampled(audio: Audio, factor: float) -> Audio:
    faster = soxr.resample(audio, SAMPLE_RATE * factor, SAMPLE_RATE, quality="MQ")
    return np.asarray(faster, np.float32).clip(-1, 1)


def _fitted(audio: Audio, samples: int) -> Audio:
    return np.pad(audio[:samples], (0, max(0, samples - len(audio))))


def _by_torch(audio: npt.NDArray[np.float32], effect: Callable[..., torch.Tensor], *numbers: Any) -> Audio:
    return np.asarray(effect(torch.from_numpy(audio), *numbers).numpy(), np.float32)


_SPEED = speed(Drawn(1, 0.125, 0.75, 1.25))

COD = Chain(
    tuple(
        (effect, 0.5)
        for effect in (
            contrast(Drawn(75, 20, 0, 100)),
            overdrive(Drawn(10, 5, 0, 40), Drawn(20, 5, 0, 40)),
            equaliser((1, 7), Drawn(60, 10, 40, 80), 8, Drawn(0, 6, -24, 24), Drawn(0.707, 0.1415, 0.3, 1.4)),
            pitch(Drawn(0, 1, -3, 3)),
            _SPEED,
            phased(Drawn(3, 0.1, 0, 5), Drawn(0.4, 0.05, 0.1, 0.5), Drawn(0.5, 0.1, 0.1, 2)),
            flanged(
                Drawn(0, 5, 0, 30),
                Drawn(2, 5, 0, 10),
                Drawn(0, 10, -95, 95),
                Drawn(71, 5, 0, 100),
                Drawn(0.5, 0.2, 0.1, 10),
            ),
            reverberated(Drawn(50, 15, 0, 100), Drawn(50, 25, 0, 100), Drawn(50, 25, 0, 100), Drawn(0, 2, -3, 3)),
            chorused(Drawn(0.3, 0.1, 0.1, 0.5), Drawn(0.8, 0.1, 0, 1), Drawn(3, 1, 2, 8)),
            _SPEED,
            lowpass(Drawn(8_000, 2_000, 500, 12_000)),
        )
    )
)
"""COD's flanger has a phase between channels too: of one channel nothing is heard of it."""

LIVE = Chain(
    (
        (contrast(Drawn(30, 20, 0, 75)), 0.1),
        (pitch(Drawn(0, 0.7, -1.5, 1.5)), 0.015),
        (phased(Drawn(2, 0.7, 0.5, 4), Drawn(0.35, 0.05, 0.1, 0.5), Drawn(0.5, 0.2, 0.1, 2)), 0.02),
        (
            flanged(
                Drawn(1, 1, 0, 5),
                Drawn(2, 1, 0, 5),
                Drawn(0, 10, -40, 40),
                Drawn(50, 15, 0, 80),
                Drawn(0.5, 0.2, 0.1, 2),
            ),
            0.02,
        ),
        (chorused(Drawn(0.5, 0.1, 0.3, 0.7), Drawn(0.8, 0.1, 0, 1), Drawn(2, 1, 1, 4)), 0.03),
    )
)
"""No overdrive: a clean guitar must stay one (`amplifier` makes distorted ones, and changes their label). No reverb, no
equaliser: `acoustics.Rooms` has banks of both."""

CHAINS: dict[str, Chain] = {"none": Chain(()), "cod": COD, "live": LIVE}
