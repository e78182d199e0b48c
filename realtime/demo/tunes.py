"""What the demo session plays: a few bars of plain music, written for it.

A line is text: `PITCH:BEATS` one after another, `c4+e4+g4:2` for a chord, `-:1` for a rest; c4 is middle C (MIDI 60).
Drums are rows of sixteenths: one letter a step, `x` loud, `o` soft, `.` nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BEATS_A_BAR: Final = 4
_STEPS: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_LOUDNESS: Final = {"x": 100, "o": 70}
_VELOCITY: Final = 84


@dataclass(frozen=True, slots=True)
class Note:
    """`start` and `length` in beats; `pitch` and `velocity` as MIDI has them, 0..127."""

    start: float
    length: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One player's turn on an input (from 1): from bar `bar` on, `notes` with General MIDI program `program`.

    `label` is the truth. `level_dbfs` is the RMS of the turn. `program` None: the drum set.
    """

    channel: int
    label: str
    program: int | None
    bar: int
    level_dbfs: float
    notes: tuple[Note, ...]


def line(text: str) -> tuple[Note, ...]:
    """The notes of a line. Raises ValueError or KeyError if it is not written as above."""
    notes: list[Note] = []
    beat = 0.0
    for word in text.split():
        pitches, _, beats = word.partition(":")
        length = float(beats)
        if pitches != "-":
            notes += [Note(beat, length, _pitch(name), _VELOCITY) for name in pitches.split("+")]
        beat += length
    return tuple(notes)


def drums(bars: int, rows: Sequence[tuple[int, str]]) -> tuple[Note, ...]:
    """`bars` times the pattern of `rows` (drum's MIDI note, sixteen steps)."""
    return tuple(
        Note(bar * BEATS_A_BAR + step / 4, 0.2, pitch, _LOUDNESS[mark])
        for bar in range(bars)
        for pitch, marks in rows
        for step, mark in enumerate(marks)
        if mark != "."
    )


def picked(shapes: Sequence[str], bars: int) -> tuple[Note, ...]:
    """Broken chords in eighths, one shape (eight pitches) a bar, around and around for `bars` bars."""
    words = [f"{pitch}:0.5" for bar in range(bars) for pitch in shapes[bar % len(shapes)].split()]
    return tuple(Note(note.start, 0.9, note.pitch, note.velocity) for note in line(" ".join(words)))


def _pitch(name: str) -> int:
    step = _STEPS[name[0]] + name.count("#") - name[1:].count("b")
    return step + 12 * (int(name.lstrip("abcdefg#")) + 1)


# The harmony is four bars long and goes around: A minor, D minor, F, E minor.

_BEAT = ((36, "x.....x.x......."), (38, "....x.......x..o"), (42, "x.o.x.o.x.o.x.o."))
_BEAT_OPEN = ((36, "x..x....x.x....."), (38, "....x.......x..."), (46, "......x.......x."), (51, "x.x.x.x.x.x.x.x."))

_BASS = """a1:0.5 a1:0.5 c2:0.5 a1:0.5 e2:0.5 d2:0.5 c2:0.5 b1:0.5
d2:0.5 d2:0.5 f2:0.5 d2:0.5 a2:0.5 g2:0.5 f2:0.5 d2:0.5
f1:0.5 f1:0.5 a1:0.5 f1:0.5 c2:0.5 a1:0.5 g1:0.5 f1:0.5
e1:0.5 e1:0.5 g1:0.5 e1:0.5 b1:0.5 a1:0.5 g1:0.5 e1:0.5"""

