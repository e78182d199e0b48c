"""Plays notes from recorded ones: the nearest recording, moved in pitch, cut to length and shaped."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .decoded import SAMPLE_RATE, decode
from .expression import Played, cents_at, level_at
from .playing import Note

Audio = npt.NDArray[np.float32]

PITCH_CLASSES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
PITCH_NAME = re.compile(r"([A-G])(#|b|s)?(-?\d)")
ONSET_DB = -46.0
"""A recording begins where it first comes within this much of its peak; encoders put silence before it."""
FARTHEST = 7
"""Semitones that a recording is moved at most; notes farther from any stay away."""


@dataclass(frozen=True)
class Sample:
    """One recorded note: MIDI pitch, velocity 1..127, mono float32 at 48 kHz."""

    pitch: int
    velocity: int
    audio: Audio


def pitch_of(name: str) -> int:
    """MIDI note of a name such as "Ab3", "F#2" or "Ds4" (C4 is 60).

    Raises ValueError where the name holds none.
    """
    found = PITCH_NAME.search(name)
    if found is None:
        raise ValueError(f"no note's name in {name}")
    step, accidental, octave = found.groups()
    return 12 * (int(octave) + 1) + PITCH_CLASSES[step] + {"#": 1, "s": 1, "b": -1}.get(accidental, 0)


def read_sample(path: Path, velocity: int = 100) -> Sample:
    """The recording at `path`, named after its note, from its onset on."""
    audio = decode(path).astype(np.float32) * np.float32(1 / 32768)
    return Sample(pitch_of(path.stem), velocity, trimmed(audio))


def trimmed(audio: Audio) -> Audio:
    """The sound without the silence before its onset."""
    loud = np.flatnonzero(np.abs(audio) > np.abs(audio).max(initial=0.0) * 10 ** (ONSET_DB / 20))
    return audio[max(0, int(loud[0]) - 48) :] if len(loud) else audio[:0]


def play(samples: list[Sample], played: list[Played], release_s: float) -> Audio:
    """What was played, from the samples: mono float32 at 48 kHz, not normalised."""
    notes = [note for phrase in played for note in phrase.notes]
    end_s = max(note.start_s + note.length_s for note in notes) + release_s + 0.5
    out = np.zeros(int(end_s * SAMPLE_RATE), np.float32)
    for phrase in played:
        for note in phrase.notes:
            sample = nearest(samples, note)
            if abs(sample.pitch - note.pitch) <= FARTHEST:
                voice = _voice(sample, note, phrase, release_s)
                start = int(note.start_s * SAMPLE_RATE)
                out[start : start + len(voice)] += voice[: len(out) - start]
    return out


def nearest(samples: list[Sample], note: Note) -> Sample:
    """The sample nearest in pitch, and of those the nearest in velocity."""
    return min(samples, key=lambda sample: (abs(sample.pitch - note.pitch), abs(sample.velocity - note.velocity)))


def _voice(sample: Sample, note: Note, phrase: Played, release_s: float) -> Audio:
    total = int((note.length_s + release_s) * SAMPLE_RATE)
    times = note.start_s + np.arange(total) / SAMPLE_RATE
    cents = 100 * (note.pitch - sample.pitch) + cents_at(phrase.bends, times)
    places = np.cumsum(np.exp2(cents / 1200))
    places = places[: int(np.searchsorted(places, len(sample.audio) - 1))]
    voice = np.interp(places, np.arange(len(sample.audio)), sample.audio)
    over_s = np.clip(times[: len(voice)] - note.start_s - note.length_s, 0, None)
    voice *= np.exp(-5 * over_s / release_s) * level_at(phrase.swells, times[: len(voice)])
    fade = min(len(voice), 480)
    voice[len(voice) - fade :] *= np.linspace(1, 0, fade)
    return (voice * (note.velocity / max(sample.velocity, 1)) ** 1.2).astype(np.float32)
