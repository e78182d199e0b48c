"""Windows to learn from: one second with none to four sounds of a corpus, as live inputs bring them.

Labels are drawn nearly evenly, then a player, then a place where something sounds. Notes are strung to little phrases.
Each sound may be moved in pitch, coloured by an equaliser and set in a room; the window may begin late, end early, be
quiet, clipped, noisy, and carry bleed that is no label. Batch `step` depends on (seed, step) alone, so that a run can
be resumed where it stopped.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.fft

from .corpus import FRAME, SAMPLE_RATE, SILENCE_DBFS, Clip, Corpus
from .targets import COLUMN, GROUPS, NOT_INSTRUMENTS, UNNAMED, Truth, refine, truth

Audio = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

WINDOW = SAMPLE_RATE
FADE = 240
"""Samples of the fade where a sound is cut: 5 ms."""
FFT_SIZE = 65_536
NOISE_S = 20

COUNTS = (0.07, 0.48, 0.28, 0.11, 0.06)
"""Shares of windows with 0, 1, 2, 3 and 4 sounds."""
PLAYING_SHARE = 0.7
ACTIVE_DB = 35.0
"""A window is drawn from a place at most this far below the clip's loudest frame."""
BLEED_DB = (-36.0, -14.0)
BLEED_ALONE_DB = -22.0
"""Bleed louder than this is neither taught nor taught as wrong."""
SPEECH_WEIGHT = 3.0
GROUP_WEIGHT = 0.4
UNNAMED_WEIGHT = 0.25


@dataclass(frozen=True)
class Batch:
    """`audio` `[n, 48000]`; `target`, `weight` `[n, labels]`; `any_of` `[n, groups]`, 1 where one of a group sounds."""

    audio: Audio
    target: Audio
    weight: Audio
    any_of: Audio


class Sound(NamedTuple):
    """One second of one source, and what it teaches."""

    audio: Audio
    truth: Truth


class Pool:
    """The clips of one label and how often each is drawn; `notes` of one source can be strung to a phrase."""

    def __init__(self, label: str, clips: list[Clip]) -> None:
        self.truth = truth(label)
        self.clips = clips
        real = [clip for clip in clips if clip.kind != "rendered"]
        self.evidence_min = sum(clip.minutes * (1.0 if clip.playing else 0.3) for clip in real)
        self.chances = self._chances(clips)
        self.by_source: dict[str, list[Clip]] = {}
        for clip in clips:
            if not clip.playing:
                self.by_source.setdefault(clip.source, []).append(clip)

    def draw(self, random: np.random.Generator) -> Clip:
        """One clip, by the chances."""
        return self.clips[int(random.choice(len(self.clips), p=self.chances))]

    def _chances(self, clips: list[Clip]) -> Floats:
        rendered = 0.12 + 0.5 / (1.0 + self.evidence_min)
        shares = {"rendered": rendered, "playing": PLAYING_SHARE, "note": 1 - PLAYING_SHARE}
        kinds = ["rendered" if clip.kind == "rendered" else "playing" if clip.playing else "note" for clip in clips]
        minutes: dict[tuple[str, str], float] = {}
        for clip, kind in zip(clips, kinds, strict=True):
            minutes[kind, clip.player] = minutes.get((kind, clip.player), 0.0) + clip.minutes
        of_kind = {kind: sum(value**0.5 for (k, _), value in minutes.items() if k == kind) for kind in set(kinds)}
        # Few minutes of playing must not be repeated for seven windows in ten while many notes wait.
        playing_min = sum(value for (kind, _), value in minutes.items() if kind == "playing")
        shares["playing"] *= min(1.0, 0.2 + playing_min / 2)
        chances = np.array(
            [
                shares[kind]
                * minutes[kind, clip.player] ** 0.5
                / of_kind[kind]
                * clip.minutes
                / minutes[kind, clip.player]
                for clip, kind in zip(clips, kinds, strict=True)
            ]
        )
        return chances / chances.sum()


