"""General MIDI programs: which of our labels each sounds like, where it plays, and how its notes are touched.

The one table behind random playing, scores and packages of samples. Sources: the General MIDI level 1 sound set;
banks 8 and 16 are the variations that fonts after Roland's GS agree on, 20 to 50 MuseScore General's string sections.
A font plays what it has of these.
"""

from dataclasses import dataclass
from typing import Final, Literal

Style = Literal["line", "chords", "any"]
Touch = Literal["struck", "plucked", "sung", "held", "synth"]
"""How notes are shaped: `struck` and `plucked` die away, `sung` are bowed or blown, `held` stay, `synth` glide."""

DRUM_CHANNEL: Final = 9
DRUM_BANK: Final = 128


@dataclass(frozen=True)
class Part:
    """A program (from 0) of a bank that sounds like `label` between two MIDI notes."""

    label: str
    program: int
    low: int
    high: int
    style: Style = "line"
    touch: Touch = "sung"
    bank: int = 0


PARTS: Final[tuple[Part, ...]] = (
    Part("piano", 0, 28, 100, "any", "struck"),
    Part("piano", 0, 28, 100, "any", "struck", bank=8),
    Part("piano", 1, 28, 100, "any", "struck"),
    Part("electric_piano", 2, 32, 92, "any", "struck"),
    Part("tack_piano", 3, 36, 92, "any", "struck"),
    Part("electric_piano", 4, 32, 92, "any", "struck"),
    Part("electric_piano", 5, 32, 92, "any", "struck"),
    Part("electric_piano", 4, 32, 92, "any", "struck", bank=8),
    Part("electric_piano", 5, 32, 92, "any", "struck", bank=8),
    Part("harpsichord", 6, 36, 88, "any", "struck"),
    Part("mallet_percussion", 9, 72, 104, "any", "struck"),
    Part("vibraphone", 11, 53, 89, "any", "struck"),
    Part("mallet_percussion", 12, 45, 91, "any", "struck"),
    Part("mallet_percussion", 13, 60, 100, "any", "struck"),
    Part("organ", 16, 36, 90, "any", "held"),
    Part("organ", 17, 36, 90, "any", "held"),
    Part("organ", 18, 36, 90, "any", "held"),
    Part("organ", 19, 36, 90, "any", "held"),
    Part("accordion", 21, 48, 88, "any", "held"),
    Part("accordion", 21, 48, 88, "any", "held", bank=8),
    Part("accordion", 23, 48, 88, "any", "held"),
    Part("harmonica", 22, 58, 92),
    Part("acoustic_guitar", 24, 40, 80, "any", "plucked"),
    Part("acoustic_guitar", 25, 40, 80, "any", "plucked"),
    Part("acoustic_guitar", 25, 40, 80, "any", "plucked", bank=8),
    Part("ukulele", 24, 55, 81, "any", "plucked", bank=8),
    Part("mandolin", 25, 55, 88, "any", "plucked", bank=16),
    Part("clean_electric_guitar", 26, 40, 82, "any", "plucked"),
    Part("clean_electric_guitar", 27, 40, 82, "any", "plucked"),
    Part("clean_electric_guitar", 28, 40, 76, "any", "plucked"),
    Part("distorted_electric_guitar", 29, 40, 82, "any", "plucked"),
    Part("distorted_electric_guitar", 30, 40, 82, "any", "plucked"),
    Part("double_bass", 32, 28, 55, touch="plucked"),
    Part("electric_bass", 33, 28, 58, touch="plucked"),
    Part("electric_bass", 34, 28, 58, touch="plucked"),
    Part("electric_bass", 35, 28, 58, touch="plucked"),
    Part("electric_bass", 36, 28, 58, touch="plucked"),
    Part("electric_bass", 37, 28, 58, touch="plucked"),
    Part("synthesizer", 38, 28, 60, touch="synth"),
    Part("synthesizer", 39, 28, 60, touch="synth"),
    Part("violin", 40, 55, 96),
    Part("violin", 40, 55, 96, bank=8),
    Part("violin", 48, 55, 96, "any", bank=20),
    Part("viola", 41, 48, 84),
    Part("viola", 48, 48, 84, "any", bank=30),
    Part("cello", 42, 36, 76),
    Part("cello", 48, 36, 76, bank=40),
    Part("double_bass", 43, 28, 60),
    Part("double_bass", 48, 28, 60, bank=50),
    Part("strings", 44, 36, 88, "any"),
    Part("strings", 45, 36, 88, "any", "plucked"),
    Part("harp", 46, 30, 98, "any", "plucked"),
    Part("timpani", 47, 38, 57, touch="struck"),
    Part("strings", 48, 36, 88, "chords"),
    Part("strings", 49, 36, 88, "chords"),
    Part("synthesizer", 50, 36, 88, "any", "synth"),
    Part("synthesizer", 51, 36, 88, "any", "synth"),
    Part("vocalists", 52, 45, 79, "chords"),
    Part("vocalists", 53, 45, 79, "chords"),
    Part("trumpet", 56, 54, 86),
    Part("trombone", 57, 40, 72),
    Part("tuba", 58, 26, 58),
    Part("trumpet", 59, 54, 86),
    Part("french_horn", 60, 36, 77),
    Part("brass_section", 61, 45, 82, "chords"),
    Part("synthesizer", 62, 40, 84, "any", "synth"),
    Part("synthesizer", 63, 40, 84, "any", "synth"),
    Part("saxophone", 64, 56, 87),
    Part("saxophone", 65, 49, 81),
    Part("saxophone", 66, 44, 76),
    Part("saxophone", 67, 36, 69),
    Part("oboe", 68, 58, 91),
    Part("bassoon", 70, 34, 74),
    Part("clarinet", 71, 50, 91),
    Part("flute", 72, 74, 103),
    Part("flute", 73, 60, 96),
    *(Part("synthesizer", program, 40, 90, "any", "synth") for program in range(80, 96) if program != 85),
    Part("sitar", 104, 48, 80, touch="plucked"),
    Part("banjo", 105, 48, 84, "any", "plucked"),
    Part("bagpipe", 109, 57, 81),
    Part("violin", 110, 55, 96),
    Part("shanai", 111, 58, 84),
)
"""Lead 6 "voice" (85), celesta, clavinet, English horn, recorders and sound effects are none of our labels."""

KITS: Final = (0, 8, 16, 32, 40)
"""Programs of the drum channel that are acoustic kits: standard, room, power, jazz, brush."""
KICKS: Final = (35, 36)
SNARES: Final = (37, 38, 40)
HATS: Final = (42, 44, 46, 51)
OTHERS: Final = (41, 43, 45, 47, 48, 49, 50, 57)
PERCUSSION: Final = (54, 56, 58, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 73, 74, 75, 76, 77, 80, 81)
"""Keys of the drum channel that are no part of a drum set."""

_BY_PROGRAM: Final = {part.program: part for part in PARTS if part.bank == 0}


def part_of(program: int) -> Part | None:
    """The part that a program of bank 0 plays; None where it is none of our labels."""
    return _BY_PROGRAM.get(program)
