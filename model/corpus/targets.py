"""What a manifest's label teaches: columns that are right, groups of which any member is right, columns left alone."""

from typing import NamedTuple

from ..labels import MODEL_LABELS

COLUMN = {label: column for column, label in enumerate(MODEL_LABELS)}

GROUPS: dict[str, tuple[str, ...]] = {
    "vocals": ("female_singer", "male_singer", "vocalists"),
    "guitar_electric": ("clean_electric_guitar", "distorted_electric_guitar"),
    "mallets": ("vibraphone", "mallet_percussion"),
    "strings": ("violin", "viola", "cello", "double_bass"),
    "bass_synth": ("electric_bass", "synthesizer"),
}
"""Coarse labels of manifests: any one of the members is right."""

GROUP_COLUMN = {group: column for column, group in enumerate(GROUPS)}

NOT_INSTRUMENTS = frozenset({"noise"})
UNNAMED = frozenset({"bagpipe", "shanai", "sitar"})
"""Instruments that have no label: the right answer is nothing."""

SAME_AS = {"timpani": "auxiliary_percussion"}

LEFT_ALONE: dict[str, tuple[str, ...]] = {
    # A choir is more than one singer, and a solo voice in a church comes close: neither is taught as wrong.
    "female_singer": ("vocalists",),
    "male_singer": ("vocalists",),
    "trumpet": ("brass_section",),
    "trombone": ("brass_section",),
    "french_horn": ("brass_section",),
    "tuba": ("brass_section",),
    # A reed organ is none of these, yet near enough to all three that calling them wrong would teach a whim.
    "harmonium": ("organ", "accordion", "harmonica"),
}


class Truth(NamedTuple):
    """Columns of one sound: `right` (taught as 1), `group` (index into `GROUPS`, or -1), `alone` (not taught)."""

    right: tuple[int, ...]
    group: int
    alone: tuple[int, ...]


def truth(label: str) -> Truth:
    """What one manifest label teaches.

    Raises KeyError for a label that is neither a model's label nor one that this module places.
    """
    label = SAME_AS.get(label, label)
    alone = tuple(COLUMN[other] for other in LEFT_ALONE.get(label, ()))
    if label in GROUPS:
        return Truth((), GROUP_COLUMN[label], tuple(COLUMN[member] for member in GROUPS[label]))
    if label in NOT_INSTRUMENTS or label in UNNAMED or label == "harmonium":
        return Truth((), -1, alone)
    return Truth((COLUMN[label],), -1, alone)


def refine(label: str, path: str) -> str:
    """A coarse label made exact where the clip's own file name says which member it is."""
    name = path.lower()
    if label == "mallets":
        return "vibraphone" if "vibraphone" in name else "mallet_percussion"
    return label
