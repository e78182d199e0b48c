"""Random playing: phrases of a few seconds, each with its own scale, speed, place and loudness; drum patterns.

Pure: the same generator gives the same notes.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from .programs import HATS, KICKS, OTHERS, PERCUSSION, SNARES, Part

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 6, 7, 10))
STEPS_S = (0.1, 0.14, 0.18, 0.25, 0.35, 0.5, 0.9)
JITTER_S = 0.012
"""Standard deviation of onsets about the beat."""
FASTEST_CHORDS_S = 0.25

Texture = Literal["line", "chords", "arpeggio", "hands"]


class Note(NamedTuple):
    """One note: start and length in seconds, MIDI note and velocity."""

    start_s: float
    length_s: float
    pitch: int
    velocity: int


@dataclass(frozen=True)
class Phrase:
    """Notes that belong together; `alone` where no two sound at once, so that each may be bent."""

    notes: tuple[Note, ...]
    alone: bool


class _Place(NamedTuple):
    """What one phrase is made from: pitches of its scale, time between notes, loudness, share of it that sounds."""

    pitches: list[int]
    step_s: float
    velocity: int
    hold: float


def phrases(part: Part, duration_s: float, random: np.random.Generator) -> list[Phrase]:
    """Random playing of `part` for at least `duration_s` seconds."""
    played: list[Phrase] = []
    time_s = 0.0
    while time_s < duration_s:
        texture = _texture(part, random)
        scale, root = SCALES[int(random.integers(len(SCALES)))], int(random.integers(12))
        pitches = [p for p in range(part.low, part.high + 1) if (p - root) % 12 in scale]
        step_s = float(random.choice(STEPS_S)) * random.uniform(0.85, 1.2)
        if texture in ("chords", "hands"):
            step_s = max(step_s, FASTEST_CHORDS_S)
        place = _Place(pitches, step_s, int(random.integers(40, 120)), random.uniform(0.5, 1.1))
        notes, end_s = _PLAY[texture](place, part, time_s, random)
        played.append(Phrase(tuple(notes), texture == "line"))
        time_s = end_s + float(random.choice([0.0, 0.1, 0.4, 0.9]))
    return played


def _texture(part: Part, random: np.random.Generator) -> Texture:
    if part.style != "any":
        return part.style
    shares: dict[Texture, float] = {"line": 0.4, "chords": 0.3, "arpeggio": 0.2 if part.touch != "held" else 0.05}
    if part.high - part.low > 50:
        shares["hands"] = 0.3
    weights = np.array(list(shares.values()))
    return list(shares)[int(random.choice(len(shares), p=weights / weights.sum()))]


def _line(place: _Place, part: Part, time_s: float, random: np.random.Generator) -> tuple[list[Note], float]:
    """One note after another, mostly by step, now and then by leap."""
    notes: list[Note] = []
    at = int(random.integers(len(place.pitches)))
    for _ in range(int(random.integers(4, 16))):
        leap = 7 if random.random() < 0.1 else 3
        at = int(np.clip(at + random.integers(-leap, leap + 1), 0, len(place.pitches) - 1))
        length_s = place.step_s * float(random.choice([1, 1, 1, 2, 3]))
        notes.append(_note(time_s, length_s * place.hold, place.pitches[at], place.velocity, random))
        time_s += length_s
    return notes, time_s


def _chords(place: _Place, part: Part, time_s: float, random: np.random.Generator) -> tuple[list[Note], float]:
    """Stacks of two to five notes, spread as a strum where strings are plucked."""
    notes: list[Note] = []
    at = int(random.integers(max(1, len(place.pitches) - 5)))
    widest_s = 0.045 if part.touch == "plucked" else 0.015
    for _ in range(int(random.integers(3, 10))):
        if random.random() < 0.5:
            at = int(np.clip(at + random.integers(-3, 4), 0, max(0, len(place.pitches) - 5)))
        length_s = place.step_s * float(random.choice([1, 1, 2, 3]))
        stack = _stack(place.pitches, at, int(random.integers(2, 6)))
        if random.random() < 0.3:
            stack.reverse()
        spread_s = random.uniform(0, widest_s)
        for k, pitch in enumerate(stack):
            notes.append(_note(time_s + k * spread_s, length_s * place.hold, pitch, place.velocity, random))
        time_s += length_s
    return notes, time_s


def _arpeggio(place: _Place, part: Part, time_s: float, random: np.random.Generator) -> tuple[list[Note], float]:
    """Broken chords in a fixed order; every note rings into the next ones."""
    notes: list[Note] = []
    at, ring = int(random.integers(max(1, len(place.pitches) - 7))), int(random.integers(1, 5))
    order = random.permutation(4) if random.random() < 0.6 else np.array([0, 1, 2, 3, 2, 1])
    step_s = min(place.step_s, 0.4)
    for _ in range(int(random.integers(2, 6))):
        stack = _stack(place.pitches, at, 4)
        for k in order:
            notes.append(_note(time_s, step_s * ring, stack[min(int(k), len(stack) - 1)], place.velocity, random))
            time_s += step_s
        at = int(np.clip(at + random.integers(-3, 4), 0, max(0, len(place.pitches) - 7)))
    return notes, time_s


def _hands(place: _Place, part: Part, time_s: float, random: np.random.Generator) -> tuple[list[Note], float]:
    """Two hands: chords or single notes below, a line above."""
    third = max(4, len(place.pitches) // 3)
    below, above = place._replace(pitches=place.pitches[:third]), place._replace(pitches=place.pitches[third:])
    left, left_end_s = _PLAY["chords" if random.random() < 0.6 else "line"](below, part, time_s, random)
    right: list[Note] = []
    end_s = time_s
    while end_s < left_end_s:
        more, end_s = _line(above, part, end_s, random)
        right += more
    return left + right, max(left_end_s, end_s)


_PLAY = {"line": _line, "chords": _chords, "arpeggio": _arpeggio, "hands": _hands}


def _stack(pitches: list[int], at: int, count: int) -> list[int]:
    """Every second pitch of the scale from place `at` up."""
    return [pitches[min(at + 2 * k, len(pitches) - 1)] for k in range(count)]


def _note(start_s: float, length_s: float, pitch: int, velocity: int, random: np.random.Generator) -> Note:
    start_s = max(0.0, start_s + random.normal(0, JITTER_S))
    return Note(start_s, max(0.04, length_s), pitch, int(np.clip(velocity + random.integers(-15, 16), 16, 127)))


def beats(duration_s: float, random: np.random.Generator) -> list[Note]:
    """Random drum-set patterns, a new one every two bars."""
    notes: list[Note] = []
    time_s = 0.0
    while time_s < duration_s:
        step_s = random.uniform(0.09, 0.2)
        kick, snare, hat = (int(random.choice(keys)) for keys in (KICKS, SNARES, HATS))
        kicks, hats = random.random(16) < 0.2, random.random(16) < random.choice([0.25, 0.5, 0.9])
        kicks[0] = True
        for step in range(32):
            hits = [kick] if kicks[step % 16] else []
            hits += [snare] if step % 8 == 4 or random.random() < 0.04 else []
            hits += [hat] if hats[step % 16] else []
            hits += [int(random.choice(OTHERS))] if random.random() < (0.35 if step > 27 else 0.02) else []
            late_s = random.uniform(0, 0.006)
            notes += [Note(time_s + late_s, step_s, key, int(random.integers(50, 127))) for key in hits]
            time_s += step_s
    return notes


def percussion(duration_s: float, random: np.random.Generator) -> list[Note]:
    """Random patterns of one to three hand instruments."""
    notes: list[Note] = []
    time_s = 0.0
    while time_s < duration_s:
        step_s, keys = random.uniform(0.09, 0.25), random.choice(PERCUSSION, int(random.integers(1, 4)), replace=False)
        played = random.random((len(keys), 8)) < random.uniform(0.2, 0.7)
        for step in range(24):
            hits = keys[played[:, step % 8]]
            notes += [Note(time_s, step_s, int(key), int(random.integers(50, 127))) for key in hits]
            time_s += step_s
    return notes
