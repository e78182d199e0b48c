"""What a name that is heard tells of a line, where something else, or the same, is expected."""

from collections.abc import Set
from typing import Final, Literal

from ...model.labels import BY_ID, LABELS, SPEECH, UNCERTAIN, family_of

Verdict = Literal["right", "near", "vague", "wrong"]

PARTS: Final = frozenset(label.id for label in LABELS if label.kind == "part")
DRUMS: Final = "drum_set"
PERCUSSION: Final = "percussion"
VOICE: Final = "voice"


def judge(heard: str, expected: Set[str], elsewhere: Set[str] = frozenset()) -> Verdict:
    """`heard` on an input that should carry one of `expected`; `elsewhere` is what other lines should carry (ids).

    right: it is expected, is said by the same word, or is a part of the drum set that is. near: its family, or a
    sibling that no other line should carry, for siblings are confused. vague: it tells nothing against the line, nor
    for it: people talk on any microphone, and the kit is heard on each of its own. All else is wrong.
    """
    if heard in expected or (heard in PARTS and DRUMS in expected) or _spoken_alike(heard, expected):
        return "right"
    families = {family_of(label) for label in expected - PARTS}
    if heard == UNCERTAIN:
        return "vague"
    if heard == SPEECH:
        return "near" if VOICE in families else "vague"
    if heard in PARTS:
        return "wrong"
    family = family_of(heard)
    if family in families and (BY_ID[heard].kind == "family" or heard not in elsewhere):
        return "near"
    return "vague" if family == PERCUSSION and expected & PARTS else "wrong"


def _spoken_alike(heard: str, expected: Set[str]) -> bool:
    return BY_ID[heard].spoken in {BY_ID[label].spoken for label in expected}
