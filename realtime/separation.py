"""Which inputs have a sound of their own, and that sound: the level gate, the bleed between inputs, and groups.

Between the windows and the model: what is silent, or only another input's sound, is not judged at all, and of the rest
the model hears what is the input's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .bleed import Bleed
from .config import SmoothingConfig
from .gate import Gate, Gating
from .groups import Groups
from .unbleed import Unbleed
from .windows import Hop

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Separated:
    """What one hop tells of every input.

    `gating`: levels and edges of sound; a sound that was another's and is the input's own again has just risen.
    `own` [inputs]: who has a sound of their own. `bleed_of` [inputs]: whose sound it is else, -1 for none.
    """

    gating: Gating
    own: Bools
    bleed_of: NDArray[np.int64]


class Separation:
    """Watches `inputs` inputs of `rate` Hz; the model's windows have `window` samples at `model_rate`, every `hop`."""

    def __init__(self, inputs: int, rate: int, options: SmoothingConfig, model_rate: int, window: int, hop: int):
        self._rate = rate
        self._gate = Gate(inputs, rate, options)
        self._bleed = Bleed(inputs, rate)
        self._unbleed = Unbleed(model_rate, window, hop, self._bleed.centres_hz)
        self._groups = Groups(inputs)
        self._alone = inputs == 1 or not options.bleed
        self._returned = np.full(inputs, -1, np.int64)

    @property
    def proposed(self) -> tuple[tuple[int, ...], ...]:
        """Groups of inputs (from 0) that carry one source."""
        return self._groups.proposed

    def together(self, groups: Sequence[Sequence[int]]) -> None:
        """The inputs (from 0) of a group carry one source and do not explain each other. Replaces earlier groups."""
        self._bleed.together(groups)

    def step(self, hop: Hop) -> Separated:
        """One hop; its windows lose what is not their own."""
        gating = self._gate.step(hop.block, hop.start_sample)
        if self._alone:
            return Separated(gating, gating.sounds, np.full(len(gating.sounds), -1, np.int64))
        explained = self._bleed.step(hop.block, gating.sounds)
        self._unbleed.step(hop.window, explained.own, gating.sounds)
        self._groups.step(explained.power, explained.by, gating.sounds, hop.block.shape[1] / self._rate)
        self._returned[explained.returned] = hop.start_sample
        rise = np.maximum(gating.rise_sample, self._returned)
        risen = Gating(gating.sounds, gating.level_dbfs, rise, gating.fall_sample)
        return Separated(risen, gating.sounds & (explained.by < 0), explained.by)

    def restart(self) -> None:
        """Samples were lost, or hops skipped."""
        self._gate.restart()
        self._bleed.restart()
        self._unbleed.restart()
        self._groups.restart()
