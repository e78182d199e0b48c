"""Renders labels that recordings lack from a General MIDI sound font, one program at a time, as one more corpus.

Each program plays random phrases or chords in its own range. Needs `fluidsynth` and a font, such as Debian's
`fluid-soundfont-gm`. The result is a folder with a manifest, of kind "rendered", that `corpus.load` reads like any.
"""

import logging
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import mido
import numpy as np
import soundfile

from .decoded import SAMPLE_RATE
from .manifest import write_manifest

log = logging.getLogger(__name__)

DURATION_S = 75.0
TICKS = 480
TEMPO = 500_000
"""Microseconds a beat: 960 ticks make a second."""
TICKS_A_SECOND = TICKS * 1_000_000 // TEMPO
DRUM_CHANNEL = 9
PEAK = 0.7
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 6, 7, 10))

Style = Literal["line", "chords", "both"]


@dataclass(frozen=True)
class Part:
    """A General MIDI program (from 0) that sounds like `label` between two MIDI notes."""

    label: str
    program: int
    low: int
    high: int
    style: Style = "line"


PARTS = (
    Part("piano", 0, 36, 96, "both"),
    Part("piano", 1, 36, 96, "both"),
    Part("tack_piano", 3, 40, 90, "both"),
    Part("electric_piano", 2, 36, 90, "both"),
    Part("electric_piano", 4, 36, 90, "both"),
    Part("electric_piano", 5, 36, 90, "both"),
    Part("harpsichord", 6, 36, 86, "both"),
    Part("mallet_percussion", 9, 72, 104, "both"),
    Part("vibraphone", 11, 53, 89, "both"),
    Part("mallet_percussion", 12, 45, 91, "both"),
    Part("mallet_percussion", 13, 60, 100, "both"),
    Part("organ", 16, 36, 90, "both"),
    Part("organ", 17, 36, 90, "both"),
    Part("organ", 18, 36, 90, "both"),
    Part("organ", 19, 36, 90, "both"),
    Part("accordion", 21, 48, 86, "both"),
    Part("accordion", 23, 48, 86, "both"),
    Part("harmonica", 22, 58, 92),
    Part("acoustic_guitar", 24, 40, 80, "both"),
    Part("acoustic_guitar", 25, 40, 80, "both"),
    Part("clean_electric_guitar", 26, 40, 82, "both"),
    Part("clean_electric_guitar", 27, 40, 82, "both"),
    Part("distorted_electric_guitar", 29, 40, 82, "both"),
    Part("distorted_electric_guitar", 30, 40, 82, "both"),
    Part("double_bass", 32, 28, 55),
    Part("electric_bass", 33, 28, 58),
    Part("electric_bass", 34, 28, 58),
    Part("electric_bass", 35, 28, 58),
    Part("electric_bass", 36, 28, 58),
    Part("synthesizer", 38, 28, 60),
    Part("synthesizer", 39, 28, 60),
    Part("violin", 40, 55, 96),
    Part("viola", 41, 48, 84),
    Part("cello", 42, 36, 76),
    Part("double_bass", 43, 28, 60),
    Part("harp", 46, 36, 96, "both"),
    Part("vocalists", 52, 45, 79, "chords"),
    Part("trumpet", 56, 54, 86),
    Part("trombone", 57, 40, 72),
    Part("tuba", 58, 28, 58),
    Part("french_horn", 60, 41, 77),
    Part("brass_section", 61, 45, 82, "chords"),
    Part("saxophone", 64, 56, 87),
    Part("saxophone", 65, 49, 81),
    Part("saxophone", 66, 44, 76),
    Part("saxophone", 67, 36, 69),
    Part("oboe", 68, 58, 91),
    Part("bassoon", 70, 34, 72),
    Part("clarinet", 71, 50, 91),
    Part("flute", 73, 60, 96),
    Part("synthesizer", 80, 40, 88, "both"),
    Part("synthesizer", 81, 40, 88, "both"),
    Part("synthesizer", 89, 40, 84, "chords"),
    Part("synthesizer", 90, 40, 84, "both"),
    Part("banjo", 105, 48, 84, "both"),
)

KIT_PROGRAMS = (0, 8, 16, 32, 40)
KICKS, SNARES, HATS, OTHERS = (35, 36), (37, 38, 40), (42, 44, 46, 51), (41, 43, 45, 47, 48, 49, 50, 57)
PERCUSSION = (54, 56, 58, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 73, 74, 75, 76, 77, 80, 81)
"""General MIDI's percussion keys that are no part of a drum set."""


class Note(NamedTuple):
    """One note: start and length in seconds, MIDI note and velocity."""

    start_s: float
    length_s: float
    pitch: int
    velocity: int


def phrases(part: Part, duration_s: float, random: np.random.Generator) -> list[Note]:
    """Random playing for one program: phrases of a few seconds, each with its own scale, speed, place and loudness."""
    notes: list[Note] = []
    time_s = 0.0
    while time_s < duration_s:
        scale, root = SCALES[int(random.integers(len(SCALES)))], int(random.integers(12))
        pitches = [p for p in range(part.low, part.high + 1) if (p - root) % 12 in scale]
        chords = part.style == "chords" or (part.style == "both" and random.random() < 0.5)
        step_s, loud = float(random.choice([0.12, 0.18, 0.25, 0.35, 0.5, 0.9])), int(random.integers(45, 120))
        if chords:
            step_s = max(step_s, 0.25)
        hold, place = random.uniform(0.5, 1.1), int(random.integers(len(pitches)))
        for _ in range(int(random.integers(4, 14))):
            place = int(np.clip(place + random.integers(-3, 4), 0, len(pitches) - 1))
            length_s = step_s * float(random.choice([1, 1, 1, 2, 3]))
            stack = [place + 2 * k for k in range(int(random.integers(2, 5)))] if chords else [place]
            spread_s = random.uniform(0, 0.02)
            for k, index in enumerate(stack):
                pitch = pitches[min(index, len(pitches) - 1)]
                velocity = int(np.clip(loud + random.integers(-15, 16), 20, 127))
                notes.append(Note(time_s + k * spread_s, length_s * hold, pitch, velocity))
            time_s += length_s
        time_s += float(random.choice([0.0, 0.3, 0.8]))
    return notes


