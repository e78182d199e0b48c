"""Windows to learn from: one second with none to five sounds of a corpus, as live inputs bring them.

Labels are drawn nearly evenly, then a player, then a place where something sounds. Each sound may be moved in pitch,
played through an amplifier or effects, coloured by a microphone and set in a room; the window may begin late, end
early, be quiet, clipped, noisy or coded, and carry bleed that is no label. Batch `step` depends on (seed, step) alone,
so that a run can be resumed where it stopped.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..corpus.decoded import FRAME, SAMPLE_RATE, Clip, Corpus
from ..corpus.targets import COLUMN, GROUPS, NOT_INSTRUMENTS, Columns, refine, truth_of
from .acoustics import WINDOW, Audio, Rooms, coloured_noise, db, hum, normalised
from .amplifier import Amplifier
from .codec import coded
from .cutting import Cutter
from .effects import CHAINS
from .impulses import Impulses
from .pools import Pool, label_chances
from .settings import MixSettings

FADE = 240
"""Samples of the fade where a sound is cut: 5 ms."""
NOISE_S = 20
AUDIBLE_DB = -35.0
"""A sound whose loudest tenth of a second lies below this, against its own level, is not taught."""
EFFECTS_PEAK = 0.5
"""Peak at which a sound enters the effects, whose strength depends on it."""
CLEAN, DISTORTED = "clean_electric_guitar", "distorted_electric_guitar"

Random = np.random.Generator


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
    truth: Columns


class Stretch(NamedTuple):
    """Where in the window its sounds are heard, in samples; `attack`: they begin there."""

    start: int = 0
    stop: int = WINDOW
    attack: bool = False

    def placed(self, audio: Audio) -> Audio:
        """`audio` `[48000]` moved to the start of the stretch where it begins there, and cut to the stretch."""
        out = np.zeros(WINDOW, np.float32)
        kept = self.stop - self.start
        out[self.start : self.stop] = audio[:kept] if self.attack else audio[self.start : self.stop]
        ramp = np.linspace(0, 1, FADE, dtype=np.float32)
        if self.start and not self.attack:
            out[self.start : self.start + FADE] *= ramp
        if self.stop < WINDOW:
            out[self.stop - FADE : self.stop] *= ramp[::-1]
        return out


class Lesson:
    """What the sounds of one window teach together: what is unknown of one is unknown of all, unless another has it."""

    def __init__(self) -> None:
        self.target = np.zeros(len(COLUMN), np.float32)
        self.any_of = np.zeros(len(GROUPS), np.float32)
        self.unknown = np.zeros(len(COLUMN), np.bool_)

    def hears(self, truth: Columns) -> None:
        """A sound that is to be named."""
        self.target[list(truth.right)] = 1
        self.unknown[list(truth.unknown)] = True
        self.any_of[list(truth.groups)] = 1

    def ignores(self, truth: Columns) -> None:
        """A sound that may be named or not."""
        self.unknown[[*truth.right, *truth.unknown]] = True

    @property
    def weight(self) -> Audio:
        """1 where something is known, `[labels]`."""
        return np.where(self.unknown & (self.target == 0), 0, 1).astype(np.float32)


class Mixer:
    """Draws batches from a corpus; raises KeyError if a clip's label is unknown."""

    def __init__(
        self, corpus: Corpus, seed: int, settings: MixSettings | None = None, impulses: Impulses | None = None
    ) -> None:
        self.settings = settings or MixSettings()
        self.cutter = Cutter(corpus, self.settings)
        self.seed = seed
        by_label: dict[str, list[Clip]] = {}
        for clip in corpus.clips:
            by_label.setdefault(refine(clip.label, clip.path), []).append(clip)
        self.noises = [clip for label in sorted(NOT_INSTRUMENTS) for clip in by_label.pop(label, [])]
        names = sorted(by_label)
        self.pools = [Pool(by_label[name]) for name in names]
        self.chances = label_chances(names, self.pools)
        setup = np.random.default_rng(seed)
        recorded = impulses or Impulses()
        self.rooms = Rooms(setup, rooms=recorded.rooms, microphones=recorded.microphones)
        self.amplifier = Amplifier(setup, recorded.cabinets)
        self.effects = CHAINS[self.settings.effects]
        self.hiss = coloured_noise(setup, NOISE_S * SAMPLE_RATE)

    def batch(self, step: int, size: int) -> Batch:
        """Batch number `step`: always the same for one corpus, seed, size and settings."""
        random = np.random.default_rng((self.seed, step))
        windows = [self.window(random) for _ in range(size)]
        return Batch(*(np.stack(column) for column in zip(*windows, strict=True)))

    def window(self, random: Random) -> tuple[Audio, Audio, Audio, Audio]:
        """One window: its sound, targets, weights and groups, as in `Batch`."""
        lesson, audio = Lesson(), np.zeros(WINDOW, np.float32)
        count = int(random.choice(len(self.settings.counts), p=self.settings.counts))
        stretch = self._stretch(random) if count else Stretch()
        for number in range(count):
            sound = self.sound(self._pool(random), random, attack=stretch.attack)
            heard = stretch.placed(sound.audio) * db(random.uniform(*self.settings.balance_db) if number else 0.0)
            audio += heard
            if _loudest(heard) > 10 ** (AUDIBLE_DB / 10):
                lesson.hears(sound.truth)
            else:
                lesson.ignores(sound.truth)
        if count and random.random() < self.settings.bleed_share:
            audio += self._bleed(stretch, lesson, random)
        return self._finished(audio, random), lesson.target, lesson.weight, lesson.any_of

    def sound(self, pool: Pool, random: Random, *, attack: bool = False) -> Sound:
        """One second of a label at an RMS of 1 over the frames that sound; with `attack` it begins with one."""
        clip = pool.draw(random)
        if clip.playing:
            audio = self.cutter.playing(clip, random, attack=attack)
        else:
            audio = self.cutter.notes(clip, pool.by_source[clip.source], random, attack=attack)
        taught = pool.truths[clip]
        if clip.label == CLEAN and random.random() < self.settings.amplified_share:
            audio, taught = self.amplifier(audio, random), truth_of(replace(clip, label=DISTORTED))
        audio = _window_of(self.effects(_peaking(audio, EFFECTS_PEAK), random))
        if random.random() < self.settings.colour_share:
            audio = self.rooms.colour(audio, random)
        return Sound(normalised(audio), taught)

    def _pool(self, random: Random) -> Pool:
        return self.pools[int(random.choice(len(self.pools), p=self.chances))]

    def _stretch(self, random: Random) -> Stretch:
        """Mostly the whole window; else a late beginning or an early end."""
        kind, kept = random.random(), int(random.uniform(*self.settings.heard_s) * SAMPLE_RATE)
        if kind < self.settings.late_share:
            return Stretch(start=WINDOW - kept, attack=bool(random.random() < self.settings.attack_share))
        if kind < self.settings.late_share + self.settings.early_end_share:
            return Stretch(stop=kept)
        return Stretch()

    def _bleed(self, stretch: Stretch, lesson: Lesson, random: Random) -> Audio:
        """A sound from another input, as it comes through the room."""
        sound = self.sound(self._pool(random), random)
        level_db = random.uniform(*self.settings.bleed_db)
        if level_db > self.settings.bleed_unknown_db:
            lesson.ignores(sound.truth)
        return stretch._replace(attack=False).placed(self.rooms.colour(sound.audio, random)) * db(level_db)

    def _finished(self, audio: Audio, random: Random) -> Audio:
        """Level, noise and, rarely, clipping and a codec; within [-1, 1]."""
        settings, sounding = self.settings, bool(audio.any())
        level_db = random.triangular(*settings.level_dbfs)
        audio = _at_level(audio, level_db) if sounding else self._nothing(random)
        if random.random() < settings.noise_share:
            below_db = random.uniform(*settings.noise_below_db)
            audio += self._noise(random) * db(level_db - below_db if sounding else random.uniform(-75, -25))
        if random.random() < settings.clip_share:
            audio *= db(random.uniform(*settings.clip_db))
        audio = np.clip(audio, -1, 1)
        return coded(audio, random) if random.random() < settings.codec_share else audio

    def _nothing(self, random: Random) -> Audio:
        if not self.noises or random.random() < 0.4:
            return np.zeros(WINDOW, np.float32)
        clip = self.noises[int(random.integers(len(self.noises)))]
        return normalised(self.cutter.playing(clip, random)) * db(random.uniform(-50, -10))

    def _noise(self, random: Random) -> Audio:
        """Hiss of a random colour at an RMS of 1, now and then with hum."""
        start = int(random.integers(self.hiss.shape[1] - WINDOW))
        noise = self.hiss[int(random.integers(len(self.hiss))), start : start + WINDOW]
        if random.random() < self.settings.hum_share:
            noise = noise * db(-random.uniform(0, 30)) + hum(random)
        return noise


def _at_level(audio: Audio, level_dbfs: float) -> Audio:
    """`audio` at that RMS where it sounds, or as near to it as its peaks allow."""
    scaled = normalised(audio) * db(level_dbfs)
    return scaled / max(np.float32(1), np.abs(scaled).max())


def _loudest(audio: Audio) -> float:
    """Power of the loudest tenth of a second."""
    return float(np.square(audio.reshape(-1, FRAME)).mean(1).max())


def _peaking(audio: Audio, peak: float) -> Audio:
    return audio * np.float32(peak / max(1e-9, float(np.abs(audio).max())))


def _window_of(audio: Audio) -> Audio:
    return np.pad(audio[:WINDOW], (0, max(0, WINDOW - len(audio))))
