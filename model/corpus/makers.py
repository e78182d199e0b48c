"""From a source to the clips it gives: each a `Job` that makes the sound of one label when it is asked to.

One track at a time: a job plays one part, drum kit or synthesiser patch and nothing else, so its label is right
wherever the clip has energy. A window in which nothing sounds is passed over when windows are drawn, by its level.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import kits, patches, sampler, synth
from .expression import Played, express
from .fonts import presets
from .playing import beats, percussion, phrases
from .programs import DRUM_BANK, KITS, PARTS, Part, Touch
from .render import Audio, drum_midi, part_midi, synthesise
from .scores import Track, songs, tracks
from .sources import VELOCITIES, Source

TAKE_S = 60.0
"""Length of what is played for one clip."""
MORE_TAKES = {
    "accordion": 2,
    "banjo": 3,
    "bassoon": 3,
    "brass_section": 2,
    "electric_piano": 2,
    "french_horn": 3,
    "harmonica": 3,
    "harpsichord": 2,
    "mandolin": 3,
    "oboe": 3,
    "tack_piano": 2,
    "trombone": 3,
    "tuba": 3,
    "ukulele": 3,
    "vibraphone": 3,
    "viola": 3,
}
"""Labels that recordings are short of get more than one clip from a program."""
PATCHES = 40
TRACKS_A_LABEL = 6
"""A package of scores gives each label at most this many clips."""
RELEASE_S: dict[Touch, float] = {"struck": 0.3, "plucked": 0.25, "sung": 0.12, "held": 0.1, "synth": 0.2}
ROLES: tuple[tuple[synth.Role, Part], ...] = (
    ("bass", Part("synthesizer", 38, 28, 55, "line", "synth")),
    ("lead", Part("synthesizer", 81, 50, 88, "line", "synth")),
    ("pad", Part("synthesizer", 89, 40, 80, "chords", "synth")),
    ("arpeggio", Part("synthesizer", 90, 45, 85, "any", "synth")),
    ("keys", Part("synthesizer", 88, 40, 88, "any", "synth")),
)


@dataclass(frozen=True)
class Job:
    """A clip to be made; `name` is its own, `group` its split group. `make` draws from the generator it is given."""

    name: str
    label: str
    source: str
    licence: str
    group: str
    make: Callable[[np.random.Generator], Audio]


def generator(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one clip: the same whatever else is made, and in whatever order."""
    return np.random.default_rng((seed, zlib.crc32(name.encode())))


def perform(part: Part, random: np.random.Generator) -> list[Played]:
    """Random phrases of one part with all that a player adds."""
    return [express(phrase, part.touch, random) for phrase in phrases(part, TAKE_S, random)]


def font_jobs(source: Source, font: Path) -> Iterator[Job]:
    """Every part, drum set and hand percussion that a sound font has."""
    have = presets(font)
    for part in PARTS:
        if (part.bank, part.program) in have:
            for take in range(MORE_TAKES.get(part.label, 1)):
                name = f"{source.name}_{part.bank}_{part.program:03d}_{take}_{part.label}"
                yield _job(source, name, part.label, lambda random, part=part: _font_part(part, font, random))
    for kit in KITS:
        if (DRUM_BANK, kit) in have:
            name = f"{source.name}_kit{kit:02d}_drum_set"
            yield _job(source, name, "drum_set", lambda random, kit=kit: _font_kit(kit, font, random))
    if (DRUM_BANK, 0) in have:
        yield _job(
            source,
            f"{source.name}_auxiliary_percussion",
            "auxiliary_percussion",
            lambda random: synthesise(drum_midi(0, percussion(TAKE_S, random)), font),
        )


def _font_part(part: Part, font: Path, random: np.random.Generator) -> Audio:
    return synthesise(part_midi(part, perform(part, random)), font)


def _font_kit(kit: int, font: Path, random: np.random.Generator) -> Audio:
    return synthesise(drum_midi(kit, beats(TAKE_S, random)), font)


def patch_jobs(source: Source, folder: Path) -> Iterator[Job]:
    """Gravis patches, named by their programs ("058_Tuba.pat")."""
    for part in PARTS:
        for path in sorted(folder.glob(f"{part.program:03d}_*.pat")) if part.bank == 0 else ():
            yield from _sampled(source, part, lambda path=path: patches.read_patch(path))