def beats(duration_s: float, random: np.random.Generator) -> list[Note]:
    """Random drum-set patterns, a new one every two bars."""
    notes: list[Note] = []
    time_s = 0.0
    while time_s < duration_s:
        step_s = random.uniform(0.09, 0.2)
        kick, snare, hat = (int(random.choice(keys)) for keys in (KICKS, SNARES, HATS))
        kicks, hats = random.random(16) < 0.2, random.random(16) < random.choice([0.25, 0.5, 0.9])
        kicks[0] = True
        for step in range(32):
            hits = [kick] if kicks[step % 16] else []
            hits += [snare] if step % 8 == 4 or random.random() < 0.04 else []
            hits += [hat] if hats[step % 16] else []
            hits += [int(random.choice(OTHERS))] if random.random() < (0.35 if step > 27 else 0.02) else []
            late_s = random.uniform(0, 0.006)
            notes += [Note(time_s + late_s, step_s, key, int(random.integers(50, 127))) for key in hits]
            time_s += step_s
    return notes


def percussion(duration_s: float, random: np.random.Generator) -> list[Note]:
    """Random patterns of one to three hand instruments."""
    notes: list[Note] = []
    time_s = 0.0
    while time_s < duration_s:
        step_s, keys = random.uniform(0.09, 0.25), random.choice(PERCUSSION, int(random.integers(1, 4)), replace=False)
        played = random.random((len(keys), 8)) < random.uniform(0.2, 0.7)
        for step in range(24):
            hits = keys[played[:, step % 8]]
            notes += [Note(time_s, step_s, int(key), int(random.integers(50, 127))) for key in hits]
            time_s += step_s
    return notes


def midi_file(notes: list[Note], program: int, channel: int) -> mido.MidiFile:
    """One track with the notes; a program change comes first."""
    events = [(start, 1, pitch, velocity) for start, _, pitch, velocity in notes]
    events += [(start + length, 0, pitch, 0) for start, length, pitch, _ in notes]
    track = mido.MidiTrack([mido.Message("program_change", program=program, channel=channel)])
    last = 0
    for time_s, on, pitch, velocity in sorted(events):
        now = round(time_s * TICKS_A_SECOND)
        kind = "note_on" if on else "note_off"
        track.append(mido.Message(kind, note=pitch, velocity=velocity, channel=channel, time=now - last))
        last = now
    return mido.MidiFile(ticks_per_beat=TICKS, tracks=[track])


def synthesise(midi: mido.MidiFile, font: Path, out: Path) -> float:
    """Play the file with the font, dry, to mono FLAC at 48 kHz; returns its length in seconds.

    Raises subprocess.CalledProcessError where fluidsynth fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        score, wave = Path(folder) / "score.mid", Path(folder) / "sound.wav"
        midi.save(score)
        command = [
            "fluidsynth",
            "-ni",
            "-q",
            "-R",
            "0",
            "-C",
            "0",
            "-g",
            "0.4",
            "-r",
            str(SAMPLE_RATE),
            "-F",
            str(wave),
        ]
        subprocess.run([*command, str(font), str(score)], check=True, capture_output=True)
        audio, _ = soundfile.read(wave, dtype="float32", always_2d=True)
    mono = np.asarray(audio, np.float32).mean(1)
    mono *= PEAK / max(float(np.abs(mono).max()), 1e-6)
    soundfile.write(out, mono, SAMPLE_RATE, subtype="PCM_16")
    return len(mono) / SAMPLE_RATE


def render(fonts: list[tuple[Path, str]], out: Path, seed: int = 1) -> Path:
    """Render every part with every font (path, licence) into `out`; returns the manifest.

    Raises FileNotFoundError where fluidsynth is not installed.
    """
    if shutil.which("fluidsynth") is None:
        raise FileNotFoundError("fluidsynth is not installed: apt install fluidsynth fluid-soundfont-gm")
    out.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, str]] = []
    for font, licence in fonts:
        random = np.random.default_rng(seed)
        jobs = [(part.label, part.program, 0, phrases(part, DURATION_S, random)) for part in PARTS]
        jobs += [("drum_set", kit, DRUM_CHANNEL, beats(DURATION_S, random)) for kit in KIT_PROGRAMS]
        jobs += [("auxiliary_percussion", 0, DRUM_CHANNEL, percussion(DURATION_S, random)) for _ in range(2)]
        for number, (label, program, channel, notes) in enumerate(jobs):
            name = f"{font.stem}_{number:02d}_{label}.flac"
            length_s = synthesise(midi_file(notes, program, channel), font, out / name)
            rows.append(
                {
                    "path": name,
                    "label": label,
                    "kind": "rendered",
                    "source": font.stem,
                    "licence": licence,
                    "dur_s": f"{length_s:.2f}",
                    "player": f"{font.stem}/{channel}/{program}",
                }
            )
            log.info("rendered %s", name)
    return write_manifest(out, rows)
