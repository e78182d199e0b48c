"""Whose label it is: what inputs that take each other's bleed are both named.

A sound that bleeds is heard better where it comes from. Two players of one instrument tell nearly the same on both.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

import numpy as np

from .evidence import Floats
from .stretches import Stretch

CLAIMED: Final = 2.0
"""Log-odds that a label can lose at most."""


def claims(stretches: Sequence[Stretch], evidence: Floats, first: Sequence[int]) -> Floats:
    """Log-odds [stretches, labels] that labels lose because they are heard better where the bleed comes from.

    `first` [stretches]: the column of each stretch's best name, -1 for none. A label that names a source of bleed loses
    by how much surer the source is of it, CLAIMED at most, times the share of the stretch in which it sounds there: two
    players of one instrument tell nearly the same, bleed tells less.
    """
    lost = np.zeros(evidence.shape)
    own: dict[int, list[int]] = {}
    for index, stretch in enumerate(stretches):
        own.setdefault(stretch.channel, []).append(index)
    for index, stretch in enumerate(stretches):
        for source in np.flatnonzero(stretch.sources).tolist():
            here = np.zeros(evidence.shape[1])
            for other in _during(stretch, stretches, own.get(source, [])):
                label = first[other]
                if label >= 0:
                    lead = np.clip(evidence[other, label] - evidence[index, label], 0, CLAIMED)
                    here[label] += lead * _overlap(stretch, stretches[other])
            lost[index] = np.maximum(lost[index], here)
    return lost


def _during(stretch: Stretch, stretches: Sequence[Stretch], others: Sequence[int]) -> Sequence[int]:
    """Those of `others`, the indices of one input's stretches in order, that sound while `stretch` does."""
    begin = bisect_right(others, stretch.begin, key=lambda index: stretches[index].end)
    end = bisect_left(others, stretch.end, key=lambda index: stretches[index].begin)
    return others[begin:end]


def _overlap(stretch: Stretch, other: Stretch) -> float:
    """The share of a stretch in which the other one sounds, too."""
    return (min(stretch.end, other.end) - max(stretch.begin, other.begin)) / max(1, stretch.end - stretch.begin)
