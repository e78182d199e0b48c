"""The one table of labels: what may be heard, how it is said, and where it lives on each wire.

Instruments, parts of the drum set, families and `uncertain` are all rows, so that whatever an event may name has a
spoken name, a MIDI note and an OSC address. Nothing else in the project lists labels.
"""

from typing import Final, Literal, NamedTuple

Kind = Literal["instrument", "part", "family", "uncertain"]


class Label(NamedTuple):
    """One row.

    `spoken` is what people hear and read ("singer" for every voice); `detail` is for those who ask for more.
    `cod` and `openmic` are the names of the same thing in COD's and OpenMIC-2018's lists, "" where they have none.
    `note` is the MIDI note (0..127), the same for good. `colour` is `RRGGBB`.
    """

    id: str
    spoken: str
    detail: str
    family: str
    cod: str
    openmic: str
    note: int
    colour: str
    kind: Kind = "instrument"


LABELS: Final[tuple[Label, ...]] = (
    Label("female_singer", "singer", "female singer", "voice", "female singer", "voice", 36, "E4572E"),
    Label("male_singer", "singer", "male singer", "voice", "male singer", "voice", 37, "C8452A"),
    Label("vocalists", "singer", "several singers", "voice", "vocalists", "voice", 38, "F07F5A"),
    Label("speech", "speech", "speech", "voice", "", "", 39, "B0A8A0"),
    Label("acoustic_guitar", "acoustic guitar", "acoustic guitar", "guitar", "acoustic guitar", "guitar", 40, "C98A2B"),
    Label(
        "clean_electric_guitar",
        "electric guitar",
        "clean electric guitar",
        "guitar",
        "clean electric guitar",
        "guitar",
        41,
        "E0A63A",
    ),
    Label(
        "distorted_electric_guitar",
        "distorted guitar",
        "distorted electric guitar",
        "guitar",
        "distorted electric guitar",
        "guitar",
        42,
        "A86A12",
    ),
    Label("banjo", "banjo", "banjo", "plucked", "", "banjo", 43, "D8C04A"),
    Label("mandolin", "mandolin", "mandolin", "plucked", "", "mandolin", 44, "C4AC30"),
    Label("ukulele", "ukulele", "ukulele", "plucked", "", "ukulele", 45, "E6D270"),
    Label("electric_bass", "electric bass", "electric bass", "bass", "electric bass", "bass", 46, "6B4E9B"),
    Label("double_bass", "double bass", "double bass", "bass", "double bass", "bass", 47, "553C85"),
    Label("piano", "piano", "piano", "keys", "piano", "piano", 48, "3D6FB6"),
    Label("tack_piano", "tack piano", "tack piano", "keys", "tack piano", "piano", 49, "5C86C2"),
    Label("electric_piano", "electric piano", "electric piano", "keys", "", "piano", 50, "2F9BC4"),
    Label("organ", "organ", "organ", "keys", "", "organ", 51, "2A7FA0"),
    Label("accordion", "accordion", "accordion", "keys", "", "accordion", 52, "4FB0C6"),
    Label("harpsichord", "harpsichord", "harpsichord", "keys", "", "", 53, "7FA8D0"),
    Label("synthesizer", "synthesizer", "synthesizer", "keys", "synthesizer", "synthesizer", 54, "5560C8"),
    Label("violin", "violin", "violin", "strings", "violin", "violin", 55, "B03A5B"),
    Label("viola", "viola", "viola", "strings", "viola", "", 56, "9A2E4E"),
    Label("cello", "cello", "cello", "strings", "cello", "cello", 57, "842240"),
    Label("harp", "harp", "harp", "plucked", "", "", 58, "DDB8D0"),
    Label("trumpet", "trumpet", "trumpet", "brass", "trumpet", "trumpet", 59, "F2C230"),
    Label("trombone", "trombone", "trombone", "brass", "", "trombone", 60, "DDAA18"),
    Label("french_horn", "french horn", "french horn", "brass", "", "", 61, "C89610"),
    Label("tuba", "tuba", "tuba", "brass", "", "", 62, "B0830C"),
    Label("brass_section", "brass section", "brass section", "brass", "brass section", "", 63, "F7D768"),
    Label("flute", "flute", "flute", "woodwind", "", "flute", 64, "6FBF73"),
    Label("clarinet", "clarinet", "clarinet", "woodwind", "", "clarinet", 65, "4FA855"),
    Label("oboe", "oboe", "oboe", "woodwind", "oboe", "", 66, "3A9040"),
    Label("bassoon", "bassoon", "bassoon", "woodwind", "", "", 67, "2A7830"),
    Label("saxophone", "saxophone", "saxophone", "woodwind", "", "saxophone", 68, "8CCB5E"),
    Label("harmonica", "harmonica", "harmonica", "woodwind", "", "", 69, "A8D890"),
    Label("drum_set", "drums", "drum set", "percussion", "drum set", "drums", 70, "7A7A7A"),
    Label(
        "auxiliary_percussion",
        "percussion",
        "auxiliary percussion",
        "percussion",
        "auxiliary percussion",
        "",
        71,
        "969696",
    ),
    Label("vibraphone", "vibraphone", "vibraphone", "percussion", "vibraphone", "mallet_percussion", 72, "8FB8B0"),
    Label("mallet_percussion", "mallets", "mallet percussion", "percussion", "", "mallet_percussion", 73, "70A098"),
    Label("kick", "kick", "kick drum", "percussion", "", "", 74, "606060", "part"),
    Label("snare", "snare", "snare drum", "percussion", "", "", 75, "6C6C6C", "part"),
    Label("hi_hat", "hi-hat", "hi-hat", "percussion", "", "", 76, "A2A2A2", "part"),
    Label("tom", "tom", "tom", "percussion", "", "", 77, "848484", "part"),
    Label("cymbals", "cymbals", "cymbals", "percussion", "", "cymbals", 78, "B4B4B4", "part"),
    Label("voice", "voice", "voice", "voice", "", "", 80, "E4572E", "family"),
    Label("guitar", "guitar", "guitar", "guitar", "", "", 81, "C98A2B", "family"),
    Label("plucked", "plucked strings", "plucked strings", "plucked", "", "", 82, "D8C04A", "family"),
    Label("bass", "bass", "bass", "bass", "", "", 83, "6B4E9B", "family"),
    Label("keys", "keys", "keyboard", "keys", "", "", 84, "3D6FB6", "family"),
    Label("strings", "strings", "bowed strings", "strings", "", "", 85, "B03A5B", "family"),
    Label("brass", "brass", "brass", "brass", "", "", 86, "F2C230", "family"),
    Label("woodwind", "woodwind", "woodwind", "woodwind", "", "", 87, "6FBF73", "family"),
    Label("percussion", "percussion", "drums or percussion", "percussion", "", "", 88, "7A7A7A", "family"),
    Label("uncertain", "uncertain", "uncertain", "uncertain", "", "", 90, "C0C0C0", "uncertain"),
)

BY_ID: Final[dict[str, Label]] = {label.id: label for label in LABELS}
INDEX: Final[dict[str, int]] = {label.id: index for index, label in enumerate(LABELS)}
FAMILIES: Final[tuple[str, ...]] = tuple(label.id for label in LABELS if label.kind == "family")
UNCERTAIN: Final = "uncertain"
SPEECH: Final = "speech"

# What the shipped model tells apart, in the order of its output.
MODEL_LABELS: Final[tuple[str, ...]] = tuple(label.id for label in LABELS if label.kind == "instrument")

# Parts of the drum set, which it tells apart on inputs that are close microphones: they follow in its output.
PART_LABELS: Final[tuple[str, ...]] = tuple(label.id for label in LABELS if label.kind == "part")


def family_of(label_id: str) -> str:
    """Family of a label; a family and `uncertain` are their own."""
    return BY_ID[label_id].family


def instruments_of(family: str) -> frozenset[str]:
    """Ids of a family's instruments, without the parts of the drum set."""
    return frozenset(label.id for label in LABELS if label.family == family and label.kind == "instrument")
