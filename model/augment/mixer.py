"""Windows to learn from: one second with none to four sounds of a corpus, as live inputs bring them.

Labels are drawn nearly evenly, then a player, then a place where something sounds. Notes are strung to little phrases.
Each sound may be moved in pitch, coloured by an equaliser and set in a room; the window may begin late, end early, be
quiet, clipped, noisy, and carry bleed that is no label. Batch `step` depends on (seed, step) alone, so that a run can
be resumed where it stopped.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..corpus.decoded import FRAME, SAMPLE_RATE, Clip, Corpus
from ..corpus.targets import COLUMN, GROUPS, NOT_INSTRUMENTS, Truth, refine
from .acoustics import WINDOW, Audio, Rooms, coloured_noise, db, hum, normalised
from .pools import Pool, label_chances

FADE = 240
"""Samples of the fade where a sound is cut: 5 ms."""
NOISE_S = 20

COUNTS = (0.07, 0.48, 0.28, 0.11, 0.06)
"""Shares of windows with 0, 1, 2, 3 and 4 sounds."""
ACTIVE_DB = 35.0
"""A window is drawn from a place at most this far below the clip's loudest frame."""
BLEED_DB = (-36.0, -14.0)
BLEED_ALONE_DB = -22.0
"""Bleed louder than this is neither taught nor taught as wrong."""


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
        self.chances = label_chances(names, self.pools)
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
            noise = noise * db(-random.uniform(0, 30)) + hum(random)
        return noise


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