_PIANO_LEFT = """a1:0.5 e2:0.5 a2:0.5 e2:0.5 a1:0.5 e2:0.5 a2:0.5 e2:0.5
d2:0.5 a2:0.5 d3:0.5 a2:0.5 d2:0.5 a2:0.5 d3:0.5 a2:0.5
f1:0.5 c2:0.5 f2:0.5 c2:0.5 f1:0.5 c2:0.5 f2:0.5 c2:0.5
e1:0.5 b1:0.5 e2:0.5 b1:0.5 e1:0.5 b1:0.5 e2:0.5 g2:0.5"""
_PIANO_RIGHT = """c4+e4:1.5 a4:0.5 e4:1 c4:1  d4+f4:1.5 a4:0.5 f4:1 d4:1  c4+f4:1 a4:1 c5:1 a4:1  b3+g4:2 e4:1 g4:1"""
_GUITAR = (
    "a2 e3 c4 a3 e4 c4 a3 e3",
    "d3 a3 f4 d4 a3 d4 f4 a3",
    "f2 c4 a3 f4 c4 a3 c4 a3",
    "e2 b3 g3 e4 b3 g3 b3 g3",
)

_CELLO = """a2:2 c3:1 e3:1  d3:3 f3:1  c3:2 a2:1 c3:1  b2:2 g2:2  a2:1.5 b2:0.5 c3:2"""
_TRUMPET = """e5:1 d5:0.5 c5:0.5 a4:2  f4:1 a4:1 d5:2  c5:1.5 a4:0.5 f4:1 a4:1  g4:1 b4:1 e5:2
a4:0.5 b4:0.5 c5:1 e5:2"""
_VIOLIN = """e5:1.5 f5:0.5 e5:1 c5:1  d5:2 a5:2  g5:1 f5:0.5 e5:0.5 f5:1 c5:1  e5:1 d5:1 b4:2  c5:1.5 d5:0.5 e5:2"""
_VIOLIN_AGAIN = """a5:2 g5:1 e5:1  f5:1.5 e5:0.5 d5:2  c5:1 d5:1 f5:1 a5:1  g5:1 e5:1 b4:2"""
_FLUTE = """c6:1 b5:0.5 a5:0.5 e5:2  f5:1 e5:0.5 d5:0.5 a5:2  a5:0.5 c6:0.5 f6:1 e6:1 c6:1  e6:1 d6:0.5 b5:0.5 g5:1 b5:1
a5:1 c6:1 e6:2"""
_BASSOON = """e3:1 d3:1 c3:2  d3:1 c3:1 a2:2  c3:1.5 a2:0.5 f2:2  b2:1 g2:1 e2:2  a2:1.5 b2:0.5 c3:2"""

NAMES: Final = ("Kit", "Bass DI", "Guest", "Piano", "Guitar", "Violin", "Winds", "Spare")
BARS: Final = 20
BEATS_A_MINUTE: Final = 108

ENTRIES: Final = (
    Entry(1, "drum_set", None, 2, -22, drums(8, _BEAT)),
    Entry(1, "drum_set", None, 12, -21, drums(8, _BEAT_OPEN)),
    Entry(2, "electric_bass", 35, 4, -20, line(f"{_BASS} {_BASS}")),
    Entry(2, "electric_bass", 35, 14, -20, line(f"f1:1 a1:1 c2:1 f1:1  e1:1 g1:1 b1:1 e1:1 {_BASS}")),
    Entry(3, "cello", 42, 4, -22, line(_CELLO)),
    Entry(3, "trumpet", 56, 11, -20, line(_TRUMPET)),
    Entry(4, "piano", 0, 0, -22, line(f"{_PIANO_LEFT} {_PIANO_LEFT}") + line(f"{_PIANO_RIGHT} {_PIANO_RIGHT}")),
    Entry(4, "piano", 0, 12, -22, line(f"{_PIANO_LEFT} {_PIANO_LEFT}") + line(f"{_PIANO_RIGHT} {_PIANO_RIGHT}")),
    Entry(5, "acoustic_guitar", 24, 1, -24, picked(_GUITAR, 5)),
    Entry(5, "acoustic_guitar", 24, 9, -24, picked(_GUITAR, 8)),
    Entry(6, "violin", 40, 6, -22, line(_VIOLIN)),
    Entry(6, "violin", 40, 15, -22, line(_VIOLIN_AGAIN)),
    Entry(7, "flute", 73, 8, -23, line(_FLUTE)),
    Entry(7, "bassoon", 70, 14, -23, line(_BASSOON)),
)
