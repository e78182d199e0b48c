"""One second of a clip, as it is or as it begins; notes are strung to little phrases."""

import numpy as np

from ..corpus.decoded import FRAME, SAMPLE_RATE, SILENCE_DBFS, Clip, Corpus
from .acoustics import WINDOW, Audio, db
from .settings import MixSettings

ACTIVE_DB = 35.0
"""A window is drawn from a place at most this far below the clip's loudest frame."""
RISE_DB = 10.0
"""A frame this much louder than the one before it holds an attack."""
ATTACK_BLOCK = 240
"""Samples of the blocks in which the attack is looked for: 5 ms."""
ATTACK_S = 0.3
"""The attack lies within this time of the frame before the one that rose."""
ATTACK_DB = 20.0
"""A sound begins with the first block at most this far below the loudest of that time."""
NOTES = (1, 2, 3, 4, 5)
NOTE_SHARES = (0.3, 0.2, 0.2, 0.2, 0.1)

Random = np.random.Generator


class Cutter:
    """Cuts windows `[48000]` from the clips of a corpus at their own level; `attack` begins them with an attack."""

    def __init__(self, corpus: Corpus, settings: MixSettings) -> None:
        self.corpus = corpus
        self.settings = settings

    def playing(self, clip: Clip, random: Random, *, attack: bool = False) -> Audio:
        """A second from where a clip of continuous sound sounds, now and then a little faster or slower."""
        faster = random.random() < self.settings.speed_share
        ratio = float(random.uniform(*self.settings.speed)) if faster else 1.0
        lead = int(ATTACK_S * SAMPLE_RATE) if attack else 0
        need = int((WINDOW + lead) * ratio) + 2
        start = self._attack(clip, random) if attack else self._active(clip, random)
        start = max(0, min(start, clip.length - (FRAME if attack else need)))
        audio = self._samples(clip, start, need)
        if attack:
            audio = from_attack(audio)
        elif len(audio) < need:
            return np.resize(audio, WINDOW) if self.settings.looped else _placed(audio, random)
        if ratio != 1.0:
            places = np.arange(min(WINDOW, int(len(audio) / ratio))) * ratio
            audio = np.interp(places, np.arange(len(audio)), audio).astype(np.float32)
        return np.pad(audio[:WINDOW], (0, max(0, WINDOW - len(audio))))

    def notes(self, first: Clip, others: list[Clip], random: Random, *, attack: bool = False) -> Audio:
        """One to five notes of one source, strung or stacked: `first` and some of `others`."""
        count = int(random.choice(NOTES, p=NOTE_SHARES))
        notes = [first, *(others[int(i)] for i in random.integers(len(others), size=count - 1))]
        onset = 0 if attack else int(random.integers(-WINDOW // 2, WINDOW // 2))
        step = int(random.uniform(0.08, 0.45) * SAMPLE_RATE)
        out = np.zeros(WINDOW, np.float32)
        for note in notes:
            begin, skip = max(0, onset), max(0, -onset)
            piece = self._samples(note, skip, WINDOW - begin)
            if attack and not onset:
                piece = from_attack(piece)
            out[begin : begin + len(piece)] += piece * db(random.uniform(-6, 0))
            if random.random() < 0.7:
                onset = onset + step
            if onset >= WINDOW:
                break
        return out

    def _samples(self, clip: Clip, start: int, count: int) -> Audio:
        """At most `count` samples of the clip from its sample `start`; fewer, or none, at its end."""
        raw = self.corpus.samples[clip.start + start : clip.start + min(clip.length, start + count)]
        return raw.astype(np.float32) * np.float32(1 / 32768)

    def _active(self, clip: Clip, random: Random) -> int:
        """A start from which a window hears a place that sounds."""
        active = self._frames(clip)
        return int(random.choice(active)) * FRAME + int(random.integers(FRAME)) - int(random.integers(WINDOW // 2))

    def _attack(self, clip: Clip, random: Random) -> int:
        """Start of the frame before one that rises; where none does, of a frame that sounds."""
        levels, active = self.corpus.levels(clip), self._frames(clip)
        risen = active[np.diff(levels, prepend=np.float32(SILENCE_DBFS))[active] >= RISE_DB]
        return (int(random.choice(risen)) - 1) * FRAME if len(risen) else int(random.choice(active)) * FRAME

    def _frames(self, clip: Clip) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        levels = self.corpus.levels(clip)
        return np.flatnonzero(levels > levels.max() - ACTIVE_DB)


def from_attack(audio: Audio) -> Audio:
    """`audio` `[samples]` without what comes before its attack; all of it where it is shorter than one block."""
    reach = min(len(audio), int(ATTACK_S * SAMPLE_RATE)) // ATTACK_BLOCK * ATTACK_BLOCK
    if not reach:
        return audio
    power = np.square(audio[:reach].reshape(-1, ATTACK_BLOCK)).mean(1)
    first = int(np.argmax(power >= power.max() * 10 ** (-ATTACK_DB / 10)))
    return audio[first * ATTACK_BLOCK :]


def _placed(audio: Audio, random: Random) -> Audio:
    """A short sound somewhere in a second."""
    audio = audio[:WINDOW]
    out = np.zeros(WINDOW, np.float32)
    start = int(random.integers(WINDOW - len(audio) + 1))
    out[start : start + len(audio)] = audio
    return out
