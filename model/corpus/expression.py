"""What a player adds to bare notes: vibrato, scoops, bends, slides from note to note, swells, and tuning.

Fonts play a sample the same way each time; these controls are what makes their notes differ. Everything here is MIDI:
the pitch wheel (two semitones each way, General MIDI's default) and controller 11, expression.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .playing import Note, Phrase
from .programs import Touch

Floats = npt.NDArray[np.float64]

GRID_S = 0.015
"""Time between two values of a curve."""
WHEEL_CENTS = 200.0
WHEEL_STEPS = 8_191
SLIDE_S = 0.06


class Bend(NamedTuple):
    """The pitch wheel at a time: -8192..8191."""

    time_s: float
    value: int


class Swell(NamedTuple):
    """Expression (controller 11) at a time: 0..127."""

    time_s: float
    value: int


@dataclass(frozen=True)
class Played:
    """Notes as they are struck, and the curves that shape them."""

    notes: tuple[Note, ...]
    bends: tuple[Bend, ...]
    swells: tuple[Swell, ...]


@dataclass(frozen=True)
class Habits:
    """Chances (0..1) and sizes of what a touch allows."""

    vibrato: float = 0.0
    vibrato_cents: float = 0.0
    scoop: float = 0.0
    bend: float = 0.0
    slide: float = 0.0
    swell: float = 0.0


HABITS: dict[Touch, Habits] = {
    "struck": Habits(),
    "plucked": Habits(vibrato=0.3, vibrato_cents=30, bend=0.08, slide=0.1),
    "sung": Habits(vibrato=0.75, vibrato_cents=45, scoop=0.2, slide=0.2, swell=0.8),
    "held": Habits(swell=0.4),
    "synth": Habits(vibrato=0.35, vibrato_cents=40, bend=0.05, slide=0.25, swell=0.3),
}


def express(phrase: Phrase, touch: Touch, random: np.random.Generator) -> Played:
    """The phrase as a player with the touch's habits would give it; bends only where its notes stand alone."""
    habits = HABITS[touch]
    tuning = float(np.clip(random.normal(0, 8), -25, 25))
    swells = _swells(phrase.notes, random) if random.random() < habits.swell else ()
    start_s = min(note.start_s for note in phrase.notes)
    if not phrase.alone:
        return Played(phrase.notes, (_bend(start_s, tuning),), swells or (Swell(start_s, 127),))
    shaky = random.random() < habits.vibrato
    depth, rate_hz = random.uniform(0.2, 1) * habits.vibrato_cents * shaky, random.uniform(4.3, 6.8)
    slides = random.random() < 2 * habits.slide
    notes: list[Note] = []
    bends: list[Bend] = []
    for tied in _tied(phrase.notes, slides, random):
        notes.append(tied[0]._replace(length_s=tied[-1].start_s + tied[-1].length_s - tied[0].start_s))
        bends += _curve(tied, tuning, depth, rate_hz, habits, random)
    return Played(tuple(notes), tuple(bends), swells or (Swell(start_s, 127),))


def cents_at(bends: tuple[Bend, ...], times: Floats) -> Floats:
    """Cents by which the wheel moves the pitch at each of `times` (seconds)."""
    if not bends:
        return np.zeros(len(times))
    values = [bend.value / WHEEL_STEPS * WHEEL_CENTS for bend in bends]
    return np.interp(times, [bend.time_s for bend in bends], values)


def level_at(swells: tuple[Swell, ...], times: Floats) -> Floats:
    """Gain 0..1 at each of `times`; General MIDI takes the square of the controller's share."""
    if not swells:
        return np.ones(len(times))
    return np.interp(times, [swell.time_s for swell in swells], [(swell.value / 127) ** 2 for swell in swells])


def _tied(notes: tuple[Note, ...], slides: bool, random: np.random.Generator) -> list[list[Note]]:
    """Notes grouped: a group is struck once, and slides to its further notes, none over a tone from the first."""
    groups: list[list[Note]] = []
    for note in notes:
        near = bool(groups) and 0 < abs(note.pitch - groups[-1][0].pitch) * 100 <= WHEEL_CENTS - 25
        if slides and near and random.random() < 0.6:
            groups[-1].append(note)
        else:
            groups.append([note])
    return groups


def _curve(
    tied: list[Note], tuning: float, depth: float, rate_hz: float, habits: Habits, random: np.random.Generator
) -> list[Bend]:
    """The wheel over one struck note: tuning, slides, a scoop or a bend at its beginning, vibrato after a while."""
    first, end_s = tied[0], tied[-1].start_s + tied[-1].length_s
    times = np.arange(first.start_s, end_s, GRID_S)
    cents = np.full(len(times), tuning)
    for before, after in pairwise(tied):
        cents += 100 * (after.pitch - before.pitch) * np.clip((times - after.start_s) / SLIDE_S, 0, 1)
    since_s = times - first.start_s
    if random.random() < habits.scoop:
        cents -= random.uniform(30, 180) * np.clip(1 - since_s / random.uniform(0.04, 0.16), 0, 1)
    if len(tied) == 1 and random.random() < habits.bend:
        cents += random.choice([100, 170]) * np.clip((since_s - 0.08) / random.uniform(0.1, 0.3), 0, 1)
    grown = np.clip((since_s - random.uniform(0.08, 0.3)) / 0.25, 0, 1)
    cents += depth * grown * np.sin(2 * np.pi * rate_hz * since_s)
    return [_bend(float(t), float(c)) for t, c in zip(times, cents, strict=True)]


def _bend(time_s: float, cents: float) -> Bend:
    return Bend(time_s, round(float(np.clip(cents / WHEEL_CENTS, -1, 1)) * WHEEL_STEPS))


def _swells(notes: tuple[Note, ...], random: np.random.Generator) -> tuple[Swell, ...]:
    """Louder or softer over the phrase, and within each of its notes."""
    start_s = min(note.start_s for note in notes)
    end_s = max(note.start_s + note.length_s for note in notes)
    times = np.arange(start_s, end_s, 2 * GRID_S)
    ends = random.uniform(0.55, 1.0, 2)
    level = np.interp(times, [start_s, end_s], ends)
    rise_s, fall = random.uniform(0.02, 0.25), random.uniform(0.0, 0.5)
    onsets = np.array(sorted(note.start_s for note in notes))
    since_s = times - onsets[np.clip(np.searchsorted(onsets, times, "right") - 1, 0, None)]
    level *= 0.6 + 0.4 * np.clip(since_s / rise_s, 0, 1) * (1 - fall * np.clip(since_s - rise_s, 0, 1))
    values = np.round(127 * np.clip(level, 0.25, 1)).astype(int)
    return tuple(Swell(float(t), int(v)) for t, v in zip(times, values, strict=True))
