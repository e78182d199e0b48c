"""Drum kits hit by hit: what each part of a kit sounds like alone, from packages and from recordings of single hits.

Which part a hit is, is told by its key in a sound font and by its name everywhere else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .decoded import SAMPLE_RATE, decode
from .expression import Played
from .kits import instruments
from .manifest import read_manifest
from .playing import Note
from .programs import KITS, Part
from .registry import Package, fetch
from .render import drum_midi, part_midi, synthesise
from .sampler import Audio, trimmed
from .sources import SOURCES, Source

Voice = tuple[Audio, ...]
"""One drum or cymbal, struck one way: its recordings, softest first, each from its attack on."""

RING_S = 2.5
"""A hit is kept this long."""
FADE = 2_400
QUIETEST = 1e-3
"""A font's hit with a lower peak is none."""
VELOCITIES = (45, 80, 110, 127)
SPACING_S = 2.6

PART_OF_KEY: Mapping[int, str] = {
    **dict.fromkeys((35, 36), "kick"),
    **dict.fromkeys((37, 38, 40), "snare"),
    **dict.fromkeys((42, 44, 46), "hi_hat"),
    **dict.fromkeys((41, 43, 45, 47, 48, 50), "tom"),
    **dict.fromkeys((49, 51, 52, 53, 55, 57, 59), "cymbals"),
}
"""General MIDI's drum keys."""
PART_OF_AVL_KEY: Mapping[int, str] = {**PART_OF_KEY, 48: "hi_hat", 50: "cymbals", 58: "cymbals", 60: "cymbals"}
"""The keys of the fonts of `avldrums.lv2`: a hi-hat's swish, choked crashes and a third one lie on other keys."""

PART_OF_NAME = (
    ("hi_hat", r"cymbal (open|closed|pedal)"),
    ("kick", r"kick|bass ?drum|\bbd\b|\bdrum bass\b"),
    ("hi_hat", r"\bhats?\b|hi ?hat|\bo?hh\b"),
    ("tom", r"\btom(?!b)"),
    ("snare", r"snare|\bsn\b|rim ?shot|rim ?click|side ?stick|\bx ?stick|\brim\b"),
    ("cymbals", r"crash|china|splash|\bride\b|cymbal"),
)
"""What hits are called in kits and files; the first that fits holds."""
NO_HIT = r"\b(loop|beats?|arovane|ensemble)\b"
HIT_KINDS = frozenset({"hit", "hit/loop", "note", "note/phrase"})
DRUM_SET = "drum_set"
DRUM_LABELS = frozenset({DRUM_SET, "auxiliary_percussion"})

AVL = Package("avldrums.lv2-soundfont")
AVL_LICENCE = "CC-BY-SA 3.0 (AVL Drumkits, Glen MacArthur)"
AVL_FONTS = ("Black_Pearl_4_LV2", "Red_Zeppelin_4_LV2")
AVL_FOLDER = "usr/share/sounds/sf2"
ELECTRONIC = (24, 25)
"""Programs of fonts: electronic kit and TR-808."""

ONE_OWNER = {
    "GMRockKit": "macarthur",
    "The Black Pearl 1.0": "macarthur",
    "Millo_MultiLayered2": "millo",
    "Millo_MultiLayered3": "millo",
}
"""Kits whose recordings may be those of another one have its group."""
HELD_OUT = frozenset({"macarthur", "ForzeeStereo"})
"""Groups that nothing learns from: the kits that heads are judged on."""


@dataclass(frozen=True)
class DrumKit:
    """One kit's voices by part (ids of labels of the kind "part"); kits of one `group` may share recordings."""

    name: str
    group: str
    licence: str
    voices: Mapping[str, tuple[Voice, ...]]

    @property
    def held_out(self) -> bool:
        """True where nothing may learn from it."""
        return self.group in HELD_OUT


def part_of(name: str) -> str | None:
    """The part that a hit of this name is; None where the name tells none.

    >>> part_of("Hi-Hat Closed (Paiste)")
    'hi_hat'
    """
    words = re.sub(r"[^a-z0-9]+", " ", name.lower())
    if re.search(NO_HIT, words):
        return None
    return next((part for part, pattern in PART_OF_NAME if re.search(pattern, words)), None)


