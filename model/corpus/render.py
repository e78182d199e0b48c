"""Turns notes into MIDI and MIDI into sound with `fluidsynth`, one part at a time, so that a clip has one label.

Clips are long because starting fluidsynth and loading a font costs more than the rendering. Windows of a clip in which
nothing sounds are told by their level when they are drawn, so a clip's label holds wherever it has energy.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import mido
import numpy as np
import numpy.typing as npt
import soundfile

from ..errors import EarmarkError, UsageError
from .decoded import SAMPLE_RATE
from .expression import Played
from .playing import Note
from .programs import DRUM_CHANNEL, Part

TICKS = 480
TICKS_A_SECOND = 960
"""At MIDI's tempo of 120 beats a minute, which holds where a file names none."""
GAIN = 0.4
EXPRESSION, BANK_SELECT = 11, 0
TIMEOUT_S = 300
SILENT = 1e-4
"""A peak below this (-80 dBFS) means that the font did not play."""

Audio = npt.NDArray[np.float32]
Events = list[tuple[float, Any]]
"""Times in seconds and `mido` messages, whose attributes depend on their type."""


def part_midi(part: Part, played: Iterable[Played]) -> mido.MidiFile:
    """One track of what was played with the part, its bank and program first."""
    setup = [
        mido.Message("control_change", control=BANK_SELECT, value=part.bank),
        mido.Message("program_change", program=part.program),
    ]
    events: Events = []
    for phrase in played:
        events += _note_events(phrase.notes, 0)
        events += [(t, mido.Message("pitchwheel", pitch=value)) for t, value in phrase.bends]
        events += [(t, mido.Message("control_change", control=EXPRESSION, value=value)) for t, value in phrase.swells]
    return _file(setup, events)


def drum_midi(kit: int, notes: Iterable[Note]) -> mido.MidiFile:
    """One track on the drum channel with the kit's program first."""
    setup = [mido.Message("program_change", program=kit, channel=DRUM_CHANNEL)]
    return _file(setup, _note_events(notes, DRUM_CHANNEL))


def _note_events(notes: Iterable[Note], channel: int) -> Events:
    events: Events = []
    for start_s, length_s, pitch, velocity in notes:
        on = mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)
        off = mido.Message("note_off", note=pitch, channel=channel)
        events += [(start_s, on), (start_s + length_s, off)]
    return events


def _file(setup: list[mido.Message], events: Events) -> mido.MidiFile:
    track = mido.MidiTrack(setup)
    last = 0
    # Of events at one time, releases come first, then the controls, then what is struck.
    order = {"note_off": 0, "note_on": 2}
    for time_s, message in sorted(events, key=lambda event: (event[0], order.get(event[1].type, 1))):
        now = round(time_s * TICKS_A_SECOND)
        track.append(message.copy(time=now - last))
        last = now
    return mido.MidiFile(ticks_per_beat=TICKS, tracks=[track])


def synthesise(midi: mido.MidiFile, font: Path) -> Audio:
    """The file's sound with the font, dry, mono at 48 kHz.

    Raises UsageError where fluidsynth is not installed, EarmarkError where it fails.
    """
    if shutil.which("fluidsynth") is None:
        raise UsageError("fluidsynth is not installed: sudo apt-get install fluidsynth")
    with tempfile.TemporaryDirectory() as folder:
        score, wave = Path(folder) / "score.mid", Path(folder) / "sound.wav"
        midi.save(score)
        # Loading only the samples that are played makes a start five times faster with a large font.
        quick = ["-o", "synth.dynamic-sample-loading=1", "-O", "s16"]
        dry = ["-R", "0", "-C", "0", "-g", str(GAIN), "-r", str(SAMPLE_RATE)]
        command = ["fluidsynth", "-ni", "-q", *quick, *dry, "-F", str(wave), str(font), str(score)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
            raise EarmarkError(f"fluidsynth cannot play {font.name}: {failed}; is the font whole?") from failed
        audio, _ = soundfile.read(wave, dtype="float32", always_2d=True)
    return np.asarray(audio, np.float32).mean(1, dtype=np.float32)


def write_clip(audio: Audio, path: Path, peak: float) -> float:
    """Write the sound as 16-bit FLAC with the given peak; returns its length in seconds.

    Raises ValueError where there is no sound in it.
    """
    loudest = float(np.abs(audio).max(initial=0.0))
    if loudest < SILENT:
        raise ValueError(f"nothing sounds in {path.name}")
    part = path.with_suffix(".part")
    soundfile.write(part, audio * np.float32(peak / loudest), SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    part.replace(path)
    return len(audio) / SAMPLE_RATE
