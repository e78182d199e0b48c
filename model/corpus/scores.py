"""Scores to drive the fonts: MIDI files of packages, taken apart so that each track of one instrument stands alone.

Sources: the accompaniments of Musical MIDI Accompaniment (`mma`), which the program writes from its grooves, and the
music of games, as files or inside Doom's WAD.
"""

import io
import logging
import re
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mido
import numpy as np
from mido.midifiles.meta import KeySignatureError

from .programs import DRUM_CHANNEL, part_of

log = logging.getLogger(__name__)

Timed = list[tuple[float, Any]]
"""Times in seconds and `mido` messages, whose attributes depend on their type."""

SHORTEST_S = 12.0
LONGEST_S = 60.0
LONGEST_REST_S = 1.0
FEWEST_NOTES = 24
BEAT_US, TICKS = 500_000, 480
"""Microseconds and ticks of a beat where a MIDI file names no tempo, and in those that are written here."""
PEDALS = (64, 66)
OF_THE_MIX = frozenset({0, 7, 10, 32, 91, 93})
"""Controllers: bank, volume, panning, the bank's second byte, reverb and chorus."""
BARS = 8
GROOVES = 5
"""Grooves of one library file that make one song."""
CHORDS = ("C", "Am", "F", "G7", "Dm7", "Em", "Bb", "A7", "D", "E7", "Gm7", "Cm", "Fm7", "Eb", "Ab", "Bbm")
MMA_TIMEOUT_S = 60
WAD_HEADER, WAD_ENTRY = struct.Struct("<4sii"), struct.Struct("<ii8s")


@dataclass(frozen=True)
class Track:
    """What one instrument plays in a song: `midi` has one channel, the label is its program's."""

    song: str
    label: str
    program: int
    midi: mido.MidiFile

    @property
    def is_drums(self) -> bool:
        """True where the track plays the drum channel."""
        return self.label == "drum_set"


def songs(folder: Path, seed: int) -> Iterator[tuple[str, mido.MidiFile]]:
    """Name and MIDI of each song of an unpacked package, each once, in the order of their names.

    Files that cannot be read are left out.
    """
    seen: set[bytes] = set()
    for name, data in _files(folder, seed):
        if data not in seen:
            seen.add(data)
            try:
                yield re.sub(r"[^\w-]+", "_", name), mido.MidiFile(file=io.BytesIO(data), clip=True)
            except (KeySignatureError, OSError, ValueError, EOFError, IndexError, KeyError) as broken:
                log.info("left out the score %s: %s", name, broken)


def _files(folder: Path, seed: int) -> Iterator[tuple[str, bytes]]:
    library = folder / "usr/share/mma"
    if library.is_dir():
        yield from _accompaniments(library, seed)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".mid", ".midi") and path.is_file():
            yield path.stem, path.read_bytes()
        elif path.suffix.lower() == ".wad" and path.is_file():
            yield from ((f"{path.stem}-{name}", data) for name, data in wad_music(path.read_bytes()))


