"""From probabilities a window to names that hold: level gate, evidence, confirmation, hysteresis, release.

Pure: the same readings give the same drafts. All time is counted in the source's samples.

What each option does (`SmoothingConfig`), for one input:
- Below the gate nothing is judged. A label that is no longer heard is held for `release_s`, then ends.
- Evidence adds up within a stretch (see evidence.py), which ends with a rest, a rise of `break_db`, or two hops that
  contradict it by `change_lead`. In it labels are decided against each other: the stretch's best
  label needs only `best_on`, another family's label `other_on`, a sibling of a named label `sibling_on`. Speech
  silences singers that are less sure than itself.
- A label is named when `confirm_hits` of the last `confirm_hops` hops that sounded wanted it, or at once when
  one hop alone gives it `sure`. It is let go when its value stays under `off`, or when a newcomer took its place.
- If no label reaches its floor but a family as a whole reaches `family_on`, the family is named; if nothing at all
  reaches a floor for `uncertain_s`, the input is "uncertain".
- A name that is replaced within one stretch is a rename, for it was the same sound.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..model.labels import FAMILIES, SPEECH, UNCERTAIN, family_of
from .config import SmoothingConfig
from .events import Draft
from .evidence import Evidence, Floats, probability
from .levels import FLOOR_DBFS

CANDIDATES = 8  # labels that can be on at once on one input


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
    judged: NDArray[np.bool_]
    level_dbfs: NDArray[np.floating]
    rise_sample: NDArray[np.int64]
    fall_sample: NDArray[np.int64]


@dataclass(slots=True)
class Named:
    """A label that is on."""

    onset_sample: int
    since_sample: int
    kept_sample: int
    confidence: float


@dataclass(slots=True)
class InputState:
    named: dict[str, Named] = field(default_factory=dict[str, Named])
    wanted: deque[frozenset[str]] = field(default_factory=deque[frozenset[str]])
    rise_sample: int = -1
    stretch_sample: int = 0
    heard_sample: int = -1
    nameless_since: int = -1
    loudest_dbfs: float = FLOOR_DBFS


class Smoother:
    """Names of all inputs over time.

    `labels` are the model's, in its order; `told` is the subset that may be named; `floors` overrules `best_on` and
    `other_on` for single labels; a window is `window_hops` hops long.
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
        self._labels = tuple(labels)
        self._options = options
        self._floors = dict(floors or {})
        self._told = frozenset(told or labels) | ({*FAMILIES, UNCERTAIN} if not told else set[str]())
        self._family = tuple(family_of(label) for label in labels)
        self._index = {label: index for index, label in enumerate(self._labels)}
        self._members = {
            family: [index for label, index in self._index.items() if family_of(label) == family and label != SPEECH]
            for family in FAMILIES
        }
        self._evidence = Evidence(inputs, len(self._labels), options.memory_hops)
        self._states = [InputState() for _ in range(inputs)]
        self._window_hops = window_hops
        self._minimum = round(options.minimum_s * rate)
        self._release = round(options.release_s * rate)
        self._uncertain = round(options.uncertain_s * rate)

    def step(self, reading: Reading) -> list[Draft]:
        """What began, ended or was renamed with this hop; inputs in order."""
        drafts: list[Draft] = []
        for channel, state in enumerate(self._states):
            if reading.judged[channel]:
                drafts += self._hear(channel, state, reading)
            elif state.named or state.wanted:
                drafts += self._rest(channel, state, reading)
        return drafts

    def end(self, sample: int, decided_sample: int) -> list[Draft]:
        """Everything that is on ends: the stream does, or it has a hole."""
        drafts: list[Draft] = []
        for channel, state in enumerate(self._states):
            drafts += [self._offset(channel, state, label, sample, decided_sample) for label in list(state.named)]
            self._evidence.begin(channel)
            self._states[channel] = InputState()
        return drafts

    def value(self, channel: int) -> dict[str, float]:
        """The evidence of an input (from 0) for each label of the model, 0..1."""
        return dict(zip(self._labels, self._evidence.value(channel).tolist(), strict=True))

    # ---- one input that was judged

    def _hear(self, channel: int, state: InputState, reading: Reading) -> list[Draft]:
        self._follow_stretch(channel, state, reading)
        odds = reading.odds[channel]
        self._evidence.add(channel, odds, self._weight(channel, state, reading))
        if self._evidence.changed(channel, self._options.change_lead):
            self._evidence.begin_with_recent(channel)
            state.stretch_sample = reading.start_sample
        state.heard_sample = reading.decided_sample
        value, now = self._evidence.value(channel), probability(odds)
        wanted = self._wanted(value, state)
        if not wanted and UNCERTAIN in state.named:
            wanted = {UNCERTAIN: 0.0}
        state.wanted.append(frozenset(wanted))
        while len(state.wanted) > self._options.confirm_hops:
            state.wanted.popleft()
        newcomers = [label for label in wanted if label not in state.named and self._confirmed(label, state, now)]
        return self._settle(channel, state, reading, wanted, newcomers)

    def _follow_stretch(self, channel: int, state: InputState, reading: Reading) -> None:
        rise = int(reading.rise_sample[channel])
        if rise != state.rise_sample:
            self._evidence.begin(channel)
            state.rise_sample = state.stretch_sample = rise
            state.wanted.clear()
            state.nameless_since = reading.start_sample
            state.loudest_dbfs = FLOOR_DBFS

    def _weight(self, channel: int, state: InputState, reading: Reading) -> float:
        """Share of the window that belongs to the stretch, times its level against the stretch's loudest hop."""
        level = float(reading.level_dbfs[channel])
        state.loudest_dbfs = max(state.loudest_dbfs, level)
        share = min(self._evidence.heard(channel) + 1, self._window_hops) / self._window_hops
        return share * min(1.0, max(0.1, 1 - (state.loudest_dbfs - level) / 30))

    def _wanted(self, value: Floats, state: InputState) -> dict[str, float]:
        """Labels that should be on by now, with the value that speaks for them; the best first."""
        options = self._options
        wanted: dict[str, float] = {}
        families: set[str] = set()
        speech = value[self._index[SPEECH]] if SPEECH in self._index else 0.0
        for index in np.argsort(-value, kind="stable")[:CANDIDATES]:
            label, family, own = self._labels[index], self._family[index], float(value[index])
            if label not in self._told or (family == "voice" and label != SPEECH and own < speech):
                continue
            if not wanted:
                floor = self._floors.get(label, options.best_on)
            else:
                floor = options.sibling_on if family in families else options.other_on
                floor = max(floor, self._floors.get(label, 0.0))
            if label in state.named:
                floor = min(floor, max(options.off, floor - (options.best_on - options.off)))
            if own >= floor:
                wanted[label] = own
                families.add(family)
        return wanted or self._family_of(value)

    def _family_of(self, value: Floats) -> dict[str, float]:
        """The family that is sure as a whole while none of its members is, or nothing."""
        any_of = {family: 1 - float(np.prod(1 - value[members])) for family, members in self._members.items()}
        best = max(any_of, key=lambda family: any_of[family])
        sure = any_of[best] >= self._options.family_on and best in self._told
        return {best: any_of[best]} if sure else {}

    def _confirmed(self, label: str, state: InputState, now: Floats) -> bool:
        hits = sum(label in hop for hop in state.wanted)
        alone = label in self._index and now[self._index[label]] >= self._options.sure
        return alone or hits >= self._options.confirm_hits

    def _settle(
        self, channel: int, state: InputState, reading: Reading, wanted: Mapping[str, float], newcomers: Sequence[str]
    ) -> list[Draft]:
        """Turn what is wanted into drafts: renames where a newcomer takes a name's place, onsets, offsets."""
        decided = reading.decided_sample
        for label, named in state.named.items():
            if label in wanted:
                named.kept_sample, named.confidence = decided, wanted[label]
        leaving = [label for label in state.named if label not in wanted]
        drafts: list[Draft] = []
        before = [label for label in leaving if state.named[label].onset_sample < state.stretch_sample]
        if newcomers and before:  # another player took over: the old names were right until then
            drafts += [self._offset(channel, state, label, state.stretch_sample, decided) for label in before]
            leaving = [label for label in leaving if label not in before]
        for label in newcomers:
            if leaving:
                drafts.append(self._rename(channel, state, leaving.pop(0), label, wanted[label], decided))
            else:
                drafts.append(self._onset(channel, state, label, wanted[label], reading))
        drafts += self._let_go(channel, state, leaving, decided)
        return drafts + self._doubt(channel, state, wanted, reading)

    def _doubt(self, channel: int, state: InputState, wanted: Mapping[str, float], reading: Reading) -> list[Draft]:
        if state.named or wanted:
            state.nameless_since = reading.decided_sample
            return []
        long = reading.decided_sample - state.nameless_since >= self._uncertain
        if not long or UNCERTAIN not in self._told:
            return []
        return [self._onset(channel, state, UNCERTAIN, 0.0, reading)]

    # ---- one input at rest

    def _rest(self, channel: int, state: InputState, reading: Reading) -> list[Draft]:
        if reading.decided_sample - state.heard_sample < self._release:
            return []
        state.wanted.clear()
        fall = int(reading.fall_sample[channel])
        return [
            self._offset(channel, state, label, max(fall, named.onset_sample), reading.decided_sample)
            for label, named in list(state.named.items())
            if reading.decided_sample - named.since_sample >= self._minimum
        ]

    # ---- drafts

    def _let_go(self, channel: int, state: InputState, leaving: Sequence[str], decided: int) -> list[Draft]:
        return [
            self._offset(channel, state, label, state.named[label].kept_sample, decided)
            for label in leaving
            if decided - state.named[label].kept_sample >= self._release
            and decided - state.named[label].since_sample >= self._minimum
        ]

    def _onset(self, channel: int, state: InputState, label: str, confidence: float, reading: Reading) -> Draft:
        sample, decided = min(state.stretch_sample, reading.decided_sample), reading.decided_sample
        if state.named:  # an addition to a sound that goes on: it began with the hops that confirmed it
            sample = max(sample, reading.start_sample - self._options.confirm_hits * (decided - reading.start_sample))
        state.named[label] = Named(sample, decided, decided, confidence)
        fields = {"label": label, "family": family_of(label), "confidence": round(confidence, 4)}
        return Draft("onset", sample, decided, channel + 1, fields)

    def _offset(self, channel: int, state: InputState, label: str, sample: int, decided: int) -> Draft:
        named = state.named.pop(label)
        fields = {"label": label, "family": family_of(label), "confidence": round(named.confidence, 4)}
        return Draft("offset", sample, decided, channel + 1, fields)

    def _rename(self, channel: int, state: InputState, old: str, new: str, confidence: float, decided: int) -> Draft:
        onset_sample = state.named.pop(old).onset_sample
        state.named[new] = Named(onset_sample, decided, decided, confidence)
        fields = {"from": old, "to": new, "family": family_of(new), "confidence": round(confidence, 4)}
        return Draft("rename", onset_sample, decided, channel + 1, fields | {"onset_sample": onset_sample})