class Rooms:
    """Banks of equaliser curves and rooms as spectra `[bank, FFT_SIZE // 2 + 1]`, drawn once."""

    def __init__(self, random: np.random.Generator, size: int = 48) -> None:
        self.curves = np.stack([self._curve(random) for _ in range(2 * size)])
        self.rooms = np.stack([self._room(random) for _ in range(size)])

    def colour(self, audio: Audio, random: np.random.Generator) -> Audio:
        """`audio` `[48000]` through a random curve and, three times in five, a random room."""
        spectrum = scipy.fft.rfft(audio, FFT_SIZE) * self.curves[random.integers(len(self.curves))]
        if random.random() < 0.6:
            spectrum *= self.rooms[random.integers(len(self.rooms))]
        return np.asarray(scipy.fft.irfft(spectrum, FFT_SIZE)[:WINDOW], np.float32)

    @staticmethod
    def _curve(random: np.random.Generator) -> Audio:
        hertz = np.arange(FFT_SIZE // 2 + 1) * SAMPLE_RATE / FFT_SIZE
        places = np.geomspace(40, 16_000, 8)
        gains_db = np.interp(np.log(np.maximum(hertz, 1)), np.log(places), random.uniform(-6, 6, 8))
        if random.random() < 0.25:
            gains_db -= 12 * np.maximum(0, np.log2(np.maximum(hertz, 1) / random.uniform(3_000, 10_000)))
        if random.random() < 0.25:
            gains_db -= 12 * np.maximum(0, np.log2(random.uniform(60, 200) / np.maximum(hertz, 1)))
        return (10 ** (gains_db / 20)).astype(np.float32)

    @staticmethod
    def _room(random: np.random.Generator) -> npt.NDArray[np.complex64]:
        decay_s = random.uniform(0.15, 1.3)
        time_s = np.arange(int(0.35 * SAMPLE_RATE)) / SAMPLE_RATE
        tail = random.standard_normal(len(time_s)) * 10 ** (-3 * time_s / decay_s)
        tail[: int(random.uniform(0.002, 0.02) * SAMPLE_RATE)] = 0
        tail *= 10 ** (random.uniform(-20, 0) / 20) / np.sqrt(np.square(tail).sum())
        tail[0] = 1.0
        return np.asarray(scipy.fft.rfft(tail.astype(np.float32), FFT_SIZE), np.complex64)


class Mixer:
    """Draws batches from a corpus; raises KeyError if a clip's label is unknown."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self.corpus = corpus
        self.seed = seed
        by_label: dict[str, list[Clip]] = {}
        for clip in corpus.clips:
            by_label.setdefault(refine(clip.label, clip.path), []).append(clip)
        self.noises = [clip for label in sorted(NOT_INSTRUMENTS) for clip in by_label.pop(label, [])]
        names = sorted(by_label)
        self.pools = [Pool(name, by_label[name]) for name in names]
        self.chances = _label_chances(names, self.pools)
        setup = np.random.default_rng(seed)
        self.rooms = Rooms(setup)
        self.hiss = coloured_noise(setup, NOISE_S * SAMPLE_RATE)

    def batch(self, step: int, size: int) -> Batch:
        """Batch number `step`: always the same for one corpus, seed and size."""
        random = np.random.default_rng((self.seed, step))
        windows = [self.window(random) for _ in range(size)]
        return Batch(*(np.stack(column) for column in zip(*windows, strict=True)))

    def window(self, random: np.random.Generator) -> tuple[Audio, Audio, Audio, Audio]:
        """One window: its sound, targets, weights and groups, as in `Batch`."""
        target, weight = np.zeros(len(COLUMN), np.float32), np.ones(len(COLUMN), np.float32)
        any_of = np.zeros(len(GROUPS), np.float32)
        count = int(random.choice(len(COUNTS), p=COUNTS))
        audio = np.zeros(WINDOW, np.float32)
        for number, pool in enumerate(random.choice(len(self.pools), count, p=self.chances)):
            sound = self.sound(self.pools[int(pool)], random)
            audio += sound.audio * db(0 if number == 0 else random.uniform(-10, 0))
            target[list(sound.truth.right)] = 1
            weight[list(sound.truth.alone)] = 0
            if sound.truth.group >= 0:
                any_of[sound.truth.group] = 1
        weight[target > 0] = 1
        if count and random.random() < 0.2:
            self._bleed(audio, target, weight, random)
        if count and random.random() < 0.3:
            _shorten(audio, random)
        return self._finish(audio, random), target, weight, any_of

    def sound(self, pool: Pool, random: np.random.Generator) -> Sound:
        """One second of a label at an RMS of 1 over the frames that sound."""
        clip = pool.draw(random)
        audio = self._cut(clip, random) if clip.playing else self._string(pool, clip, random)
        if random.random() < 0.5:
            audio = self.rooms.colour(audio, random)
        return Sound(normalised(audio), pool.truth)

    def _cut(self, clip: Clip, random: np.random.Generator) -> Audio:
        """A second from where the clip sounds, three times in ten a little faster or slower."""
        levels = self.corpus.levels(clip)
        active = np.flatnonzero(levels > levels.max() - ACTIVE_DB)
        ratio = float(random.uniform(0.95, 1.06)) if random.random() < 0.3 else 1.0
        need = int(WINDOW * ratio) + 2
        start = int(random.choice(active)) * FRAME + int(random.integers(FRAME)) - int(random.integers(WINDOW // 2))
        start = max(0, min(start, clip.length - need))
        raw = self.corpus.samples[clip.start + start : clip.start + min(clip.length, start + need)]
        audio = raw.astype(np.float32) * np.float32(1 / 32768)
        if len(audio) < need:
            return self._placed(audio, random)
        if ratio != 1.0:
            audio = np.interp(np.arange(WINDOW) * ratio, np.arange(len(audio)), audio).astype(np.float32)
        return audio[:WINDOW]

    @staticmethod
    def _placed(audio: Audio, random: np.random.Generator) -> Audio:
        """A short sound somewhere in a second."""
        audio = audio[:WINDOW]
        out = np.zeros(WINDOW, np.float32)
        start = int(random.integers(WINDOW - len(audio) + 1))
        out[start : start + len(audio)] = audio
        return out

    def _string(self, pool: Pool, first: Clip, random: np.random.Generator) -> Audio:
        """One to five notes of one source, strung or stacked."""
        others = pool.by_source[first.source]
        count = int(random.choice([1, 2, 3, 4, 5], p=[0.3, 0.2, 0.2, 0.2, 0.1]))
        notes = [first, *(others[int(i)] for i in random.integers(len(others), size=count - 1))]
        out = np.zeros(WINDOW, np.float32)
        onset, step = int(random.integers(-WINDOW // 2, WINDOW // 2)), int(random.uniform(0.08, 0.45) * SAMPLE_RATE)
        for note in notes:
            raw = self.corpus.samples[note.start : note.start + note.length]
            begin, skip = max(0, onset), max(0, -onset)
            piece = raw[skip : skip + WINDOW - begin].astype(np.float32) * np.float32(1 / 32768)
            out[begin : begin + len(piece)] += piece * db(random.uniform(-6, 0))
            if random.random() < 0.7:
                onset = onset + step
            if onset >= WINDOW:
                break
        return out

    def _bleed(self, audio: Audio, target: Audio, weight: Audio, random: np.random.Generator) -> None:
        pool = self.pools[int(random.choice(len(self.pools), p=self.chances))]
        sound = self.sound(pool, random)
        level_db = random.uniform(*BLEED_DB)
        audio += self.rooms.colour(sound.audio, random) * db(level_db)
        if level_db > BLEED_ALONE_DB:
            columns = [c for c in (*sound.truth.right, *sound.truth.alone) if not target[c]]
            weight[columns] = 0

    def _finish(self, audio: Audio, random: np.random.Generator) -> Audio:
        """Noise, level and, rarely, clipping."""
        sounding = bool(audio.any())
        level_db = random.triangular(-45, -22, -6)
        audio = normalised(audio) * db(level_db) if sounding else self._nothing(random)
        if random.random() < 0.5:
            noise_db = level_db - random.uniform(15, 60) if sounding else random.uniform(-75, -25)
            audio += self._noise(random) * db(noise_db)
        if random.random() < 0.04:
            audio *= db(random.uniform(6, 18))
        return np.clip(audio, -1, 1)

    def _nothing(self, random: np.random.Generator) -> Audio:
        if not self.noises or random.random() < 0.4:
            return np.zeros(WINDOW, np.float32)
        clip = self.noises[int(random.integers(len(self.noises)))]
        return normalised(self._cut(clip, random)) * db(random.uniform(-50, -10))

    def _noise(self, random: np.random.Generator) -> Audio:
        """Hiss of a random colour at an RMS of 1, four times in ten with hum."""
        start = int(random.integers(self.hiss.shape[1] - WINDOW))
        noise = self.hiss[int(random.integers(len(self.hiss))), start : start + WINDOW]
        if random.random() < 0.4:
            mains = 50.0 if random.random() < 0.5 else 60.0
            turns = np.arange(WINDOW, dtype=np.float32) * np.float32(2 * np.pi * mains / SAMPLE_RATE)
            hum = sum(np.sin(turns * k + random.uniform(0, 6)) / k for k in (1, 2, 3, 5) if random.random() < 0.8)
            noise = noise * db(-random.uniform(0, 30)) + np.asarray(hum, np.float32)
        return np.asarray(noise, np.float32)


def db(decibels: float) -> np.float32:
    """Amplitude factor of a gain in dB."""
    return np.float32(10 ** (decibels / 20))


def normalised(audio: Audio) -> Audio:
    """`audio` `[48000]` scaled to an RMS of 1 over those tenths of a second that lie within 30 dB of the loudest."""
    power = np.square(audio.reshape(-1, FRAME)).mean(1)
    loudest = float(power.max())
    if loudest < 10 ** (SILENCE_DBFS / 10):
        return audio
    return audio / np.float32(np.sqrt(power[power > loudest / 1000].mean()))


def coloured_noise(random: np.random.Generator, samples: int) -> Audio:
    """White, pink and brown noise `[3, samples]` at an RMS of 1."""
    spectrum = np.fft.rfft(random.standard_normal(samples))
    bins = np.maximum(np.arange(len(spectrum)), 20.0 * samples / SAMPLE_RATE)
    out = np.stack([np.fft.irfft(spectrum / bins**slope, samples) for slope in (0.0, 0.5, 1.0)])
    return (out / np.sqrt(np.square(out).mean(1, keepdims=True))).astype(np.float32)


def _shorten(audio: Audio, random: np.random.Generator) -> None:
    """Silence before a late beginning (two times in three) or after an early end; 0.1 to 0.9 s of sound stay."""
    kept = int(random.uniform(0.1, 0.9) * WINDOW)
    ramp = np.linspace(0, 1, FADE, dtype=np.float32)
    if random.random() < 0.67:
        audio[: WINDOW - kept] = 0
        audio[WINDOW - kept : WINDOW - kept + FADE] *= ramp
    else:
        audio[kept:] = 0
        audio[kept - FADE : kept] *= ramp[::-1]


def _label_chances(names: list[str], pools: list[Pool]) -> Floats:
    chances = np.array([(pool.evidence_min + 0.5) ** 0.3 for pool in pools])
    for i, name in enumerate(names):
        if name == "speech":
            chances[i] *= SPEECH_WEIGHT
        elif name in GROUPS:
            chances[i] *= GROUP_WEIGHT
        elif name in UNNAMED:
            chances[i] *= UNNAMED_WEIGHT
    return chances / chances.sum()