def wad_music(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and data of the MIDI lumps of a WAD file.

    Raises ValueError where the data are no WAD.
    """
    if data[1:4] != b"WAD":
        raise ValueError("no WAD file")
    _, count, directory = WAD_HEADER.unpack_from(data)
    for start, size, name in WAD_ENTRY.iter_unpack(data[directory : directory + count * WAD_ENTRY.size]):
        if data[start : start + 4] == b"MThd":
            yield name.rstrip(b"\0").decode("ascii", "replace"), data[start : start + size]


def tracks(song: str, midi: mido.MidiFile) -> list[Track]:
    """The song taken apart by channel and program; what is too short, or none of our labels, is left out.

    Where a channel changes its program, each program is a track of its own.
    """
    parts: dict[tuple[int, int], Timed] = {}
    programs = [0] * 16
    for time_s, message in _timed(midi):
        if message.type == "program_change":
            programs[message.channel] = message.program
        # Volume, panning and banks belong to the song's mix; a track that stands alone is heard at its own level.
        elif message.type != "control_change" or message.control not in OF_THE_MIX:
            parts.setdefault((message.channel, programs[message.channel]), []).append((time_s, message))
    kept: list[Track] = []
    for (channel, program), messages in sorted(parts.items()):
        part = part_of(program)
        label = "drum_set" if channel == DRUM_CHANNEL else part.label if part else None
        notes = sum(message.type == "note_on" and message.velocity > 0 for _, message in messages)
        if label is not None and notes >= FEWEST_NOTES:
            alone, length_s = _alone(messages, channel, program)
            if length_s >= SHORTEST_S:
                kept.append(Track(f"{song}-{channel}-{program}", label, program, alone))
    return kept


def _timed(midi: mido.MidiFile) -> Timed:
    """Messages of all channels in the order of their times in seconds."""
    ordered: list[tuple[int, int, Any]] = []
    for track in midi.tracks:
        tick = 0
        for message in track:
            tick += message.time
            ordered.append((tick, len(ordered), message))
    ordered.sort(key=lambda entry: entry[:2])
    timed: Timed = []
    tempo, last, time_s = BEAT_US, 0, 0.0
    for tick, _, message in ordered:
        time_s += (tick - last) * tempo / 1e6 / midi.ticks_per_beat
        last = tick
        if message.type == "set_tempo":
            tempo = message.tempo
        elif not message.is_meta and hasattr(message, "channel"):
            timed.append((time_s, message))
    return timed


def _alone(messages: Timed, channel: int, program: int) -> tuple[mido.MidiFile, float]:
    """A file of the messages without pauses over a second, at most `LONGEST_S` long, and its length in seconds.

    What still sounds at its end is let go: a synthesiser plays on until the last note is released.
    """
    track = mido.MidiTrack([mido.Message("program_change", channel=channel, program=program)])
    length_s, last_s = 0.0, messages[0][0]
    held: set[int] = set()
    for time_s, message in messages:
        wait_s = min(time_s - last_s, LONGEST_REST_S)
        last_s = time_s
        if length_s + wait_s > LONGEST_S:
            break
        length_s += wait_s
        if message.type in ("note_on", "note_off"):
            (held.add if message.type == "note_on" and message.velocity else held.discard)(message.note)
        track.append(message.copy(time=round(wait_s * 1e6 / BEAT_US * TICKS)))
    track += [mido.Message("note_off", channel=channel, note=note) for note in sorted(held)]
    track += [mido.Message("control_change", channel=channel, control=pedal, value=0) for pedal in PEDALS]
    return mido.MidiFile(ticks_per_beat=TICKS, tracks=[track]), length_s


def _accompaniments(library: Path, seed: int) -> Iterator[tuple[str, bytes]]:
    """One song for each file of the library's standard grooves: a few of its grooves over random chords."""
    for path in sorted((library / "lib/stdlib").glob("*.mma")):
        random = np.random.default_rng((seed, *path.stem.encode()))
        names = re.findall(r"^DefGroove\s+(\S+)", path.read_text(encoding="latin-1"), re.MULTILINE)
        if names:
            chosen = sorted(random.choice(names, min(GROOVES, len(names)), replace=False))
            yield from _accompany(library, path.stem, [str(name) for name in chosen], random)


def _accompany(
    library: Path, style: str, grooves: list[str], random: np.random.Generator
) -> Iterator[tuple[str, bytes]]:
    lines = [f"RndSeed {int(random.integers(1 << 30))}", f"Tempo {int(random.integers(80, 150))}"]
    bar = 1
    for groove in grooves:
        lines.append(f"Groove stdlib/{style}:{groove}")
        for _ in range(BARS):
            lines.append(f"{bar} {random.choice(CHORDS)}")
            bar += 1
    with tempfile.TemporaryDirectory() as scratch:
        script, out = Path(scratch) / "song.mma", Path(scratch) / "song.mid"
        script.write_text("\n".join(lines) + "\n")
        command = [sys.executable, "../../bin/mma", "-f", str(out), str(script)]
        subprocess.run(command, cwd=library, capture_output=True, timeout=MMA_TIMEOUT_S, check=False)
        if out.exists():
            yield f"mma-{style}", out.read_bytes()
