"""Bleed: whose sound an input carries, its own player's or only what leaks in from louder inputs.

From the leaks between the inputs (leaks.py) follows how much of every band's power, frame by frame, is an input's own.
Only that much is let through to the model (unbleed.py); and an input that has next to nothing of its own is explained
by the input whose sound it is: it names nothing. So two players of one instrument on two inputs are both named, as
long as either rests now and then, or one does not play far louder than the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .band_power import BandPower
from .leaks import FAINTEST, Leaks

OVER: Final = 2.5
"""A leak is a lowest ratio; times this it is a good guess, and letting too little through does less harm than too much.
"""
FLOOR: Final = 0.02
"""The least share of a band's power that is let through: a hole sounds like an instrument that does not exist."""
AUDIBLE: Final = 1e-3
"""Frames of a band, and bands, this far below the loudest do not count."""
CELL_SHARE, POWER_SHARE, BAND_SHARE = 0.85, 0.65, 0.25
"""An input is explained if others make up this much of its frames and bands on average, of its power, and of each band.
"""
SLACK: Final = 0.1
"""It stays so while none of the three is lower by more than this."""
LINGER_S: Final = 1.0
"""An input that had a sound of its own is not explained before it has been without one for this long."""
RETURN_S: Final = 0.2
"""An explained input has a sound of its own after this long."""

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Explained:
    """What one hop tells of every input.

    `by` [inputs]: which input, from 0, explains most of this one's sound; -1 where it has a sound of its own, or none.
    `power` [bands, inputs, frames]: mean squares. `own`, likewise: how much of it is the input's own, FLOOR..1.
    `returned` [inputs]: had been explained, and has a sound of its own since this hop.
    """

    by: NDArray[np.int64]
    power: Floats
    own: Floats
    returned: Bools


class Bleed:
    """Watches `inputs` inputs whose sound has `rate` Hz; one `step` a hop.

    `centres_hz` [bands]: the bands of `Explained.own`.
    """

    def __init__(self, inputs: int, rate: int) -> None:
        self._rate = rate
        self._power = BandPower(rate)
        self.centres_hz = self._power.centres_hz
        self._leaks = Leaks(inputs)
        self._explained = np.zeros(inputs, np.bool_)
        self._fresh = np.ones(inputs, np.bool_)  # no sound of its own since it was silent
        self._against_s = np.zeros(inputs)

    def step(self, sound: Floats, sounds: Bools) -> Explained:
        """`sound` [inputs, n]: the newest hop, n at least 1. `sounds` [inputs]: which inputs are over their gate."""
        hop_s = sound.shape[1] / self._rate
        known = self._leaks.known
        power = self._power(sound)
        sources = self._leaks.step(power, sounds, hop_s)
        share = np.minimum(OVER * self._leaks.arriving(sources) / (power + FAINTEST), 1)
        enough, nearly = _mostly_others(power, share)
        by = np.full(len(sounds), -1, np.int64)
        if (nearly & sounds).any():
            by = self._strongest(power, sources * known[:, None])
        before = self._explained
        self._decide(enough & (by >= 0), nearly & (by >= 0), sounds, hop_s)
        returned = before & ~self._explained & sounds
        return Explained(np.where(self._explained, by, -1), power, np.maximum(1 - share, FLOOR), returned)

    def together(self, groups: Sequence[Sequence[int]]) -> None:
        """The inputs (from 0) of a group carry one source and do not explain each other. Replaces earlier groups."""
        self._leaks.together(groups)

    def restart(self) -> None:
        """Samples were lost, or hops skipped: what was learned of the leaks stays."""
        self._leaks.restart()

    def _strongest(self, power: Floats, sources: Floats) -> NDArray[np.int64]:
        """[inputs]: which source gives each input most, in bands that count alike; -1 where none gives anything."""
        total = power.sum(2) + FAINTEST
        given = (self._leaks.leak * (sources.sum(2)[:, None, :] / total[:, :, None])).sum(0)
        return np.where(given.max(1) > 0, given.argmax(1), -1)

    def _decide(self, enough: Bools, nearly: Bools, sounds: Bools, hop_s: float) -> None:
        """Inputs that sound change sides when what speaks against their side has lasted."""
        self._fresh |= ~sounds
        self._explained &= sounds
        against = np.where(self._explained, ~nearly, enough)
        self._against_s = np.where(against & sounds, self._against_s + hop_s, 0)
        lasting_s = np.where(self._explained, RETURN_S, np.where(self._fresh, 0, LINGER_S))
        turns = against & sounds & (self._against_s >= lasting_s - hop_s / 1000)
        self._explained ^= turns
        self._fresh &= self._explained | ~sounds
        self._against_s[turns] = 0


def _mostly_others(power: Floats, share: Floats) -> tuple[Bools, Bools]:
    """[inputs], twice: whether others' `share` of `power` is enough to explain an input, and whether it nearly is."""
    others = power * share
    loudest = power.max((0, 2))
    heard = power > AUDIBLE * loudest[:, None]
    cells = (share * heard).sum((0, 2)) / np.maximum(heard.sum((0, 2)), 1)
    band_power, band_others = power.sum(2), others.sum(2)
    total = band_power.sum(0)
    powers = band_others.sum(0) / (total + FAINTEST)
    quiet = band_power <= AUDIBLE * band_power.max(0)
    bands = np.where(quiet, 1, band_others / (band_power + FAINTEST)).min(0)
    lacking = np.maximum.reduce([CELL_SHARE - cells, POWER_SHARE - powers, BAND_SHARE - bands])
    return (lacking <= 0) & (total > FAINTEST), (lacking <= SLACK) & (total > FAINTEST)