def kits(packages: Path, recordings: Sequence[Path]) -> Iterator[DrumKit]:
    """All kits: those of packages, fetched into `packages` where they are not there, and those in `recordings`.

    `recordings` are folders with a manifest, of which hits are taken whose file names tell the part: one kit a source.
    """
    yield from sampled_kits(packages)
    for name in ("fluidr3", "generaluser"):
        source = _source(name)
        font = fetch(source.packages[0], packages) / source.files
        for program in (*KITS, *ELECTRONIC):
            voices = font_voices(font, program, PART_OF_KEY)
            yield DrumKit(f"{name} {program}", source.family, source.licence, voices)
    for folder in recordings:
        yield from recorded_kits(folder)


def sampled_kits(packages: Path) -> Iterator[DrumKit]:
    """The kits that packages of drum samplers hold, those that are held out among them; fetched as in `kits`."""
    hydrogen = _source("hydrogen")
    yield from hydrogen_kits(hydrogen, [fetch(package, packages) for package in hydrogen.packages])
    home = fetch(AVL, packages) / AVL_FOLDER
    for name in AVL_FONTS:
        yield DrumKit(name, "macarthur", AVL_LICENCE, font_voices(home / f"{name}.sf2", None, PART_OF_AVL_KEY))


def hydrogen_kits(source: Source, packages: Sequence[Path]) -> Iterator[DrumKit]:
    """The drum sets among the Hydrogen kits of unpacked `packages`."""
    for package in packages:
        for name, (label, licence) in source.kits.items():
            folder = package / source.files / name
            if label == DRUM_SET and folder.is_dir():
                found = ((part_of(drum), files) for drum, files in instruments(folder))
                voices = _by_part((part, _voice(files)) for part, files in found if part)
                yield DrumKit(name, ONE_OWNER.get(name, name), licence, voices)


def font_voices(font: Path, kit: int | None, keys: Mapping[int, str]) -> dict[str, tuple[Voice, ...]]:
    """Voices of a font's drum `keys`: of the kit of that program of the drum channel, or of a font that is one kit."""
    struck = [(key, velocity) for key in keys for velocity in VELOCITIES]
    notes = [Note(place * SPACING_S, RING_S, key, velocity) for place, (key, velocity) in enumerate(struck)]
    whole = Part(DRUM_SET, 0, 0, 127, touch="struck")
    midi = part_midi(whole, [Played(tuple(notes), (), ())]) if kit is None else drum_midi(kit, notes)
    audio = synthesise(midi, font)
    starts = [round(note.start_s * SAMPLE_RATE) for note in notes]
    hits = [_hit(audio[start : start + round(SPACING_S * SAMPLE_RATE)]) for start in starts]
    layers = len(VELOCITIES)
    return _by_part((keys[key], tuple(hits[at * layers : (at + 1) * layers])) for at, key in enumerate(keys))


def recorded_kits(folder: Path) -> Iterator[DrumKit]:
    """Hits of a folder's manifest, as one kit a source; each file is a voice of one recording."""
    rows = [row for row in read_manifest(folder) if row["label"] in DRUM_LABELS and row["kind"] in HIT_KINDS]
    for source in sorted({row["source"] for row in rows}):
        own = [row for row in rows if row["source"] == source]
        found = ((part_of(Path(row["path"]).name), folder / row["path"]) for row in own)
        voices = _by_part((part, _voice([path])) for part, path in found if part)
        if voices:
            yield DrumKit(source, source, own[0]["licence"], voices)


def _source(name: str) -> Source:
    return next(source for source in SOURCES if source.name == name)


def _by_part(found: Iterator[tuple[str, Voice]]) -> dict[str, tuple[Voice, ...]]:
    voices: dict[str, list[Voice]] = {}
    for part, voice in found:
        if heard := tuple(hit for hit in voice if np.abs(hit).max(initial=0.0) > QUIETEST):
            voices.setdefault(part, []).append(heard)
    return {part: tuple(own) for part, own in voices.items()}


def _voice(files: Sequence[Path]) -> Voice:
    return tuple(_hit(decode(path).astype(np.float32) * np.float32(1 / 32768)) for path in files if path.exists())


def _hit(audio: Audio) -> Audio:
    """The sound from its attack on, at most `RING_S` long, faded where it is cut."""
    hit, longest = trimmed(audio), int(RING_S * SAMPLE_RATE)
    if len(hit) > longest:
        hit = hit[:longest].copy()
        hit[-FADE:] *= np.linspace(1, 0, FADE, dtype=np.float32)
    return hit
