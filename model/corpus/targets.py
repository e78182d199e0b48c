"""What a manifest's label teaches: columns that are right, groups of which any member is right, columns left alone.

A row of several labels, some of them unknown, has the label `MIXTURE` and says in `present` and `absent` what is known;
`truth_of` reads both kinds of rows.
"""

from typing import NamedTuple

from ..labels import LABELS, MODEL_LABELS
from .decoded import ALL_OTHERS, MIXTURE, Clip

COLUMN = {label: column for column, label in enumerate(MODEL_LABELS)}

GROUPS: dict[str, tuple[str, ...]] = {
    "vocals": ("female_singer", "male_singer", "vocalists"),
    "guitar_electric": ("clean_electric_guitar", "distorted_electric_guitar"),
    "mallets": ("vibraphone", "mallet_percussion"),
    "strings": ("violin", "viola", "cello", "double_bass"),
    "bass_synth": ("electric_bass", "synthesizer"),
    "any_guitar": ("acoustic_guitar", "clean_electric_guitar", "distorted_electric_guitar"),
    "any_bass": ("electric_bass", "double_bass"),
    "any_piano": ("piano", "tack_piano", "electric_piano"),
    "any_keyboard": ("piano", "tack_piano", "electric_piano", "harpsichord"),
    "any_brass": ("trumpet", "trombone", "french_horn", "tuba", "brass_section"),
    "any_reed": ("clarinet", "oboe", "bassoon", "saxophone", "harmonica"),
}
"""Coarse labels of manifests: any one of the members is right."""

GROUP_COLUMN = {group: column for column, group in enumerate(GROUPS)}

NOT_INSTRUMENTS = frozenset({"noise"})
UNNAMED = frozenset({"bagpipe", "shanai", "sitar"})
"""Instruments that have no label: the right answer is nothing."""

SAME_AS = {"timpani": "auxiliary_percussion"}

PARTS = frozenset(label.id for label in LABELS if label.kind == "part")
"""Parts of the drum set: no columns of their own, and whether the whole set sounds they do not say."""

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
    if label in PARTS:
        return Truth((), -1, (COLUMN["drum_set"],))
    if label in NOT_INSTRUMENTS or label in UNNAMED or label == "harmonium":
        return Truth((), -1, alone)
    return Truth((COLUMN[label],), -1, alone)


class Columns(NamedTuple):
    """What one clip says of every column: `right`, `wrong` and `unknown` share out all of them, in rising order.

    `groups` are rows of `GROUPS` of which at least one member sounds.
    """

    right: tuple[int, ...]
    wrong: tuple[int, ...]
    unknown: tuple[int, ...]
    groups: tuple[int, ...]


def truth_of(clip: Clip) -> Columns:
    """What a clip teaches, whether its row has one label or several.

    In a mixture of clips a column is right if one says so, else unknown if one says so, else wrong. Raises KeyError for
    a label that neither is a model's label nor is placed here.
    """
    mixture = clip.label == MIXTURE
    truths = [truth(label) for label in (clip.present if mixture else (refine(clip.label, clip.path),))]
    right = {column for one in truths for column in one.right}
    alone = {column for one in truths for column in one.alone}
    complete = not mixture or ALL_OTHERS in clip.absent
    wrong = {column for label in clip.absent if label != ALL_OTHERS for column in members(label)}
    if complete:
        wrong |= set(COLUMN.values()) - alone
    wrong -= right
    unknown = set(COLUMN.values()) - right - wrong
    groups = sorted({one.group for one in truths if one.group >= 0})
    return Columns(tuple(sorted(right)), tuple(sorted(wrong)), tuple(sorted(unknown)), tuple(groups))


def members(label: str) -> tuple[int, ...]:
    """Columns that are all silent where `label` is: those of a group, the label's own, or none for a part.

    Raises KeyError as `truth` does.
    """
    found = truth(label)
    return found.alone if found.group >= 0 else found.right


def refine(label: str, path: str) -> str:
    """A coarse label made exact where the clip's own file name says which member it is."""
    name = path.lower()
    if label == "mallets":
        return "vibraphone" if "vibraphone" in name else "mallet_percussion"
    return label
