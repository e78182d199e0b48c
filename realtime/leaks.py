"""How loud every input leaks into every other one, learned in bands while they play.

Over half a minute in which input j played, the power of input i was never further below that of j than the leak alone:
the lowest ratio is the leak (minimum statistics: R. Martin, "Noise power spectral density estimation based on optimal
smoothing and minimum statistics", IEEE Trans. Speech and Audio Processing, 2001, with another input in the place of
the noise). What plays on its own falls below any such bound in its rests, so that the leaks between independent players
come out as nothing. A leak is at most -6 dB, for a sound belongs to the input where it is loudest, and it changes
little from one band to the next. Delays of up to 30 ms and the room's first echoes are held.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .band_power import BANDS

MOST: Final = 10**-0.6
"""The most that leaks, and what is assumed of a band before it has told anything."""
UNHEARD: Final = 10.0
"""A ratio of powers that stands for one that was not yet seen."""
STEEPNESS: Final = 10**0.1
"""The most by which a leak grows from one band to the next."""
HOLD: Final = 2
"""Frames for which a source's power is held, since its leak comes later."""
SMOOTH: Final = 3
"""Frames over which powers are averaged before they are compared."""
EVERY: Final = 3
"""Every third of the averaged frames is compared; those between tell the same."""
MEMORY_S: Final = 30.0
"""A leak is the lowest ratio of this long, at most twice as long, in which the source played."""
ACTIVE: Final = 10**-2.5
"""A source tells of its leaks in frames within 25 dB of its loudest in that band."""
FADE_DB_PER_S: Final = 0.05
KNOWN_S: Final = 0.5
"""After this long a source's leaks are known: before, they are mere bounds."""
FAINTEST: Final = 1e-18
"""Below this power a line is dead or muted, and tells nothing of what leaks into it."""

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


class Leaks:
    """Among `inputs` inputs. Powers are those of BandPower, [bands, inputs, frames]."""

    def __init__(self, inputs: int) -> None:
        square = (BANDS, inputs, inputs)
        self._apart = _but_itself(inputs)
        self._lowest = np.full(square, UNHEARD, np.float32)
        self._lowest_before = np.full(square, UNHEARD, np.float32)
        self._heard_s = np.zeros(inputs, np.float32)
        self._known_s = np.zeros(inputs, np.float32)
        self._loudest = np.zeros((BANDS, inputs), np.float32)
        self._past = np.zeros((BANDS, inputs, 0), np.float32)
        self.leak = np.full(square, MOST, np.float32) * self._apart
        """[bands, inputs, sources]: share of a source's power that arrives at an input, 0..MOST."""

    @property
    def known(self) -> Bools:
        """[inputs]: which sources have been heard for long enough."""
        return self._known_s >= KNOWN_S

    def step(self, power: Floats, playing: Bools, hop_s: float) -> Floats:
        """One hop. `power`; `playing` [inputs]: who is over the gate, and may be a source. What may leak: `power` of
        the sources, held for as long as a leak may take to arrive."""
        joined = np.concatenate([self._past, power], 2)
        self._past = joined[:, :, -(SMOOTH + HOLD - 1) :]
        self._learn(joined, playing, hop_s)
        self._known_s += np.where(playing, np.float32(hop_s), 0)
        return _held(joined, power.shape[2]) * playing[:, None]

    def arriving(self, sources: Floats) -> Floats:
        """What of `sources`, as `step` gave them, arrives at each input: the powers of several add up, nearly."""
        return np.sqrt(np.matmul(np.square(self.leak), np.square(sources)))

    def together(self, groups: Sequence[Sequence[int]]) -> None:
        """The inputs (from 0) of a group carry one source: nothing leaks among them. Replaces earlier groups."""
        self._apart = _but_itself(len(self._apart))
        for group in groups:
            self._apart[np.ix_(group, group)] = 0

    def restart(self) -> None:
        """Samples were lost: what was learned stays."""
        self._past = self._past[:, :, :0]

    def _learn(self, joined: Floats, playing: Bools, hop_s: float) -> None:
        averages = _averaged(joined)
        compared = averages.shape[2] - HOLD
        if compared < 1:
            return
        self._loudest = np.maximum(self._loudest * 10 ** (-FADE_DB_PER_S * hop_s / 10), averages.max(2))
        here = _highest(averages, compared)[:, :, ::EVERY]
        there = averages[:, :, :compared:EVERY]
        active = (there > ACTIVE * self._loudest[:, :, None]) & (there > FAINTEST) & playing[:, None]
        inverse = np.where(active, 1 / np.maximum(there, FAINTEST), np.inf).astype(np.float32)
        here = np.where(here > FAINTEST, here, np.inf)
        for frame in range(here.shape[2]):  # a product of all frames at once does not fit the cache
            ratio = here[:, :, None, frame] * inverse[:, None, :, frame]
            np.minimum(self._lowest, ratio, out=self._lowest)
        self._forget(playing, hop_s)
        self.leak = _levelled(np.minimum(np.minimum(self._lowest, self._lowest_before), MOST) * self._apart)

    def _forget(self, playing: Bools, hop_s: float) -> None:
        self._heard_s += np.where(playing, np.float32(hop_s), 0)
        for source in np.flatnonzero(self._heard_s >= MEMORY_S):
            self._lowest_before[:, :, source] = self._lowest[:, :, source]
            self._lowest[:, :, source] = UNHEARD
            self._heard_s[source] = 0


def _but_itself(inputs: int) -> Floats:
    return (1 - np.eye(inputs)).astype(np.float32)


def _averaged(power: Floats) -> Floats:
    """Means of SMOOTH neighbouring frames; SMOOTH - 1 fewer frames, or none."""
    frames = max(0, power.shape[2] - SMOOTH + 1)
    total = power[:, :, :frames].copy()
    for later in range(1, SMOOTH):
        total += power[:, :, later : later + frames]
    return total / np.float32(SMOOTH)


def _highest(power: Floats, frames: int) -> Floats:
    """The highest of each frame and the HOLD after it: the first `frames`."""
    highest = power[:, :, :frames]
    for later in range(1, HOLD + 1):
        highest = np.maximum(highest, power[:, :, later : later + frames])
    return highest


def _held(power: Floats, frames: int) -> Floats:
    """The highest of each frame and the HOLD before it: the newest `frames`."""
    missing = max(0, frames + HOLD - power.shape[2])
    padded = np.pad(power, ((0, 0), (0, 0), (missing, 0)))
    return _highest(padded[:, :, -(frames + HOLD) :], frames)


def _levelled(leak: Floats) -> Floats:
    """`leak` [bands, ...] without what single bands say alone: a hollow, or a rise over the bands beside it."""
    around = np.concatenate([leak[:1], leak, leak[-1:]])
    low, high = np.minimum(around[:-2], around[2:]), np.maximum(around[:-2], around[2:])
    leak = np.clip(leak, low, high)  # the middle one of three
    for band in range(1, BANDS):
        np.minimum(leak[band], leak[band - 1] * STEEPNESS, out=leak[band])
    for band in range(BANDS - 2, -1, -1):
        np.minimum(leak[band], leak[band + 1] * STEEPNESS, out=leak[band])
    return leak
