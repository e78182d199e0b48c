"""What should be named on every input by now: labels decided against each other, and on the strength of what is known.

Independent thresholds leave stretches unnamed or give them two names, so labels are decided relatively:

- The best label needs only a low floor; another family's label must be much surer, a sibling surer still.
- Speech silences singers that are less sure than itself.
- Faint sounds are mostly noise and bleed: the floors are higher below `faint_dbfs`.
- What is expected is added to the evidence when labels are ranked. It never lifts a second label, and never a label of
  which the sound itself tells next to nothing.
- If no label reaches its floor but a family as a whole does, the family is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..model.labels import FAMILIES, SPEECH, UNCERTAIN, family_of
from .config import SmoothingConfig
from .evidence import Bools, Floats, odds_of, probability

LEAST_HEARD: Final = odds_of(0.12)
"""Below this the sound itself says no: expecting a label cannot name it."""
NEVER: Final = -np.inf


class Columns:
    """The names that may be given, as columns of arrays: the model's labels, the families, and `uncertain`."""

    def __init__(self, labels: Sequence[str]):
        self.names = (*labels, *FAMILIES, UNCERTAIN)
        self.labels = len(labels)
        self.family = tuple(family_of(name) for name in self.names)
        self.index = {name: column for column, name in enumerate(self.names)}
        self.uncertain = self.index[UNCERTAIN]

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a decision is made from, for some inputs.

    `evidence`, `prior`, `today` [rows, labels]: log-odds; `allowed` [rows, labels]; `loudest_dbfs` [rows] of the
    stretch; `named` [rows, columns]: what is on.
    """

    evidence: Floats
    prior: Floats
    today: Floats
    allowed: Bools
    loudest_dbfs: Floats
    named: Bools


class Decision:
    """Decides by the floors of `options`; `floors` raises or lowers them for single labels, `told` may be named."""

    def __init__(
        self, columns: Columns, options: SmoothingConfig, floors: Mapping[str, float], told: Sequence[str] = ()
    ):
        labels = columns.names[: columns.labels]
        self._columns = columns
        self._options = options
        self._hysteresis = odds_of(options.best_on) - odds_of(options.off)
        self._off = odds_of(options.off)
        self._best = np.array([odds_of(floors.get(label, options.best_on)) for label in labels])
        self._other = np.array([odds_of(max(options.other_on, floors.get(label, 0.0))) for label in labels])
        self._sibling = np.array([odds_of(max(options.sibling_on, floors.get(label, 0.0))) for label in labels])
        self._told = np.array([not told or name in told for name in columns.names])
        self._voices = np.array([family_of(label) == "voice" and label != SPEECH for label in labels])
        self._speech = columns.index.get(SPEECH)
        self._members = np.array([[family_of(x) == family and x != SPEECH for family in FAMILIES] for x in labels])

    def wanted(self, hearing: Hearing) -> tuple[Bools, Floats]:
        """What should be on [rows, columns], and how sure that is [rows, columns], 0..1."""
        rows, labels = len(hearing.evidence), self._columns.labels
        named = hearing.named[:, :labels]
        faint = self.faint(hearing.loudest_dbfs)[:, None]
        value = hearing.evidence + hearing.prior + hearing.today
        candidates = self._candidates(hearing, value)
        rank = np.where(
            candidates & (value >= self._floor(self._best + self._raised(faint), named)),
            value + np.where(named, self._options.keep_lead, 0),
            NEVER,
        )
        best = rank.argmax(1)
        found = rank[np.arange(rows), best] > NEVER
        wanted = np.zeros((rows, len(self._columns)), np.bool_)
        wanted[np.flatnonzero(found), best[found]] = True
        alone = hearing.evidence + np.minimum(hearing.prior, 0)
        self._add_others(wanted, found, candidates, alone, faint, named)
        sure = np.zeros(wanted.shape)
        sure[:, :labels] = probability(np.where(wanted[:, :labels], np.maximum(value, alone), NEVER))
        self._add_families(wanted, sure, ~found, np.where(candidates, value - faint, NEVER))
        return wanted, sure

    def faint(self, loudest_dbfs: Floats) -> Floats:
        """Log-odds by which a stretch must be surer for being faint, of the same shape."""
        return np.where(loudest_dbfs < self._options.faint_dbfs, self._options.faint_lead, 0)

    def _candidates(self, hearing: Hearing, value: Floats) -> Bools:
        """Labels that may be named at all [rows, labels]."""
        may = hearing.allowed & self._told[: self._columns.labels] & (hearing.evidence >= LEAST_HEARD)
        if self._speech is not None:
            may &= ~(self._voices & (value < value[:, self._speech, None]))
        return may

    def _raised(self, faint: Floats) -> Floats:
        """Speech is named however faint: it only keeps singers from being named."""
        raised = np.repeat(faint, self._columns.labels, axis=1)
        if self._speech is not None:
            raised[:, self._speech] = 0
        return raised

    def _floor(self, floor: Floats, named: Bools) -> Floats:
        """Floors [rows, labels]: lower for what is on, though not under `off`."""
        kept = np.minimum(floor, np.maximum(self._off, floor - self._hysteresis))
        return np.where(named, kept, floor)

    def _add_others(
        self, wanted: Bools, found: Bools, candidates: Bools, alone: Floats, faint: Floats, named: Bools
    ) -> None:
        """Further labels beside the best, the surest first; each makes its family's others siblings."""
        other = alone >= self._floor(self._other + faint, named)
        sibling = alone >= self._floor(self._sibling + faint, named)
        more = candidates & other & ~wanted[:, : self._columns.labels] & found[:, None]
        for row in np.flatnonzero(more.any(1)):
            families = {self._columns.family[column] for column in np.flatnonzero(wanted[row])}
            for column in sorted(np.flatnonzero(more[row]), key=lambda column: -alone[row, column]):
                if self._columns.family[column] not in families or sibling[row, column]:
                    wanted[row, column] = True
                    families.add(self._columns.family[column])

    def _add_families(self, wanted: Bools, sure: Floats, nameless: Bools, value: Floats) -> None:
        """The family that is sure as a whole where no label was wanted; a family of one is no family."""
        rows = np.flatnonzero(nameless)
        if not len(rows):
            return
        none_of = np.exp(np.log1p(-probability(value[rows])) @ self._members)
        several = (value[rows] > NEVER) @ self._members.astype(np.int64) > 1
        any_of = np.where(several & self._told[self._columns.labels : -1], 1 - none_of, 0)
        best = any_of.argmax(1)
        value_of = any_of[np.arange(len(rows)), best]
        sure_enough = value_of >= self._options.family_on
        columns = self._columns.labels + best[sure_enough]
        wanted[rows[sure_enough], columns] = True
        sure[rows[sure_enough], columns] = value_of[sure_enough]
