"""Renders the demo session: `python -m earmark.realtime.demo.render FluidR3_GM.sf2` writes session.ogg and truth.json.

Needs fluidsynth and the FluidR3 sound font (MIT licence; on Debian: apt-get install fluidsynth fluid-soundfont-gm).
Each turn is rendered by itself, so that the truth can be read from its own sound: it begins and ends where it rises
over and falls under AUDIBLE_DBFS. Only then come what a room and its lines add: noise, and the others' bleed.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

from ..levels import power_of
from .tunes import BARS, BEATS_A_BAR, BEATS_A_MINUTE, ENTRIES, NAMES, Entry

RATE: Final = 48_000
BEAT_S: Final = 60 / BEATS_A_MINUTE
LENGTH: Final = int((BARS * BEATS_A_BAR * BEAT_S + 2.0) * RATE)
TICKS_A_BEAT: Final = 480

TIMING_S: Final = 0.008
VELOCITY: Final = 6
"""Standard deviations of what players do not play exactly."""

HIGHEST_DBFS: Final = -5.0
NOISE_DBFS: Final = -82.0
BLEED_DB: Final = -54.0
"""Kept under the smoother's gate: louder bleed would be named on the inputs that rest, rightly or wrongly."""
BLEED_DELAY_S: Final = 0.004
DIRECT: Final = (2,)
"""Inputs without a microphone: nothing bleeds into them."""

AUDIBLE_DBFS: Final = -50.0
FRAME: Final = RATE // 100
COMPRESSION: Final = 0.85
BLOCK: Final = 4_096

COMMENT: Final = (
    "Rendered by fluidsynth from the sound font FluidR3 GM (Frank Wen, MIT licence) by render.py; not live playing. "
    "start_s and end_s are where each turn's own sound, before noise and bleed, rises over and falls under -50 dBFS. "
    "The instruments and their registers were chosen among those of this sound font that the bundled model knows "
    "(a fretless bass, since it took the fretted one for an electric piano; a bassoon where a clarinet was unsure), "
    "and the bleed of -54 dB stays under the level gate: the demo shows how Earmark works, not how well it hears."
)

Sound = NDArray[np.float32]


def render(sound_font: Path, folder: Path) -> None:
    """Write session.ogg and truth.json into `folder`. Raises OSError or CalledProcessError where fluidsynth fails."""
    rng = np.random.default_rng(1)
    inputs = np.zeros((len(NAMES), LENGTH), np.float32)
    entries: list[dict[str, Any]] = []
    for entry in ENTRIES:
        sound = _played(entry, sound_font, rng)
        start, end = _audible(sound)
        entries.append({"channel": entry.channel, "label": entry.label, "start_s": start, "end_s": end})
        inputs[entry.channel - 1] += sound
    session = _in_a_room(inputs, rng)
    _write(session, folder / "session.ogg")
    truth = {"rate": RATE, "length_s": LENGTH / RATE, "names": NAMES, "comment": COMMENT, "entries": entries}
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


def _played(entry: Entry, sound_font: Path, rng: np.random.Generator) -> Sound:
    """The sound [LENGTH] of one turn at its level."""
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder, "turn.mid"), Path(folder, "turn.wav")
        _midi(entry, rng).save(midi)
        options = ["-n", "-i", "-q", "-R", "0", "-C", "0", "-g", "0.5", "-r", str(RATE), "-O", "float", "-T", "wav"]
        subprocess.run(["fluidsynth", *options, "-F", wav, sound_font, midi], check=True, stdout=subprocess.DEVNULL)
        stereo, _ = soundfile.read(wav, dtype="float32", always_2d=True)
    sound = np.zeros(LENGTH, np.float32)
    # One side only: both sides of a stereo sample would cancel here and there.
    side = stereo[:LENGTH, 0]
    sound[: side.size] = side
    sounding = sound[np.abs(sound) > 1e-4 * np.abs(sound).max()]
    gain = np.sqrt(power_of(entry.level_dbfs) / np.mean(sounding**2))
    highest = np.sqrt(power_of(HIGHEST_DBFS)) / np.abs(sound).max()
    return sound * np.float32(min(gain, highest))


def _midi(entry: Entry, rng: np.random.Generator) -> mido.MidiFile:
    """The turn as a file, a little uneven in time and loudness."""
    channel = 9 if entry.program is None else 0
    timed: list[tuple[int, bool, mido.Message]] = []
    for note in entry.notes:
        start_s = (entry.bar * BEATS_A_BAR + note.start) * BEAT_S + rng.normal(0, TIMING_S)
        end_s = start_s + note.length * BEAT_S * 0.96
        velocity = int(np.clip(note.velocity + rng.normal(0, VELOCITY), 1, 127))
        pressed = mido.Message("note_on", channel=channel, note=note.pitch, velocity=velocity)
        released = mido.Message("note_off", channel=channel, note=note.pitch)
        timed += [(_tick(start_s), True, pressed), (_tick(end_s), False, released)]
    # Where a note ends as the same one begins, the end comes first.
    timed.sort(key=_tick_and_kind)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(BEATS_A_MINUTE))])
    track.append(mido.Message("program_change", channel=channel, program=entry.program or 0))
    last = 0
    for tick, _, message in timed:
        track.append(message.copy(time=tick - last))
        last = tick
    return mido.MidiFile(ticks_per_beat=TICKS_A_BEAT, tracks=[track])


def _tick_and_kind(timed: tuple[int, bool, mido.Message]) -> tuple[int, bool]:
    return timed[0], timed[1]


def _tick(time_s: float) -> int:
    return max(0, round(time_s / BEAT_S * TICKS_A_BEAT))


def _audible(sound: Sound) -> tuple[float, float]:
    """Where `sound` is first and last over AUDIBLE_DBFS, in seconds."""
    frames = sound[: sound.size // FRAME * FRAME].reshape(-1, FRAME)
    over = np.flatnonzero(np.mean(frames**2, axis=1) > power_of(AUDIBLE_DBFS))
    return float(over[0] * FRAME / RATE), float((over[-1] + 1) * FRAME / RATE)


def _in_a_room(inputs: Sound, rng: np.random.Generator) -> Sound:
    """`inputs` [channels, n] with each line's noise, and into each microphone the others, fainter and later."""
    noise = rng.standard_normal(inputs.shape) * np.sqrt(power_of(NOISE_DBFS))
    session = (inputs + noise).astype(np.float32)
    for channel in range(len(NAMES)):
        if channel + 1 in DIRECT:
            continue
        for other in range(len(NAMES)):
            delay = round(abs(channel - other) * BLEED_DELAY_S * RATE)
            if delay:
                session[channel, delay:] += np.float32(10 ** (BLEED_DB / 20)) * inputs[other, :-delay]
    return session


def _write(session: Sound, path: Path) -> None:
    """Ogg Vorbis of `session` [channels, n]. In blocks: libsndfile's encoder overflows its stack on long writes."""
    channels = session.shape[0]
    with soundfile.SoundFile(
        path, "w", RATE, channels, subtype="VORBIS", format="OGG", compression_level=COMPRESSION
    ) as file:
        for start in range(0, session.shape[1], BLOCK):
            file.write(session[:, start : start + BLOCK].T)


if __name__ == "__main__":
    render(Path(sys.argv[1]), Path(__file__).parent)
