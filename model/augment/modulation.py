"""Flanger, phaser and chorus: sounds beside copies of themselves whose delay moves.

They follow SoX's effects of those names. torchaudio has the first two, but computes them sample by sample in Python
(6 s and 1.6 s for one second of sound); here a whole second is computed at once. Sound is `[samples]` float32 at
48 kHz.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..corpus.decoded import SAMPLE_RATE
from .acoustics import Audio

NEGLIGIBLE = 1e-3
"""Echoes of the feedback are followed until they are this far below the sound (-60 dB)."""


class Voice(NamedTuple):
    """One copy of a chorus: its delay, its share of the sound, and how fast and how far the delay moves."""

    delay_ms: float
    decay: float
    speed_hz: float
    depth_ms: float


def flanger(audio: Audio, *, delay_ms: float, depth_ms: float, regen: float, width: float, speed_hz: float) -> Audio:
    """A copy that moves between `delay_ms` and `delay_ms + depth_ms`, fed back.

    `regen` (-95..95) and `width` (0..100) are the percentages of feedback and of the copy.
    """
    feedback, copy = regen / 100, width / 100
    delay = _samples(delay_ms + depth_ms * _wave(len(audio), speed_hz, turn=-0.25))
    before = np.concatenate([delay[:1], delay[:-1]])
    heard = delayed(_fed_back(audio, before + 1, feedback), delay)
    mixed = audio / (1 + copy) + heard * (copy / (1 + copy) * (1 - abs(feedback)))
    return mixed.clip(-1, 1).astype(np.float32)


def phaser(
    audio: Audio, *, delay_ms: float, decay: float, speed_hz: float, gain_in: float = 0.8, gain_out: float = 0.74
) -> Audio:
    """An echo fed back, whose delay moves between one sample and `delay_ms`; `decay` (below 1) is the feedback."""
    longest = max(1.0, delay_ms * SAMPLE_RATE / 1000)
    delay = longest - (longest - 1) * _wave(len(audio), speed_hz, turn=0.25)
    heard = _fed_back(audio * np.float32(gain_in), delay.astype(np.float32), decay)
    return (heard * gain_out).clip(-1, 1).astype(np.float32)


def chorus(audio: Audio, *, gain_in: float, gain_out: float, voices: Sequence[Voice]) -> Audio:
    """The sound and copies of it, each late by its own moving delay."""
    mixed = audio * np.float32(gain_in)
    for voice in voices:
        delay = _samples(voice.delay_ms + voice.depth_ms * _wave(len(audio), voice.speed_hz, turn=0.25))
        mixed = mixed + delayed(audio, delay) * np.float32(voice.decay)
    return (mixed * gain_out).clip(-1, 1).astype(np.float32)


def delayed(audio: Audio, delay: Audio) -> Audio:
    """`audio[n - delay[n]]`, on a straight line between samples; silence before the beginning."""
    places = np.arange(len(audio))
    return np.interp(places - delay, places, audio, left=0.0).astype(np.float32)


def _fed_back(audio: Audio, delay: Audio, feedback: float) -> Audio:
    """`out[n] = audio[n] + feedback * out[n - delay[n]]`, echo by echo; `delay` is at least 1."""
    out, echo, level = audio, audio, 1.0
    while (level := level * abs(feedback)) > NEGLIGIBLE:
        echo = delayed(echo, delay) * np.float32(feedback)
        out = np.asarray(out + echo, np.float32)
    return out


def _wave(samples: int, speed_hz: float, turn: float) -> Audio:
    """A sine between 0 and 1 that begins at `turn` of a turn."""
    turns = np.arange(samples) * (speed_hz / SAMPLE_RATE) + turn
    return (0.5 + 0.5 * np.sin(2 * np.pi * turns)).astype(np.float32)


def _samples(delay_ms: Audio) -> Audio:
    return delay_ms * np.float32(SAMPLE_RATE / 1000)
