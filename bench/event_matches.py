"""Times that are matched to true times one to one, within a tolerance, after mir_eval's conventions for onsets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TOLERANCE_S: Final = 0.5
"""A time this far from the true one still counts."""


@dataclass(frozen=True, slots=True)
class Hits:
    """How many there are in truth, how many were told, and how many of both belong together."""

    true: int = 0
    told: int = 0
    matched: int = 0

    def __add__(self, other: "Hits") -> "Hits":
        return Hits(self.true + other.true, self.told + other.told, self.matched + other.matched)

    @property
    def f_measure(self) -> float | None:
        """The harmonic mean of precision and recall, 0..1; None where there is nothing in truth and nothing told."""
        both = self.true + self.told
        return 2 * self.matched / both if both else None


def found(true_s: Sequence[float], told_s: Sequence[float], tolerance_s: float = TOLERANCE_S) -> Hits:
    """The most pairs of a true and a told time that can be made, each time in one pair at most.

    On a line, with one tolerance for all, pairing the earliest that fit gives the most.
    """
    true, told = sorted(true_s), sorted(told_s)
    matched = place = 0
    for time_s in told:
        while place < len(true) and true[place] < time_s - tolerance_s:
            place += 1
        if place < len(true) and true[place] <= time_s + tolerance_s:
            matched += 1
            place += 1
    return Hits(len(true), len(told), matched)
