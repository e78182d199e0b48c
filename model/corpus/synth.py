"""A synthesiser of our own: subtractive and FM patches drawn at random, for the label that sound fonts cover least.

Every patch is one player. What it makes is ours, and free (CC0). Oscillators are band-limited by polynomial steps
(PolyBLEP; Välimäki and Huovilainen, "Antialiasing oscillators in subtractive synthesis", 2007); filters work on short
overlapping spectra, so that their cutoff may move.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from .decoded import SAMPLE_RATE
from .expression import Played, cents_at
from .playing import Note

Audio = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

Wave = Literal["saw", "square", "pulse", "triangle", "sine", "fm"]
Role = Literal["bass", "lead", "pad", "arpeggio", "keys"]

FRAME = 1_024
HOP = FRAME // 2
LICENCE = "CC0 (made by this program)"


@dataclass(frozen=True)
class Envelope:
    """Attack, decay and release in seconds, sustain 0..1."""

    attack_s: float
    decay_s: float
    sustain: float
    release_s: float

    def curve(self, held: int, total: int) -> Floats:
        """Levels of `total` samples of a note that is held for `held`."""
        time_s = np.arange(total) / SAMPLE_RATE
        fallen = self.sustain + (1 - self.sustain) * np.exp(-np.clip(time_s - self.attack_s, 0, None) / self.decay_s)
        level = np.minimum(time_s / self.attack_s, 1) * fallen
        after_s = np.clip(time_s - held / SAMPLE_RATE, 0, None)
        level *= np.exp(-4 * after_s / self.release_s)
        fade = min(total, 240)
        level[total - fade :] *= np.linspace(1, 0, fade)
        return level


@dataclass(frozen=True)
class Patch:
    """One sound: oscillators, filter, envelope and what comes after them.

    `cutoff_octaves` stands above the note's pitch, `sweep_octaves` is what the envelope adds to it, `wobble_octaves`
    what the slow oscillator of `wobble_hz` adds. `ratio` and `index` are the FM modulator's pitch and depth.
    """

    role: Role
    waves: tuple[Wave, ...]
    detune_cents: tuple[float, ...]
    octaves: tuple[int, ...]
    width: float
    ratio: float
    index: float
    cutoff_octaves: float
    sweep_octaves: float
    resonance_db: float
    wobble_hz: float
    wobble_octaves: float
    vibrato_hz: float
    vibrato_cents: float
    loudness: Envelope
    sweep: Envelope
    noise: float
    drive: float
    chorus: float
    echo_s: float


def random_patch(role: Role, random: np.random.Generator) -> Patch:
    """A patch for one role; the same generator gives the same patch."""
    count = int(random.integers(1, 4 if role in ("bass", "arpeggio") else 7))
    wave = random.choice(["saw", "square", "pulse", "triangle", "fm"], p=[0.36, 0.2, 0.18, 0.08, 0.18])
    mixed = random.choice(["saw", "square", "pulse", "sine"])
    slow = role == "pad"
    plucked = role in ("arpeggio", "keys") or (role == "bass" and random.random() < 0.5)
    return Patch(
        role=role,
        waves=tuple(mixed if k and random.random() < 0.3 else wave for k in range(count)),
        detune_cents=tuple(float(c) for c in random.normal(0, random.uniform(2, 16), count)),
        octaves=tuple(int(random.choice([0, 0, 0, 1, -1])) for _ in range(count)),
        width=random.uniform(0.08, 0.5),
        ratio=float(random.choice([0.5, 1, 1, 2, 3, 1.41, 3.5, 7])),
        index=random.uniform(0.6, 7),
        cutoff_octaves=random.uniform(0.5, 5.5),
        sweep_octaves=random.uniform(0, 4.5) * (random.random() < 0.75),
        resonance_db=random.uniform(0, 18) * (random.random() < 0.7),
        wobble_hz=float(np.exp(random.uniform(np.log(0.08), np.log(9)))),
        wobble_octaves=random.uniform(0, 2.2) * (random.random() < 0.4),
        vibrato_hz=random.uniform(4, 7),
        vibrato_cents=random.uniform(3, 40) * (random.random() < 0.35),
        loudness=Envelope(
            random.uniform(0.15, 1.2) if slow else random.uniform(0.002, 0.03),
            random.uniform(0.08, 0.5) if plucked else random.uniform(0.3, 2.0),
            random.uniform(0, 0.3) if plucked else random.uniform(0.5, 1.0),
            random.uniform(0.4, 1.5) if slow else random.uniform(0.03, 0.4),
        ),
        sweep=Envelope(
            random.uniform(0.002, 0.8 if slow else 0.05), random.uniform(0.05, 0.9), random.uniform(0, 0.6), 0.3
        ),
        noise=random.uniform(0, 0.12) * (random.random() < 0.3),
        drive=random.uniform(1, 6) if random.random() < 0.35 else 1.0,
        chorus=random.uniform(0.2, 0.7) * (random.random() < 0.4),
        echo_s=random.uniform(0.12, 0.5) * (random.random() < 0.3),
    )


def play(patch: Patch, played: list[Played], random: np.random.Generator) -> Audio:
    """What was played, through the patch: mono float32 at 48 kHz, not normalised."""
    end_s = max(note.start_s + note.length_s for phrase in played for note in phrase.notes)
    out = np.zeros(int((end_s + patch.loudness.release_s + 1) * SAMPLE_RATE), np.float32)
    for phrase in played:
        for note in phrase.notes:
            voice = _voice(patch, note, phrase, random)
            start = int(note.start_s * SAMPLE_RATE)
            out[start : start + len(voice)] += voice
    if patch.chorus:
        out = _chorus(out, patch.chorus, random)
    if patch.echo_s:
        delay = int(patch.echo_s * SAMPLE_RATE)
        for _ in range(2):
            out[delay:] += 0.35 * out[:-delay]
    return out


def _voice(patch: Patch, note: Note, phrase: Played, random: np.random.Generator) -> Audio:
    held = int(note.length_s * SAMPLE_RATE)
    total = held + int(patch.loudness.release_s * SAMPLE_RATE)
    hertz = 440 * 2 ** ((note.pitch - 69) / 12)
    time_s = np.arange(total) / SAMPLE_RATE
    cents = patch.vibrato_cents * np.sin(2 * np.pi * patch.vibrato_hz * time_s)
    bent = np.exp2((cents + cents_at(phrase.bends, note.start_s + time_s)) / 1200)
    sound = np.zeros(total)
    for wave, detune, octave in zip(patch.waves, patch.detune_cents, patch.octaves, strict=True):
        step = np.minimum(hertz * 2 ** (detune / 1200 + octave) * bent / SAMPLE_RATE, 0.45)
        phase = random.random() + np.cumsum(step)
        sound += _wave(wave, phase, step, patch)
    if patch.noise:
        sound += patch.noise * random.standard_normal(total)
    moved = patch.sweep_octaves * patch.sweep.curve(held, total)
    moved += patch.wobble_octaves * np.sin(2 * np.pi * patch.wobble_hz * (note.start_s + time_s))
    touched = (note.velocity / 127 - 0.7) * 1.5
    sound = _filtered(sound, hertz * 2 ** (patch.cutoff_octaves + touched + moved), patch.resonance_db)
    sound *= patch.loudness.curve(held, total) * (note.velocity / 127) ** 1.5
    if patch.drive > 1:
        sound = np.tanh(patch.drive * sound) / patch.drive**0.5
    return sound.astype(np.float32)


def _wave(wave: Wave, phase: Floats, step: Floats, patch: Patch) -> Floats:
    turns = phase % 1
    if wave == "saw":
        return _saw(turns, step)
    if wave in ("square", "pulse"):
        width = 0.5 if wave == "square" else patch.width
        return _saw(turns, step) - _saw((phase + width) % 1, step)
    if wave == "triangle":
        return 4 * np.abs(turns - 0.5) - 1
    if wave == "sine":
        return np.sin(2 * np.pi * turns)
    # A deep modulator of a high note would fold over: its depth falls where its side bands would pass 16 kHz.
    depth = np.minimum(patch.index, np.maximum(0.2, 0.33 / (step * (1 + patch.ratio)) - 1))
    return np.sin(2 * np.pi * phase + depth * np.sin(2 * np.pi * patch.ratio * phase))


def _saw(turns: Floats, step: Floats) -> Floats:
    """A rising saw of -1..1 whose jump is rounded over two samples."""
    out = 2 * turns - 1
    after, before = turns < step, turns > 1 - step
    x = turns[after] / step[after]
    out[after] -= 2 * x - x * x - 1
    x = (turns[before] - 1) / step[before]
    out[before] -= x * x + 2 * x + 1
    return out


def _filtered(sound: Floats, cutoff_hz: Floats, resonance_db: float) -> Floats:
    """A low-pass of four poles with a peak at its cutoff, both given for every sample."""
    padded = np.pad(sound, (HOP, FRAME + HOP))
    count = (len(padded) - FRAME) // HOP
    window = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP][:count] * window
    centres = np.clip(np.arange(count) * HOP + HOP // 2 - HOP, 0, len(sound) - 1)
    cutoff = np.clip(cutoff_hz[centres], 30, 20_000)[:, None]
    octaves = np.log2(np.maximum(np.fft.rfftfreq(FRAME, 1 / SAMPLE_RATE), 20) / cutoff)
    gain = 1 / np.sqrt(1 + np.exp2(8 * np.clip(octaves, -12, 8)))
    gain *= 1 + (10 ** (resonance_db / 20) - 1) * np.exp(-((octaves / 0.25) ** 2))
    shaped = np.fft.irfft(np.fft.rfft(frames, axis=1) * gain, FRAME, axis=1) * window
    out = np.zeros((count + 1) * HOP)
    out[:-HOP] += shaped[:, :HOP].ravel()
    out[HOP:] += shaped[:, HOP:].ravel()
    return out[HOP : HOP + len(sound)]


def _chorus(sound: Audio, depth: float, random: np.random.Generator) -> Audio:
    """The sound and two copies whose delay swings by a few milliseconds."""
    at = np.arange(len(sound))
    out = sound.copy()
    for _ in range(2):
        rate_hz, mid_s = random.uniform(0.2, 1.5), random.uniform(0.008, 0.02)
        delay = SAMPLE_RATE * (mid_s + 0.003 * np.sin(2 * np.pi * rate_hz * at / SAMPLE_RATE))
        out += np.float32(depth) * np.interp(at - delay, at, sound).astype(np.float32)
    return out