def note_jobs(source: Source, folder: Path) -> Iterator[Job]:
    """Folders of recorded notes, named by their programs ("058-tuba")."""
    for part in PARTS:
        for home in sorted(folder.glob(f"{part.program:03d}-*")) if part.bank == 0 else ():
            yield from _sampled(source, part, lambda home=home: _notes(home, 100))


def piano_jobs(source: Source, folders: Sequence[Path]) -> Iterator[Job]:
    """One piano, a folder for each of its velocities, softest first."""

    def read() -> list[sampler.Sample]:
        return [
            sample
            for number, folder in enumerate(folders, 1)
            for sample in _notes(folder, round(127 * number / VELOCITIES))
        ]

    for take in range(4):
        yield from _sampled(source, PARTS[0], read, f"_{take}")


def _notes(folder: Path, velocity: int) -> list[sampler.Sample]:
    files = sorted(path for path in folder.iterdir() if path.suffix in (".mp3", ".ogg"))
    return [sampler.read_sample(path, velocity) for path in files]


def _sampled(source: Source, part: Part, read: Callable[[], list[sampler.Sample]], suffix: str = "") -> Iterator[Job]:
    release_s = RELEASE_S[part.touch]
    for take in range(MORE_TAKES.get(part.label, 1)):
        name = f"{source.name}_{part.program:03d}_{take}_{part.label}{suffix}"
        yield _job(source, name, part.label, lambda random: sampler.play(read(), perform(part, random), release_s))


def kit_jobs(source: Source, folder: Path) -> Iterator[Job]:
    """Hydrogen's drum kits; each kit is a group of its own."""
    for kit, (label, licence) in source.kits.items():
        home = folder / kit
        if home.is_dir():
            name = f"{source.name}_{kit.replace(' ', '_')}_{label}"
            yield Job(
                name,
                label,
                source.name,
                licence,
                f"{source.name}/{kit}",
                lambda random, home=home, label=label: _kit(home, label == "auxiliary_percussion", random),
            )


def _kit(folder: Path, hands: bool, random: np.random.Generator) -> Audio:
    samples = kits.read_kit(folder, hands)
    notes = kits.playable((percussion if hands else beats)(TAKE_S, random), samples)
    return sampler.play(samples, [Played(tuple(notes), (), ())], RELEASE_S["struck"])


def synth_jobs(source: Source) -> Iterator[Job]:
    """Patches of our own synthesiser; each patch is a group of its own."""
    for number in range(PATCHES):
        role, part = ROLES[number % len(ROLES)]
        name = f"{source.name}_{number:02d}_{role}"
        yield Job(
            name,
            "synthesizer",
            source.name,
            source.licence,
            f"{source.name}/{number}",
            lambda random, role=role, part=part: _patch(role, part, random),
        )


def _patch(role: synth.Role, part: Part, random: np.random.Generator) -> Audio:
    patch = synth.random_patch(role, random)
    return synth.play(patch, perform(part, random), random)


def score_jobs(source: Source, folder: Path, fonts: Sequence[tuple[Source, Path]], seed: int) -> Iterator[Job]:
    """Tracks of the package's songs, each song played by one font: so the font's family is the group of both.

    Of each label's tracks those are taken whose names come first in an order that the seed decides.
    """
    by_label: dict[str, list[tuple[float, str, Track]]] = {}
    for song, midi in songs(folder, seed):
        for track in tracks(song, midi):
            rank = float(generator(seed, track.song).random())
            by_label.setdefault(track.label, []).append((rank, song, track))
    for label, found in sorted(by_label.items()):
        for _, song, track in sorted(found, key=lambda entry: (entry[0], entry[2].song))[:TRACKS_A_LABEL]:
            font, path = fonts[int(generator(seed, song).integers(len(fonts)))]
            yield Job(
                f"{source.name}_{track.song}_{label}",
                label,
                f"{source.name} by {font.name}",
                f"{font.licence}; score {source.licence}",
                font.family,
                lambda random, track=track, path=path: synthesise(track.midi, path),
            )


def _job(source: Source, name: str, label: str, make: Callable[[np.random.Generator], Audio]) -> Job:
    return Job(name, label, source.name, source.licence, source.family, make)
