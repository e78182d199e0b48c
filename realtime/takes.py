"""Labelled takes: sound files with an Audacity label file of the same name beside each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..model.labels import LABELS, UNCERTAIN, family_of
from .audacity import Span, read_labels
from .config import nearest
from .errors import UsageError

SOUND: Final = frozenset({".wav", ".w64", ".flac", ".ogg", ".opus", ".mp3", ".aif", ".aiff", ".caf"})
LABEL_FILE: Final = ".txt"
NOTHING: Final = frozenset({"silence", "noise", "nothing", "none"})
"""Titles that say: no instrument here."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What plays from `start_s` to `end_s`: `right` labels; of `unknown` ones nobody can say; no others."""

    start_s: float
    end_s: float
    right: frozenset[str]
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Take:
    """A sound file and what plays in it. What no label covers is not known."""

    sound: Path
    heard: tuple[Heard, ...]


def find(places: Sequence[Path], labels: Sequence[str]) -> list[Take]:
    """The takes of these sound files and folders; `labels` are the model's.

    Raises UsageError for a file without labels, a folder without takes, or a label file that cannot be read.
    """
    return [Take(sound, _heard(sound.with_suffix(LABEL_FILE), labels)) for sound in _sounds(places)]


def labels_named(title: str) -> frozenset[str]:
    """Ids of the labels that a title may mean: by id, by name as it is said or shown, by COD's name; any case.

    Empty for a title that says that nothing plays, or that names none.
    """
    return _NAMES.get(_plain(title), frozenset())


def _sounds(places: Sequence[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            inside = [file for file in sorted(place.iterdir()) if file.suffix.lower() in SOUND]
            with_labels = [file for file in inside if file.with_suffix(LABEL_FILE).is_file()]
            if not with_labels:
                raise UsageError(f"{place} holds no sound file with a label file beside it, such as take.wav, take.txt")
            found |= dict.fromkeys(with_labels)
        elif place.suffix.lower() == LABEL_FILE:
            raise UsageError(f"{place} is a label file: name the sound file beside it")
        elif not place.is_file():
            raise UsageError(f"cannot read {place}: no such file")
        elif not place.with_suffix(LABEL_FILE).is_file():
            raise UsageError(f"{place} has no label file {place.with_suffix(LABEL_FILE).name} beside it: export one")
        else:
            found[place] = None
    return list(found)


def _heard(file: Path, labels: Sequence[str]) -> tuple[Heard, ...]:
    spans = [span for span in read_labels(file) if span.end_s > span.start_s and _plain(span.title) != UNCERTAIN]
    heard = tuple(_meant(span, file, labels) for span in spans)
    if not heard:
        raise UsageError(f"{file} holds no label that covers a stretch of time: label what plays, from start to end")
    return heard


def _meant(span: Span, file: Path, labels: Sequence[str]) -> Heard:
    title = _plain(span.title)
    named = labels_named(title)
    if not named and title not in NOTHING:
        hint = nearest(title, [*_NAMES, *NOTHING]) if title else "; write what plays there"
        raise UsageError(f"{file}, line {span.line}: no label '{span.title[:40]}'{hint}")
    known = named & set(labels)
    if len(named) == 1 and known:
        return Heard(span.start_s, span.end_s, known, frozenset())
    # Several may be meant, or one that the model lacks and calls by the name of a relative: none of them is wrong.
    families = {family_of(label) for label in named}
    relatives = frozenset(label for label in labels if family_of(label) in families)
    return Heard(span.start_s, span.end_s, frozenset(), known or relatives)


def _plain(title: str) -> str:
    return re.sub(r"[\s_-]+", " ", title).strip().lower()


def _names() -> dict[str, frozenset[str]]:
    """Names to ids; a family's name stands for its members, an id or a full name for that label alone."""
    names: dict[str, frozenset[str]] = {}
    for label in LABELS:
        if label.kind in ("instrument", "part"):
            for name in (label.spoken, label.cod):
                names[_plain(name)] = names.get(_plain(name), frozenset()) | {label.id}
            family = _plain(label.family)
            names[family] = names.get(family, frozenset()) | {label.id}
    for label in LABELS:
        if label.kind in ("instrument", "part"):
            names |= {_plain(name): frozenset({label.id}) for name in (label.id, label.detail)}
        elif label.kind == "family":
            for name in (label.spoken, label.detail):
                names.setdefault(_plain(name), names[_plain(label.family)])
    names.pop("", None)
    return names


_NAMES: Final = _names()
