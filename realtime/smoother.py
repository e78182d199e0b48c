"""From log-odds a window to names that hold: evidence, decision, confirmation, hysteresis, release.

Pure: the same readings give the same drafts. All time is counted in the source's samples.

What happens to one input:
- Where the level gate is shut, or the sound is another input's, nothing is judged. A label that is no longer heard is
  held for `release_s`, then ends.
- Evidence adds up within a stretch (see evidence.py), which ends with a rest, a rise of `break_db`, or hops that
  contradict it. What should be on by now is decided from it (see decision.py).
- A label is named when `confirm_hits` of the last `confirm_hops` hops that sounded wanted it, or at once when one hop
  alone gives it `sure`. It is let go when it is no longer wanted for `release_s`, or when a newcomer takes its place.
- If nothing at all is wanted for `uncertain_s`, the input is "uncertain".
- A name that is replaced within one stretch is a rename, for it was the same sound.
- What an input has mostly been today counts a little, up to `today`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..model.labels import SPEECH, UNCERTAIN, family_of
from .config import SmoothingConfig
from .decision import Columns, Decision, Hearing
from .events import Draft
from .evidence import LOG_ODDS_LIMIT, Bools, Evidence, Floats, Rows, probability
from .expectations import Expectations, Known, expectations
from .levels import FLOOR_DBFS

Samples = NDArray[np.int64]

TODAY_HOPS: Final = 80
"""A day counts in full once an input was named for this many hops."""
TALK_S: Final = 3.0
TALK: Final = 2.0
"""On an input that speaks for so long, a singer's log-odds count so much less: speech sounds like song for moments."""
TRUST_LEAST: Final = 0.3
FADE_DB: Final = 30.0
"""A hop this far below its stretch's loudest tells least: it is mostly decay, room and bleed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one hop tells of every input.

    `odds` [inputs, labels]: rounded log-odds; rows of inputs that were not judged mean nothing.
    `judged` [inputs]: whether the model was asked. `level_dbfs` [inputs]: RMS of the newest hop.
    `rise_sample`, `fall_sample` [inputs]: where the present sound began, and the end of the last sound.
    """

    start_sample: int
    decided_sample: int
    odds: Floats
    judged: Bools
    level_dbfs: NDArray[np.floating]
    rise_sample: Samples
    fall_sample: Samples


