"""What is told only to those who ask for it: levels, scores, and whose bleed an input carries."""

from collections.abc import Callable, Collection, Mapping

import numpy as np

from .events import Draft
from .separation import Separated
from .windows import Hop


class Requested:
    """For `inputs` inputs. `levels` gives the last hop's, `value` an input's evidence by label."""

    def __init__(
        self,
        inputs: int,
        levels: Callable[[], Mapping[str, list[float]]],
        value: Callable[[int], Mapping[str, float]],
    ):
        self._levels = levels
        self._value = value
        self._bleed_told = np.full(inputs, -1, np.int64)

    def step(self, wanted: Collection[str], hop: Hop, separated: Separated) -> list[Draft]:
        """The drafts of one hop for the kinds that are `wanted`; of bleed only what is news."""
        drafts: list[Draft] = []
        at = (hop.start_sample, hop.decided_sample)
        if "levels" in wanted:
            drafts.append(Draft("levels", *at, fields={"levels": self._levels()}))
        if "scores" in wanted:
            for channel in np.flatnonzero(separated.own).tolist():
                scores = {label: round(value, 3) for label, value in self._value(channel).items()}
                drafts.append(Draft("scores", *at, channel + 1, {"scores": scores}))
        if "bleed" in wanted:
            for channel in np.flatnonzero(separated.bleed_of != self._bleed_told).tolist():
                source = int(separated.bleed_of[channel])
                drafts.append(Draft("bleed", *at, channel + 1, {"bleed_of": source + 1 if source >= 0 else None}))
            self._bleed_told = separated.bleed_of
        return drafts
