"""What each data set calls our labels: the one place that maps foreign names, derived from the table of labels."""

from collections.abc import Mapping
from typing import Final

from ...labels import LABELS, MODEL_LABELS
from ..programs import part_of
from ..targets import GROUPS


def _joined(names: Mapping[str, list[str]]) -> dict[str, str]:
    """Name to label id, or to the group that has exactly the labels of that name."""
    groups = {frozenset(members): group for group, members in GROUPS.items()}
    return {name: ids[0] if len(ids) == 1 else groups[frozenset(ids)] for name, ids in names.items()}


def _openmic() -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for label in LABELS:
        if label.openmic:
            names.setdefault(label.openmic, []).append(label.id)
    return _joined(names)


OPENMIC: Final = _openmic()

IRMAS: Final = {
    "cel": "cello",
    "cla": "clarinet",
    "flu": "flute",
    "gac": "acoustic_guitar",
    "gel": "guitar_electric",
    "org": "organ",
    "pia": "piano",
    "sax": "saxophone",
    "tru": "trumpet",
    "vio": "violin",
    "voi": "vocals",
}

COD_MERGES: Final = {"violin section": "violin", "viola section": "viola"}
"""What COD counts with a soloist's name."""

MEDLEYDB: Final = {
    **{label.replace("_", " "): label for label in MODEL_LABELS},
    **{label.cod: label.id for label in LABELS if label.cod},
    **COD_MERGES,
    "cello section": "cello",
    "string section": "strings",
    "piccolo": "flute",
    "flute section": "flute",
    "bass clarinet": "clarinet",
    "clarinet section": "clarinet",
    "soprano saxophone": "saxophone",
    "alto saxophone": "saxophone",
    "tenor saxophone": "saxophone",
    "baritone saxophone": "saxophone",
    "trumpet section": "trumpet",
    "trombone section": "trombone",
    "french horn section": "french_horn",
    "horn section": "brass_section",
    "male speaker": "speech",
    "female speaker": "speech",
    "pipe organ": "organ",
    "electronic organ": "organ",
    "harmonium": "harmonium",
    "bagpipe": "bagpipe",
    "sitar": "sitar",
    "drum machine": "drum_set",
    "kick drum": "kick",
    "snare drum": "snare",
    "high hat": "hi_hat",
    "toms": "tom",
    "cymbal": "cymbals",
    "glockenspiel": "mallet_percussion",
    "xylophone": "mallet_percussion",
    "marimba": "mallet_percussion",
    **dict.fromkeys(
        (
            "bass drum",
            "bongo",
            "cabasa",
            "castanet",
            "chimes",
            "claps",
            "conga",
            "cowbell",
            "darbuka",
            "doumbek",
            "gong",
            "gu",
            "guiro",
            "maracas",
            "rattle",
            "shaker",
            "sleigh bells",
            "tabla",
            "tambourine",
            "timpani",
            "triangle",
        ),
        "auxiliary_percussion",
    ),
}
"""Names of MedleyDB's taxonomy; Medley-solos-DB uses them too."""

NSYNTH: Final = {
    "bass_acoustic": "double_bass",
    "bass_electronic": "electric_bass",
    "bass_synthetic": "bass_synth",
    "brass_acoustic": "any_brass",
    "flute_acoustic": "flute",
    "guitar_acoustic": "acoustic_guitar",
    "guitar_electronic": "guitar_electric",
    "keyboard_acoustic": "any_keyboard",
    "keyboard_electronic": "electric_piano",
    "mallet_acoustic": "mallets",
    "organ_acoustic": "organ",
    "organ_electronic": "organ",
    "reed_acoustic": "any_reed",
    "string_acoustic": "strings",
    "synth_lead_synthetic": "synthesizer",
    "vocal_acoustic": "vocals",
}
"""Family and source: NSynth names no instruments. Imitations by machines (`flute_synthetic`) are none of ours."""

URMP: Final = {
    "vn": "violin",
    "va": "viola",
    "vc": "cello",
    "db": "double_bass",
    "fl": "flute",
    "ob": "oboe",
    "cl": "clarinet",
    "sax": "saxophone",
    "bn": "bassoon",
    "tpt": "trumpet",
    "hn": "french_horn",
    "tbn": "trombone",
    "tba": "tuba",
}


def _programs(first: int) -> dict[str, str]:
    """General MIDI programs, counted from `first`, as text."""
    parts = {program: part_of(program) for program in range(128)}
    return {str(program + first): part.label for program, part in parts.items() if part is not None}


MUSICNET: Final = _programs(first=1)

_SLAKH_BY_CLASS: Final = {
    "3": "piano",
    **dict.fromkeys(("9", "10", "11", "12", "13", "14"), "mallets"),
    **dict.fromkeys(("38", "39"), "bass_synth"),
    "128": "drum_set",
}
_SLAKH_OTHER_SOUND: Final = frozenset({"6", "20", "21", "22", "23", *(str(program) for program in range(104, 128))})
SLAKH: Final = {
    name: label for name, label in (_programs(first=0) | _SLAKH_BY_CLASS).items() if name not in _SLAKH_OTHER_SOUND
}
"""Slakh plays a program with a patch of its class: a harmonica may sound as an organ, so such programs are left out."""

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "openmic2018": OPENMIC,
    "irmas": IRMAS,
    "medleydb": MEDLEYDB,
    "medley_solos_db": MEDLEYDB,
    "musicnet": MUSICNET,
    "slakh2100": SLAKH,
    "nsynth": NSYNTH,
    "guitarset": {"guitar": "acoustic_guitar"},
    "urmp": URMP,
}
"""Data set to its own names to our label ids or groups."""
