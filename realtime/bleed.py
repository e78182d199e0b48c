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
NEGLIGIBLE: Final = 0.15
"""Where others make up less of an input than this, on average, all of it is let through."""
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
        made_up = MadeUp.of(power, share)
        newest = self._newest.step(made_up, sounds, hop_s)
        longer = self._longer.step(made_up, sounds, hop_s)
        by = np.full(len(sounds), -1, np.int64)
        if (sounds & (newest <= SLACK)).any():
            by = self._strongest(power, sources * known[:, None])
        before = self._explained
        self._decide(np.where(by >= 0, newest, 1), np.where(by >= 0, longer, 1), sounds, hop_s)
        own = np.maximum(1 - share, FLOOR)
        own[:, ~sounds | (made_up.of_cells() < NEGLIGIBLE)] = 1
        returned = before & ~self._explained & sounds
        return Explained(np.where(self._explained, by, -1), power, own, returned)

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


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Sums over the frames of a stretch of sound. `power`, `others` [bands, inputs]: of all sound, and of what others
    made up. `cells`, `others_cells` [inputs]: how many frames of bands could be heard, and how many others made up."""

    power: Floats
    others: Floats
    cells: Floats
    others_cells: Floats

    @staticmethod
    def of(power: Floats, share: Floats) -> "MadeUp":
        """`power`, and the `share` of it that others make up: [bands, inputs, frames]."""
        heard = power > AUDIBLE * power.max((0, 2))[:, None]
        cells = heard.sum((0, 2), dtype=np.float32)
        return MadeUp(power.sum(2), (power * share).sum(2), cells, (share * heard).sum((0, 2)))

    def after(self, earlier: "MadeUp", keep: Floats) -> "MadeUp":
        """Both, of the earlier as much as `keep` [inputs]."""
        return MadeUp(
            earlier.power * keep + self.power,
            earlier.others * keep + self.others,
            earlier.cells * keep + self.cells,
            earlier.others_cells * keep + self.others_cells,
        )

    def of_cells(self) -> Floats:
        """[inputs]: how much others made up on average, 0..1."""
        return np.divide(self.others_cells, np.maximum(self.cells, 1), dtype=np.float32)

    def lacks(self) -> Floats:
        """By how much others lack of explaining each input, [inputs]: 0 or less where it is enough."""
        of_bands = self.others / (self.power + FAINTEST)
        of_bands[self.power <= AUDIBLE * self.power.max(0)] = 1
        of_band = np.partition(of_bands, ODD_BANDS, axis=0)[ODD_BANDS]
        of_power = self.others.sum(0) / (self.power.sum(0) + FAINTEST)
        return np.maximum.reduce([CELL_SHARE - self.of_cells(), POWER_SHARE - of_power, BAND_SHARE - of_band])


class Shares:
    """How much of each input others make up; what is older than `memory_s` counts for less than a third."""

    def __init__(self, inputs: int, memory_s: float) -> None:
        self._memory_s = memory_s
        bands, each = np.zeros((BANDS, inputs), np.float32), np.zeros(inputs, np.float32)
        self._sums = MadeUp(bands, bands, each, each)

    def step(self, newest: MadeUp, sounds: Bools, hop_s: float) -> Floats:
        """By how much others lack of explaining each input, [inputs]; begun anew where an input is silent."""
        self._sums = newest.after(self._sums, sounds * np.float32(np.exp(-hop_s / self._memory_s)))
        return self._sums.lacks()
