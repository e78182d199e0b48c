"""Reads Hydrogen drum kits (`drumkit.xml` and its recordings) as recordings by General MIDI drum key."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np

from .decoded import decode
from .playing import Note
from .programs import PERCUSSION
from .sampler import Sample, trimmed

KEYS = (
    (r"kick|bass ?drum|(^| )bd", 36),
    (r"stick|rim", 37),
    (r"snare", 38),
    (r"(hat|hh|hi-hat).*(pedal|pd|foot)|(pedal|foot).*(hat|hh)", 44),
    (r"(hat|hh).*(open|op$|free)|(open|ohh).*(hat|hh)?", 46),
    (r"hat|hh", 42),
    (r"tom.*(low|floor)|(low|floor).*tom", 41),
    (r"tom.*hi|(high|hi).*tom", 50),
    (r"(?<!cus)tom", 45),
    (r"crash|china|splash|cymbal", 49),
    (r"ride", 51),
)
"""What instruments of kits are called, and the drum key of each; the first that fits holds."""
RING_S = 2.5
"""A struck drum is left to ring this long."""


def read_kit(folder: Path, percussion: bool) -> list[Sample]:
    """The kit's recordings by key; with `percussion` its instruments lie on the keys of hand instruments, in order.

    Raises ValueError where the folder holds no kit with recordings.
    """
    samples: list[Sample] = []
    for number, (name, files) in enumerate(instruments(folder)):
        key = PERCUSSION[number % len(PERCUSSION)] if percussion else key_of(name)
        if key is not None:
            samples += _layers(files, key)
    if not samples:
        raise ValueError(f"no drum of {folder.name} could be read")
    return samples


def instruments(folder: Path) -> list[tuple[str, list[Path]]]:
    """Names of the kit's instruments and their recordings, softest first as kits list them.

    Raises ValueError for a table that declares entities.
    """
    text = re.sub(r"\sxmlns=\"[^\"]*\"", "", (folder / "drumkit.xml").read_text(encoding="utf-8", errors="replace"))
    if "<!DOCTYPE" in text.split("<drumkit_info", 1)[0] or "<!ENTITY" in text:
        raise ValueError(f"{folder / 'drumkit.xml'} declares entities, which no kit needs")
    found: list[tuple[str, list[Path]]] = []
    for instrument in ElementTree.fromstring(text).iter("instrument"):
        files = [folder / Path(name.text).name for name in instrument.iter("filename") if name.text]
        found.append((instrument.findtext("name") or "", files))
    return found


def key_of(name: str) -> int | None:
    """The drum key of an instrument's name; None where it is no part of a drum set."""
    return next((key for pattern, key in KEYS if re.search(pattern, name.lower())), None)


def _layers(files: list[Path], key: int) -> list[Sample]:
    """An instrument's recordings at velocities evenly apart."""
    samples: list[Sample] = []
    for number, path in enumerate(files, 1):
        if path.exists():
            audio = trimmed(decode(path).astype(np.float32) * np.float32(1 / 32768))
            if len(audio):
                samples.append(Sample(key, round(127 * number / len(files)), audio))
    return samples


def playable(notes: list[Note], samples: list[Sample]) -> list[Note]:
    """The notes whose key the kit has, left to ring."""
    keys = {sample.pitch for sample in samples}
    return [note._replace(length_s=RING_S) for note in notes if note.pitch in keys]
