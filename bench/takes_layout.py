"""Takes: labelled recordings laid out on many inputs as a session has them, with the truth beside the sound.

A folder of recordings holds recordings.csv (path, label, role, song, …). Roles: SOLO one instrument; STEM one track of
a song, aligned with the song's other tracks; NEG no instrument. Three kinds of takes are made of them:

- `relay`: eight inputs; on each, one player after the other with a rest of room noise between, each at a level of its
  own. Its inputs do not bleed into each other.
- `band`: the stems of one song, one an input, the others bleeding in. In a room each of these paths is delayed and
  filtered in its own way.
- `quiet`: speech, hum, noise and silence on an input each: every instrument that is named there is false.

Constants are fitted on one half of the takes and told on the other: half A is the first inputs of the relay and every
other band, half B the rest; `quiet` belongs to neither. The same folder and settings give the same takes.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from room_paths import heard_through, random_path

from earmark.model.corpus.decoded import SAMPLE_RATE, decode
from earmark.model.judging.validation import GROUPS
from earmark.model.labels import BY_ID, SPEECH

RATE: Final = SAMPLE_RATE
RELAY_INPUTS: Final = 8
REST_S: Final = (3.0, 4.0)
SHORTEST_S: Final = 5.0
LONGEST_S: Final = 12.0
PEAKS_DBFS: Final = (-30.0, -6.0)
STEM_PEAK_DBFS: Final = -12.0
ROOM_NOISE_DBFS: Final = -75.0
"""RMS of the noise that every input has, played on or not."""

SOUNDS_DB: Final = 40.0
"""A recording begins and ends where it comes within this of its loudest 50 ms."""
PLAYS_DB: Final = 30.0
"""A stem plays in the seconds that are within this of its loudest one …"""
PLAYS_S: Final = 2
"""… at least so many of them together."""

HUM_HZ: Final = (50, 100, 150)
HUM_AMPLITUDE: Final = 0.02
NOISE_PEAK_DBFS: Final = -25.0
QUIET_INPUTS: Final = (SPEECH, "hum", "noise", "silence")

Kind = Literal["relay", "band", "quiet"]
Half = Literal["A", "B", ""]
Sound = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Segment:
    """`label` (an id, or a group of which any member is right) plays on `channel` (from 1)."""

    channel: int
    label: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Take:
    """`samples` [inputs, n] int16 at 48 kHz. `halves` and `inputs` have an entry for each input: the half of the takes
    that it belongs to, and what it carries (a label, "relay", or one of `QUIET_INPUTS`). Takes that sound different
    have different names."""

    name: str
    kind: Kind
    samples: NDArray[np.int16]
    segments: tuple[Segment, ...]
    halves: tuple[Half, ...]
    inputs: tuple[str, ...]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples.shape[1] / RATE

    @property
    def labels(self) -> frozenset[str]:
        """Ids of all labels that may be right somewhere in the take: what a band list would name."""
        return frozenset(member for one in self.segments for member in GROUPS.get(one.label, (one.label,)))


@dataclass(frozen=True, slots=True)
class Recording:
    """A row of recordings.csv."""

    path: Path
    label: str
    role: str
    song: str


@dataclass(frozen=True, slots=True)
class Bleed:
    """How the stems of a band reach each other's inputs: at `level_db` against their own, in a `room` or straight."""

    level_db: float
    room: bool = False

    @property
    def title(self) -> str:
        """For tables and file names."""
        return f"{self.level_db:g} dB{' in a room' if self.room else ''}"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is laid out: some players for each input of the relay, songs, seconds of a song or of quiet; 0: all."""

    players: int = 0
    songs: int = 0
    seconds: int = 0


WHOLE: Final = Size()
SMALL: Final = Size(players=2, songs=2, seconds=15)


def recordings(folder: Path) -> list[Recording]:
    """The rows that takes are made of, in the file's order: SOLO and STEM of a label or a group of labels, and NEG."""
    with (folder / "recordings.csv").open(newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    known = BY_ID.keys() | GROUPS.keys()
    used = [row for row in rows if row["role"] == "NEG" or (row["role"] in ("SOLO", "STEM") and row["label"] in known)]
    return [Recording(folder / row["path"], row["label"], row["role"], row["song"]) for row in used]


def relay(rows: Sequence[Recording], size: Size = WHOLE, inputs: int = RELAY_INPUTS) -> Take:
    """The solos in a random order, dealt to the inputs in turn, 12 s of each at most."""
    random = np.random.default_rng(7)
    solos = [row for row in rows if row.role == "SOLO"]
    solos = solos[:: max(1, len(solos) // (size.players * inputs)) if size.players else 1]
    played_by = [(row.label, _sounding(read(row.path))[: round(LONGEST_S * RATE)]) for row in solos]
    players = [(label, played) for label, played in played_by if len(played) >= SHORTEST_S * RATE]
    tracks: list[list[Sound]] = [[] for _ in range(inputs)]
    segments: list[Segment] = []
    for place, index in enumerate(random.permutation(len(players))):
        (label, played), track = players[index], tracks[place % inputs]
        rest = round(random.uniform(*REST_S) * RATE)
        start = sum(map(len, track)) + rest
        track += [np.zeros(rest), at_peak(played, random.uniform(*PEAKS_DBFS))]
        segments.append(Segment(place % inputs + 1, label, start / RATE, (start + len(played)) / RATE))
    halves: tuple[Half, ...] = tuple("A" if place < inputs // 2 else "B" for place in range(inputs))
    samples = _samples([np.concatenate(track) if track else np.zeros(RATE) for track in tracks])
    return Take("relay", "relay", samples, tuple(segments), halves, ("relay",) * inputs)


def bands(rows: Sequence[Recording], bleed: Bleed, size: Size = WHOLE) -> Iterator[Take]:
    """A take of each song, in alphabetical order."""
    stems = sorted((row for row in rows if row.role == "STEM"), key=lambda row: row.song)
    songs = [(song, list(tracks)) for song, tracks in groupby(stems, key=lambda row: row.song)]
    for place, (song, tracks) in enumerate(songs[: size.songs or None]):
        yield _band(f"band {song}, {bleed.title}", tracks, bleed, "B" if place % 2 else "A", size.seconds)


def quiet(rows: Sequence[Recording], size: Size = WHOLE) -> Take:
    """Speech (all of it, one talker after the other), hum, noise (recorded, then pink) and silence."""
    random = np.random.default_rng(9)
    talk = _joined((row for row in rows if row.role == "NEG" and row.label == SPEECH), random, size.seconds * RATE)
    length = len(talk) or (size.seconds or 60) * RATE
    turns = np.arange(length) / RATE
    harmonics = [np.sin(2 * np.pi * hertz * turns) / k for k, hertz in enumerate(HUM_HZ, 1)]
    recorded = _joined((row for row in rows if row.role == "NEG" and row.label == "noise"), random, length)
    made = at_peak(_pink(length - len(recorded), random), NOISE_PEAK_DBFS)
    samples = _samples([talk, HUM_AMPLITUDE * np.sum(harmonics, 0), np.concatenate([recorded, made]), np.zeros(length)])
    return Take("quiet", "quiet", samples, (), ("",) * len(QUIET_INPUTS), QUIET_INPUTS)


def read(path: Path) -> Sound:
    """A recording as mono samples in -1..1 at 48 kHz."""
    return decode(path).astype(np.float32) / 32768


def at_peak(sound: Sound, peak_dbfs: float) -> Sound:
    """`sound`, as loud as its peak says; silence stays what it is."""
    peak = np.abs(sound).max(initial=0)
    return sound * (10 ** (peak_dbfs / 20) / peak) if peak > 0 else sound


def _band(name: str, rows: Sequence[Recording], bleed: Bleed, half: Half, seconds: int) -> Take:
    random = np.random.default_rng(5)
    stems = [at_peak(read(row.path)[: seconds * RATE or None], STEM_PEAK_DBFS) for row in rows]
    length = max(map(len, stems))
    stems = [np.pad(stem, (0, length - len(stem))) for stem in stems]
    tracks = [own + _bleeding([stem for stem in stems if stem is not own], bleed, random) for own in stems]
    segments = [
        Segment(channel, row.label, float(start), float(end))
        for channel, (row, stem) in enumerate(zip(rows, stems, strict=True), 1)
        for start, end in _played(stem)
    ]
    labels = tuple(row.label for row in rows)
    return Take(name, "band", _samples(tracks), tuple(segments), (half,) * len(rows), labels)


def _bleeding(others: Sequence[Sound], bleed: Bleed, random: np.random.Generator) -> Sound | float:
    """What of the other players reaches an input."""
    reaching = [heard_through(stem, random_path(random, RATE), RATE) if bleed.room else stem for stem in others]
    return 10 ** (bleed.level_db / 20) * np.sum(reaching, 0)


def _played(stem: Sound) -> list[tuple[int, int]]:
    """First and last whole second of each stretch in which the stem plays."""
    power = np.square(stem[: len(stem) // RATE * RATE].reshape(-1, RATE)).mean(1)
    plays = power > power.max(initial=0) * 10 ** (-PLAYS_DB / 10)
    edges = np.flatnonzero(np.diff(np.r_[False, plays, False].astype(int))).reshape(-1, 2)
    return [(int(start), int(end)) for start, end in edges if end - start >= PLAYS_S]


def _sounding(sound: Sound) -> Sound:
    """Without the silence before and after it."""
    frame = RATE // 20
    power = np.square(sound[: len(sound) // frame * frame].reshape(-1, frame)).mean(1)
    loud = np.flatnonzero(power > power.max(initial=0) * 10 ** (-SOUNDS_DB / 10))
    return sound[loud[0] * frame : (loud[-1] + 1) * frame] if len(loud) else sound[:0]


def _joined(rows: Iterable[Recording], random: np.random.Generator, most: int) -> Sound:
    """The recordings one after the other, at most so many samples of them (0: all)."""
    parts: list[Sound] = [np.zeros(0)]
    for row in rows:
        if most and sum(map(len, parts)) >= most:
            break
        parts.append(at_peak(read(row.path), random.uniform(*PEAKS_DBFS)))
    return np.concatenate(parts)[: most or None]


def _pink(length: int, random: np.random.Generator) -> Sound:
    if not length:
        return np.zeros(0)
    spectrum = np.fft.rfft(random.standard_normal(length))
    return np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 50), length)


def _samples(tracks: Sequence[Sound]) -> NDArray[np.int16]:
    """The inputs with their room's noise, equally long."""
    random = np.random.default_rng(1)
    length = max(map(len, tracks))
    out = np.empty((len(tracks), length), np.int16)
    for row, track in zip(out, tracks, strict=True):
        noise = random.normal(0, 10 ** (ROOM_NOISE_DBFS / 20), length)
        noise[: len(track)] += track
        row[:] = np.clip(np.round(noise * 32767), -32768, 32767)
    return out
