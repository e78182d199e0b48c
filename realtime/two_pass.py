"""Names for files: decided once the whole of it is heard.

Live, a name is given as soon as it is likely; a file has a future, so here each stretch of sound is named once, by all
that it told. For each input:

- Its windows fall into runs, apart by rests of `REST_S`. Within a run the player changes where change_points.py says.
- A stretch's evidence is the mean of its log-odds, in which windows that are half empty or quiet weigh less. What to
  name it is decided as live (see decision.py), with lower floors: a mean over a whole stretch is surer than one over
  its beginning.
- A name that goes on after a rest shorter than `REST_S` was never off.

Pure: the same readings give the same drafts. All time is counted in the source's samples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .change_points import change_points
from .config import SmoothingConfig
from .decision import Columns, Decision, Hearing
from .events import Draft
from .evidence import Bools, Floats, probability
from .expectations import Expectations, Known, expectations
from .smoother import Reading
from .stretches import Heard, Run, Stretch

REST_S: Final = 2.5
FLOORS: Final = {"best_on": 0.18, "other_on": 0.66, "sibling_on": 0.66, "family_on": 0.5}
RULED_OUT: Final = -8.0
"""Log-odds of what may not be named: below any that is heard."""
LEAST_HOPS: Final = 2
"""A shorter sound is not named: its windows are mostly empty."""


@dataclass(slots=True)
class _Named:
    """A name over time, in samples."""

    begin: int
    end: int
    confidence: float


class TwoPass:
    """Decides like Smoother, with the same interface, but only at the end.

    `labels` are the model's, in its order; `told` is the subset of names that may be given (empty: all); `floors`
    overrules the floors of single labels; a window is `window_hops` hops long. Of `options` it needs `uncertain_s` and
    what concerns faint sounds; its floors are its own.
    """

    def __init__(
        self,
        inputs: int,
        labels: Sequence[str],
        rate: int,
        options: SmoothingConfig,
        floors: Mapping[str, float] | None = None,
        told: Sequence[str] = (),
        window_hops: int = 4,
    ):
        self._columns = Columns(labels)
        self._decision = Decision(self._columns, options.model_copy(update=FLOORS), floors or {}, told)
        self._says_uncertain = not told or self._columns.names[self._columns.uncertain] in told
        self._known = expectations(labels, [Known()] * inputs)
        self._heard = Heard(inputs, len(labels), window_hops)
        self._rest = round(REST_S * rate)
        self._uncertain = round(options.uncertain_s * rate)

    def expect(self, known: Expectations) -> None:
        """This is known of the inputs; it holds for everything that is not decided yet."""
        self._known = known

    def step(self, reading: Reading) -> list[Draft]:
        """Keeps what this hop tells; nothing is decided before the end."""
        self._heard.add(reading)
        return []

    def end(self, sample: int, decided_sample: int) -> list[Draft]:
        """Onsets and offsets of everything since the start or the last end, in order of `sample`, none after it."""
        stretches = [stretch for run in self._heard.inputs() for stretch in self._stretches(run)]
        self._heard.clear()
        if not stretches:
            return []
        drafts = self._drafts(stretches, *self._decide(stretches), sample, decided_sample)
        return sorted(drafts, key=lambda draft: (draft.sample, draft.kind == "onset", draft.channel))

    def value(self, channel: int) -> dict[str, float]:
        """What the newest window of an input (from 0) gives each label of the model, 0..1; zeros if it rests."""
        labels = self._columns.names[: self._columns.labels]
        return dict(zip(labels, probability(self._heard.newest[channel]).tolist(), strict=True))

    # ---- what is named

    def _stretches(self, whole: Run) -> list[Stretch]:
        """The stretches of one input, in order."""
        prior, allowed = self._known.prior[whole.channel], self._known.allowed[whole.channel]
        found: list[Stretch] = []
        for run in whole.apart(self._rest):
            odds = np.where(allowed, run.odds + prior, RULED_OUT)
            found += run.stretches(change_points(odds, run.weights, run.rests))
        return found

    def _decide(self, stretches: Sequence[Stretch]) -> tuple[Bools, Floats]:
        """What each stretch is named [stretches, columns], and how sure that is."""
        channels = [stretch.channel for stretch in stretches]
        evidence = np.array([stretch.odds for stretch in stretches])
        loudest = np.array([stretch.loudest_dbfs for stretch in stretches])
        nothing = np.zeros((len(stretches), len(self._columns)), np.bool_)
        prior, allowed = self._known.prior[channels], self._known.allowed[channels]
        return self._decision.wanted(Hearing(evidence, prior, np.zeros(prior.shape), allowed, loudest, nothing))

    # ---- drafts

    def _drafts(
        self, stretches: Sequence[Stretch], wanted: Bools, sure: Floats, sample: int, decided: int
    ) -> list[Draft]:
        """A name that goes on from one stretch of an input to the next is one."""
        drafts: list[Draft] = []
        on: dict[tuple[int, int], _Named] = {}
        for stretch, names, values in zip(stretches, wanted, sure, strict=True):
            columns = self._names(stretch, names)
            for key in [one for one in on if not self._goes_on(on[one], one, stretch, columns)]:
                drafts += self._edges(*key, on.pop(key), sample, decided)
            for column in columns:
                key, value = (stretch.channel, column), float(values[column])
                named = on.setdefault(key, _Named(stretch.begin, stretch.end, value))
                named.end, named.confidence = stretch.end, max(value, named.confidence)
        for key, named in on.items():
            drafts += self._edges(*key, named, sample, decided)
        return drafts

    def _names(self, stretch: Stretch, wanted: Bools) -> list[int]:
        """Columns of a stretch's names: none if it is very short, "uncertain" if it is long and has no other."""
        if stretch.hops < LEAST_HOPS:
            return []
        columns: list[int] = np.flatnonzero(wanted).tolist()
        long = stretch.end - stretch.begin >= self._uncertain
        return columns or ([self._columns.uncertain] if long and self._says_uncertain else [])

    def _goes_on(self, named: _Named, key: tuple[int, int], stretch: Stretch, columns: Sequence[int]) -> bool:
        channel, column = key
        return channel == stretch.channel and column in columns and stretch.begin - named.end < self._rest

    def _edges(self, channel: int, column: int, named: _Named, sample: int, decided: int) -> list[Draft]:
        """The onset and the offset of a name, not after `sample`; nothing if it would last no time."""
        begin, end = named.begin, min(named.end, sample)
        if begin >= end:
            return []
        fields = {
            "label": self._columns.names[column],
            "family": self._columns.family[column],
            "confidence": round(named.confidence, 4),
            "two_pass": True,
        }
        return [Draft("onset", begin, decided, channel + 1, fields), Draft("offset", end, decided, channel + 1, fields)]
