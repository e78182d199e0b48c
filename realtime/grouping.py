"""Which inputs are told as one: groups of the configuration, and those that are proposed and accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from .errors import UsageError
from .smoother import Reading

Group = tuple[int, ...]


class Grouping:
    """The groups of a session with `inputs` inputs; a group lists its inputs from 1, the first of which speaks for it.

    Raises UsageError for a group of the configuration that names an input which is not there.
    """

    def __init__(self, inputs: int, groups: Iterable[Group] = ()):
        self.groups: tuple[Group, ...] = tuple(groups)
        self._proposed: tuple[Group, ...] = ()
        self._open: list[Group] = []
        for group in self.groups:
            if max(group) > inputs:
                raise UsageError(f"there is no input {max(group)} to group: the source has {inputs}")

    def propose(self, found: Sequence[Group]) -> list[Group]:
        """What is news in `found`: groups of inputs (from 1) of which none is in a group yet. Each is told once."""
        if found == self._proposed:
            return []
        new = [group for group in found if group not in self._proposed and self._free(group)]
        self._proposed = tuple(found)
        self._open = [group for group in self._open if self._free(group)] + new
        return new

    def accept(self) -> Group | None:
        """The group that was proposed last is one from now on; None where there is none."""
        while self._open:
            group = self._open.pop()
            if self._free(group):
                self.groups = (*self.groups, group)
                return group
        return None

    def undo(self) -> Group | None:
        """The group that was made last is none any more; None where there is none."""
        if not self.groups:
            return None
        *left, group = self.groups
        self.groups = tuple(left)
        return group

    def merged(self, reading: Reading) -> Reading:
        """`reading` in which the first input of each group tells what all of them hear, and the others nothing."""
        if not self.groups:
            return reading
        odds, judged = reading.odds.copy(), reading.judged.copy()
        level, rise, fall = reading.level_dbfs.copy(), reading.rise_sample.copy(), reading.fall_sample.copy()
        for group in self.groups:
            rows = np.array(group) - 1
            heard = rows[reading.judged[rows]]
            judged[rows] = False
            fall[rows[0]] = reading.fall_sample[rows].max()
            if len(heard):
                first = rows[0]
                judged[first] = True
                odds[first] = reading.odds[heard].mean(0)
                level[first] = reading.level_dbfs[heard].max()
                rise[first] = reading.rise_sample[heard].min()
        return replace(reading, odds=odds, judged=judged, level_dbfs=level, rise_sample=rise, fall_sample=fall)

    def _free(self, group: Group) -> bool:
        return not any(channel in one for one in self.groups for channel in group)
