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

from .band_power import BANDS, BandPower
from .leaks import FAINTEST, Leaks

OVER: Final = 2.5
"""A leak is a lowest ratio; times this it is a good guess, and letting too little through does less harm than too much.
"""
FLOOR: Final = 0.02
"""The least share of a band's power that is let through: a hole sounds like an instrument that does not exist."""
AUDIBLE: Final = 1e-3
"""Frames of a band, and bands, this far below the loudest do not count."""
CELL_SHARE, POWER_SHARE, BAND_SHARE = 0.9, 0.8, 0.8
"""An input is explained if others make up this much of its frames and bands on average, of its power, and of all bands
but ODD_BANDS."""
ODD_BANDS: Final = 2
AT_ONCE_S: Final = 0.1
LONG_S: Final = 1.0
"""The shares are taken over the newest hop, or little more where hops are short, for an input that was silent before;
over this long for one that had a sound of its own."""
SLACK: Final = 0.2
"""An explained input has a sound of its own again when one of the newest shares is lower by more than this."""
RETURN_S: Final = 0.2
"""And when that has lasted this long."""

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
        self._newest = Shares(inputs, AT_ONCE_S)
        self._longer = Shares(inputs, LONG_S)
        self._explained = np.zeros(inputs, np.bool_)
        self._fresh = np.ones(inputs, np.bool_)  # has had no sound of its own since it was silent
        self._own_s = np.zeros(inputs)

    def step(self, sound: Floats, sounds: Bools) -> Explained:
        """`sound` [inputs, n]: the newest hop, n at least 1. `sounds` [inputs]: which inputs are over their gate."""
        hop_s = sound.shape[1] / self._rate
        known = self._leaks.known
        power = self._power(sound)
        sources = self._leaks.step(power, sounds, hop_s)
        share = np.minimum(OVER * self._leaks.arriving(sources) / (power + FAINTEST), 1)
        newest = self._newest.step(power, share, sounds, hop_s)
        longer = self._longer.step(power, share, sounds, hop_s)
        by = self._strongest(power, sources * known[:, None])
        before = self._explained
        self._decide(np.where(by >= 0, newest, 1), np.where(by >= 0, longer, 1), sounds, hop_s)
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

    def _decide(self, newest: Floats, longer: Floats, sounds: Bools, hop_s: float) -> None:
        """`newest`, `longer` [inputs]: by how much others lack of explaining each input."""
        self._own_s = np.where(sounds & (newest > SLACK), self._own_s + hop_s, 0)
        own = self._own_s >= RETURN_S
        self._fresh = ~sounds | (self._fresh & ~own)
        begins = (newest <= 0) & (self._fresh | (longer <= 0))
        self._explained = sounds & ~own & (self._explained | begins)


class Shares:
    """How much of each input others make up; what is older than `memory_s` counts for less than a third."""

    def __init__(self, inputs: int, memory_s: float) -> None:
        self._memory_s = memory_s
        self._power = np.zeros((BANDS, inputs), np.float32)
        self._others = np.zeros((BANDS, inputs), np.float32)
        self._cells = np.zeros((2, inputs), np.float32)

    def step(self, power: Floats, share: Floats, sounds: Bools, hop_s: float) -> NDArray[np.float32]:
        """By how much the `share` of `power` [bands, inputs, frames] lacks of explaining an input: [inputs], 0 or less
        where it is enough."""
        heard = power > AUDIBLE * power.max((0, 2))[:, None]
        keep = sounds * np.float32(np.exp(-hop_s / self._memory_s))
        self._cells = self._cells * keep + np.stack([(share * heard).sum((0, 2)), heard.sum((0, 2))])
        self._power = self._power * keep + power.sum(2)
        self._others = self._others * keep + (power * share).sum(2)
        of_bands = self._others / (self._power + FAINTEST)
        of_bands[self._power <= AUDIBLE * self._power.max(0)] = 1
        of_power = self._others.sum(0) / (self._power.sum(0) + FAINTEST)
        of_cells = self._cells[0] / np.maximum(self._cells[1], 1)
        of_band = np.partition(of_bands, ODD_BANDS, axis=0)[ODD_BANDS]
        return np.maximum.reduce([CELL_SHARE - of_cells, POWER_SHARE - of_power, BAND_SHARE - of_band])