class Smoother:
    """Names of all inputs over time.

    `labels` are the model's, in its order; `told` is the subset of names that may be given (empty: all); `floors`
    overrules `best_on` and raises `other_on` for single labels; a window is `window_hops` hops long.
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
        self._options = options
        self._columns = Columns(labels)
        self._decision = Decision(self._columns, options, floors or {}, told)
        self._says_uncertain = not told or UNCERTAIN in told
        self._evidence = Evidence(inputs, len(labels), options.memory_hops)
        self._known = expectations(labels, [Known()] * inputs)
        self._today = np.zeros((inputs, len(labels)))
        self._window_hops = window_hops
        self._minimum = round(options.minimum_s * rate)
        self._release = round(options.release_s * rate)
        self._uncertain = round(options.uncertain_s * rate)
        self._talk = round(TALK_S * rate)
        self._voices = np.array([family_of(label) == "voice" and label != SPEECH for label in labels])
        self._speech = self._columns.index.get(SPEECH)
        self._clear(inputs)

    def expect(self, known: Expectations) -> None:
        """From now on this is known of the inputs."""
        self._known = known

    def step(self, reading: Reading) -> list[Draft]:
        """What began, ended or was renamed with this hop; inputs in order."""
        rows = np.flatnonzero(reading.judged)
        if len(rows):
            self._add(rows, reading)
            newcomers = self._decide(rows, reading)
            busy = {int(row) for row in rows[newcomers.any(1) | self._restless(rows)]}
        else:
            newcomers, busy = np.zeros((0, len(self._columns)), np.bool_), set[int]()
        drafts: list[Draft] = []
        new = dict(zip(rows.tolist(), newcomers, strict=True))
        for row in sorted(busy | set(np.flatnonzero(self._resting(reading)).tolist())):
            drafts += self._settle(row, new[row], reading) if row in busy else self._rest(row, reading)
        return drafts

    def end(self, sample: int, decided_sample: int) -> list[Draft]:
        """Everything that is on ends: the stream does, or it has a hole."""
        named = np.argwhere(self._named).tolist()
        drafts = [self._offset(row, column, sample, decided_sample) for row, column in named]
        self._clear(len(self._named))
        self._evidence.begin(np.arange(len(self._named)))
        return drafts

    def value(self, channel: int) -> dict[str, float]:
        """The evidence of an input (from 0) for each label of the model, 0..1; zeros before its first window."""
        labels = self._columns.names[: self._columns.labels]
        heard = probability(self._evidence.mean[channel]) * (self._evidence.heard[channel] > 0)
        return dict(zip(labels, heard.tolist(), strict=True))

    def _clear(self, inputs: int) -> None:
        shape = (inputs, len(self._columns))
        self._named = np.zeros(shape, np.bool_)
        self._onset = np.zeros(shape, np.int64)
        self._since = np.zeros(shape, np.int64)
        self._kept = np.zeros(shape, np.int64)
        self._confidence = np.zeros(shape)
        self._wanted = np.zeros((self._options.confirm_hops, *shape), np.bool_)
        self._first = np.full(inputs, -1, np.intp)
        self._rise = np.full(inputs, -1, np.int64)
        self._stretch = np.zeros(inputs, np.int64)
        self._heard = np.full(inputs, -1, np.int64)
        self._nameless = np.full(inputs, -1, np.int64)
        self._loudest = np.full(inputs, FLOOR_DBFS)

    # ---- inputs that were judged, all at once

    def _add(self, rows: Rows, reading: Reading) -> None:
        """The hop's log-odds into the evidence; new stretches begin."""
        new = rows[reading.rise_sample[rows] != self._rise[rows]]
        self._evidence.begin(new)
        self._rise[new] = self._stretch[new] = reading.rise_sample[new]
        self._wanted[:, new] = False
        self._nameless[new] = reading.start_sample
        self._loudest[new] = FLOOR_DBFS
        self._loudest[rows] = np.maximum(self._loudest[rows], reading.level_dbfs[rows])
        trust = np.clip(1 - (self._loudest[rows] - reading.level_dbfs[rows]) / FADE_DB, 0, 1)
        share = np.minimum(self._evidence.heard[rows] + 1, self._window_hops) / self._window_hops
        self._evidence.add(rows, self._sober(rows, reading), share * np.maximum(trust, 0.1))
        options = self._options
        trust = np.maximum(trust, TRUST_LEAST)
        over = self._evidence.contradicted(rows, trust, options.change_drift, options.change_limit)
        self._stretch[rows[over]] = reading.start_sample
        self._heard[rows] = reading.decided_sample

    def _sober(self, rows: Rows, reading: Reading) -> Floats:
        """The odds [rows, labels]: none for what may not be named, less for singers where somebody has been talking."""
        odds = reading.odds[rows]
        odds[~self._known.allowed[rows]] = -LOG_ODDS_LIMIT
        if self._speech is None:
            return odds
        talked = reading.decided_sample - self._since[rows, self._speech]
        talks = self._named[rows, self._speech] & (talked >= self._talk)
        return odds - TALK * (talks[:, None] & self._voices)

    def _decide(self, rows: Rows, reading: Reading) -> Bools:
        """Notes what is wanted and keeps what is on; the newcomers that are confirmed, [rows, columns]."""
        labels = self._columns.labels
        prior = self._known.prior[rows]
        hearing = Hearing(
            self._evidence.mean[rows],
            prior,
            self._today_gain(rows),
            self._known.allowed[rows],
            self._loudest[rows],
            self._named[rows],
        )
        wanted, sure = self._decision.wanted(hearing)
        self._today[rows] += wanted[:, :labels]
        uncertain = self._columns.uncertain
        wanted[:, uncertain] = ~wanted.any(1) & self._named[rows, uncertain]
        self._wanted[:-1, rows] = self._wanted[1:, rows]
        self._wanted[-1, rows] = wanted
        kept = wanted & self._named[rows]
        self._kept[rows] = np.where(kept, reading.decided_sample, self._kept[rows])
        self._confidence[rows] = np.where(wanted, sure, self._confidence[rows])
        confirmed = self._wanted[:, rows].sum(0) >= self._options.confirm_hits
        now = reading.odds[rows] + prior - self._decision.faint(self._loudest[rows])[:, None]
        confirmed[:, :labels] |= probability(now) >= self._options.sure
        return wanted & ~self._named[rows] & confirmed

    def _today_gain(self, rows: Rows) -> Floats:
        """Log-odds [rows, labels]: the share of an input's named time that was this label's, times `today`."""
        total = np.maximum(self._today[rows].sum(1, keepdims=True), TODAY_HOPS)
        return self._options.today * self._today[rows] / total

    def _restless(self, rows: Rows) -> Bools:
        """Inputs [rows] where something that is on is no longer wanted, or where nothing is on."""
        leaving = np.any(self._named[rows] & ~self._wanted[-1, rows], axis=1)
        return np.logical_or(leaving, ~np.any(self._named[rows], axis=1))

    def _resting(self, reading: Reading) -> Bools:
        """Inputs that have names and were not judged for long enough to let them go."""
        quiet = ~reading.judged & (reading.decided_sample - self._heard >= self._release)
        return quiet & (self._named.any(1) | self._wanted.any((0, 2)))

    # ---- one input where something changes

    def _settle(self, row: int, newcomers: Bools, reading: Reading) -> list[Draft]:
        """Renames where a newcomer takes a name's place, onsets, offsets, and doubt where there is no name."""
        decided, wanted = reading.decided_sample, self._wanted[-1, row]
        leaving = self._in_order(row, self._named[row] & ~wanted)
        new = sorted(np.flatnonzero(newcomers).tolist(), key=lambda column: -self._confidence[row, column])
        drafts: list[Draft] = []
        before = [column for column in leaving if self._onset[row, column] < self._stretch[row]]
        if new and before:  # another player took over: the old names were right until then
            drafts += [self._offset(row, column, int(self._stretch[row]), decided) for column in before]
            leaving = [column for column in leaving if column not in before]
        for column in new:
            if leaving:
                drafts.append(self._rename(row, leaving.pop(0), column, decided))
            else:
                drafts.append(self._begin(row, column, reading))
        for column in leaving:
            kept, since = int(self._kept[row, column]), int(self._since[row, column])
            if decided - kept >= self._release and decided - since >= self._minimum:
                drafts.append(self._offset(row, column, kept, decided))
        return drafts + self._doubt(row, reading)

    def _doubt(self, row: int, reading: Reading) -> list[Draft]:
        if self._named[row].any() or self._wanted[-1, row].any():
            self._nameless[row] = reading.decided_sample
            return []
        long = reading.decided_sample - self._nameless[row] >= self._uncertain
        if not long or not self._says_uncertain:
            return []
        return [self._begin(row, self._columns.uncertain, reading)]

    def _rest(self, row: int, reading: Reading) -> list[Draft]:
        self._wanted[:, row] = False
        fall = min(int(reading.fall_sample[row]), int(self._heard[row]))
        return [
            self._offset(row, column, max(fall, int(self._onset[row, column])), reading.decided_sample)
            for column in self._in_order(row, self._named[row])
            if reading.decided_sample - self._since[row, column] >= self._minimum
        ]

    def _in_order(self, row: int, which: Bools) -> list[int]:
        """Columns, the first name first."""
        return sorted(np.flatnonzero(which).tolist(), key=lambda column: (column != self._first[row], column))

    # ---- drafts

    def _begin(self, row: int, column: int, reading: Reading) -> Draft:
        decided = reading.decided_sample
        sample = min(int(self._stretch[row]), decided)
        if self._named[row].any():  # an addition to a sound that goes on: it began with the hops that confirmed it
            hop = decided - reading.start_sample
            sample = max(sample, reading.start_sample - self._options.confirm_hits * hop)
        else:
            self._first[row] = column
        self._turn_on(row, column, sample, decided)
        return Draft("onset", sample, decided, row + 1, self._fields(row, column))

    def _rename(self, row: int, old: int, new: int, decided: int) -> Draft:
        onset = int(self._onset[row, old])
        self._named[row, old] = False
        self._turn_on(row, new, onset, decided)
        if self._first[row] == old:
            self._first[row] = new
        told = self._fields(row, new)
        names = {"from": self._columns.names[old], "to": told.pop("label")}
        return Draft("rename", onset, decided, row + 1, names | told | {"onset_sample": onset})

    def _offset(self, row: int, column: int, sample: int, decided: int) -> Draft:
        self._named[row, column] = False
        if self._first[row] == column:
            left = np.flatnonzero(self._named[row])
            self._first[row] = left[self._since[row, left].argmin()] if len(left) else -1
        return Draft("offset", sample, decided, row + 1, self._fields(row, column))

    def _turn_on(self, row: int, column: int, onset: int, decided: int) -> None:
        self._named[row, column] = True
        self._onset[row, column] = onset
        self._since[row, column] = self._kept[row, column] = decided
        if column == self._columns.uncertain:
            self._confidence[row, column] = 0

    def _fields(self, row: int, column: int) -> dict[str, object]:
        family = self._columns.family[column]
        return {
            "label": self._columns.names[column],
            "family": family,
            "confidence": round(float(self._confidence[row, column]), 4),
        }
