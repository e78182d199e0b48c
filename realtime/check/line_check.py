"""The line check as a pure state machine: the names and faults of each hop in, what is to be said about the lines out.

A line is good when a right name has stood on it for a moment. What is heard where it should not be is told once it has
stood for a second, and is forgotten when the right one comes. In free order anybody plays at any time; hands-free,
each input is asked for in turn, and whoever plays out of turn counts as well. All times are samples of the source, so
the same sound gives the same check.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ...model.labels import family_of
from ..errors import EarmarkError
from ..events import Draft
from ..levels import FLOOR_DBFS
from .asking import Asking
from .inputs import Input, Result
from .lines import FAULTS, Line, Lines, Name
from .verdict import PERCUSSION, Verdict, judge

HOLD_S: Final[Mapping[Verdict, float]] = {"right": 0.5, "near": 2.0, "wrong": 1.0, "vague": 2.0}
"""How long a name must stand until it counts. The first name of a sound is often mended within a second."""
PATIENCE_S: Final = 15.0
"""How long somebody who is asked has time to play."""
STALL_S: Final = 20.0
FEW: Final = 4
"""In free order, when nothing was told for STALL_S, the lines that are still open are named where they are few."""


class CheckError(EarmarkError):
    """What was asked of the line check cannot be done now; one line for the one who asked."""


class LineCheck:
    """`expected` has, for each input, the label ids that it may carry; where it is empty the input is not checked.

    `names_may_come`: a check may begin although no input has a name yet. `knows_parts`: the model tells the parts of
    the drum set apart; if it does not, the kit is all that can be asked of a drum microphone.
    """

    def __init__(
        self,
        expected: Sequence[frozenset[str]],
        rate: int,
        *,
        names_may_come: bool = False,
        knows_parts: bool = True,
    ) -> None:
        self.running = False
        self._knows_parts = knows_parts
        self._names_may_come = names_may_come
        self._expected = tuple(expected)
        self._rate = rate
        self._lines = Lines(len(expected))
        self._inputs: dict[int, Input] = {}
        self._armed: frozenset[int] | None = None
        self._asking: Asking | None = None
        self._decided = 0
        self._told_at = 0
        self._reminded = False

    # ---- what is wished

    def expect(self, expected: Sequence[frozenset[str]]) -> None:
        """What each input should carry from now on; one of which this changes is checked anew."""
        self._expected = tuple(expected)
        self._choose_anew()

    def arm(self, channels: frozenset[int] | None) -> None:
        """Only these inputs (from 1) are checked; all of them for None, or where none is armed. Good ones stay good."""
        self._armed = channels or None
        self._choose_anew()

    def do(self, action: str, channel: int | None = None) -> list[Draft]:
        """What a command asks for: an action of `commands.CHECK_ACTIONS`. Raises CheckError where it cannot be."""
        match action:
            case "start" | "ask":
                return self.start(hands_free=action == "ask")
            case "stop":
                return self.stop()
            case "again":
                if channel is None:
                    raise CheckError("name the input to check again")
                return self.again(channel)
            case "skip":
                return self.skip(channel)
            case _:
                return []

    def start(self, *, hands_free: bool) -> list[Draft]:
        """Begin anew, whatever ran before. Raises CheckError where no input has an expectation."""
        chosen = self._chosen()
        if not chosen and not self._names_may_come:
            raise CheckError("no input has a name that says what it carries: name it, as in --name 3=Snare")
        self._inputs = chosen
        self._begin(chosen)
        self.running = True
        self._asking = Asking(self._inputs, round(PATIENCE_S * self._rate)) if hands_free else None
        self._progress()
        return [self._draft("start", detail=str(len(chosen))), *self._ask()]

    def stop(self) -> list[Draft]:
        """End it: what is open is told. Nothing where no check runs."""
        return self._finish() if self.running else []

    def again(self, channel: int) -> list[Draft]:
        """Check input `channel` (from 1) once more, also after the end. Raises CheckError where it is not checked."""
        one = self._checked(channel)
        self._inputs[channel] = Input(channel, one.expected)
        self._begin([channel])
        self.running = True
        self._progress()
        if self._asking is None:
            return [self._draft("open", self._inputs[channel])]
        self._asking.ask(channel)
        return self._ask()

    def skip(self, channel: int | None = None) -> list[Draft]:
        """Leave out input `channel`, or the one that is asked. Raises CheckError where there is none."""
        asked = self._asking.asked if self._asking is not None and self.running else None
        chosen = asked if channel is None else channel
        if chosen is None:
            raise CheckError("nobody is asked to play: name the input to skip")
        one = self._checked(chosen)
        if one.is_good or not self.running:
            raise CheckError(f"input {chosen} is not open")
        drafts = self._skip(one) if asked == chosen else self._mark_skipped(one)
        return drafts + self._ask() + self._finish_if_all()

    # ---- what is heard

    def step(self, drafts: Sequence[Draft], decided_sample: int, peak_dbfs: Sequence[float] = ()) -> list[Draft]:
        """One hop: its drafts, the end of its window, and its peak on every input. To be called for every hop."""
        self._decided = decided_sample
        self._lines.follow(drafts, peak_dbfs)
        if not self.running:
            return []
        out: list[Draft] = []
        for one in self._inputs.values():
            out += self._look_at_line(one) + ([] if one.is_good else self._listen(one))
        if out:
            self._progress()
        return out + self._ask() + self._remind() + self._finish_if_all()

    def results(self) -> list[Result]:
        """Every checked input; empty before the first check."""
        return [one.result(self._lines[one.channel]) for one in self._inputs.values()]

    @property
    def asked(self) -> int | None:
        """The input (from 1) that is asked to play now."""
        return self._asking.asked if self._asking is not None and self.running else None

    # ---- one line

    def _chosen(self) -> dict[int, Input]:
        """The inputs that are to be checked, as they are before anything is heard of them."""
        return {
            channel: Input(channel, expected)
            for channel, expected in enumerate(self._expected, 1)
            if expected and (self._armed is None or channel in self._armed)
        }

    def _choose_anew(self) -> None:
        """The running check goes on with the inputs that are to be checked by now."""
        if not self.running:
            return
        kept = {one.channel: one for one in self._inputs.values() if one.expected == self._expected[one.channel - 1]}
        chosen = self._chosen() | {channel: one for channel, one in kept.items() if one.is_good}
        self._inputs = {channel: kept.get(channel, chosen[channel]) for channel in sorted(chosen)}
        new = sorted(chosen.keys() - kept.keys())
        self._begin(new)
        if self._asking is not None:
            self._asking.add(new)

    def _begin(self, channels: Iterable[int]) -> None:
        """What was before does not count on these lines."""
        for channel in channels:
            self._inputs[channel].began_sample = self._decided
            self._lines[channel].peak_dbfs = FLOOR_DBFS
        for one in self._inputs.values():
            others = [other.expected for other in self._inputs.values() if other is not one]
            one.elsewhere = frozenset[str]().union(*others) - one.expected

    def _look_at_line(self, one: Input) -> list[Draft]:
        """Faults that are new. A line that never sounded is not called dead before somebody should play on it."""
        line = self._lines[one.channel]
        one.sounded |= line.present
        asked = one.channel == self.asked
        news = [
            state
            for state in FAULTS
            if state in line.faults
            and state not in one.told
            and (state != "dead" or (not one.is_good and (one.sounded or asked)))
        ]
        one.told |= {state: line.faults[state] for state in news}
        return [self._draft("bad_line", one, fault=state, detail=line.faults[state]) for state in news]

    def _listen(self, one: Input) -> list[Draft]:
        line = self._lines[one.channel]
        verdicts: dict[str, Verdict] = {label: self._judge(label, one) for label in line.names}
        standing = {verdicts[label]: label for label in self._standing(one, line, verdicts)}
        if ticked := standing.get("right") or standing.get("near"):
            return [self._tick_off(one, line, ticked)]
        if "right" in verdicts.values() or "near" in verdicts.values():
            return []
        if wrong := standing.get("wrong"):
            return self._tell_wrong(one, wrong, line.names[wrong])
        one.heard = one.heard or standing.get("vague", "")
        return []

    def _judge(self, label: str, one: Input) -> Verdict:
        verdict = judge(label, one.expected, one.elsewhere)
        is_kit = verdict == "vague" and family_of(label) == PERCUSSION
        return "near" if is_kit and not self._knows_parts else verdict

    def _standing(self, one: Input, line: Line, verdicts: Mapping[str, Verdict]) -> list[str]:
        """Names that have stood for long enough since the check began here; the oldest last."""
        newest_first = sorted(line.names, key=lambda label: -line.names[label].since_sample)
        return [
            label
            for label in newest_first
            if self._decided - max(line.names[label].since_sample, one.began_sample)
            >= HOLD_S[verdicts[label]] * self._rate
        ]

    def _tick_off(self, one: Input, line: Line, label: str) -> Draft:
        one.state, one.heard, one.other = "good", label, None
        name = line.names[label]
        return self._draft("good", one, sample=name.sample, heard=label, peak_dbfs=round(line.peak_dbfs, 1))

    def _tell_wrong(self, one: Input, label: str, name: Name) -> list[Draft]:
        """Once for each thing that is heard; a name that is only mended within its family is no news."""
        if one.state in ("wrong", "swapped") and judge(label, frozenset({one.heard})) in ("right", "near"):
            return []
        one.heard = label
        partner = next((other for other in self._wanting(one, label) if self._carries(other, one)), None)
        if partner is not None:
            one.state = partner.state = "swapped"
            one.other, partner.other = partner.channel, one.channel
        else:
            wanting = self._wanting(one, label)
            one.state = "wrong"
            one.other = wanting[0].channel if len(wanting) == 1 else None
        return [self._draft(one.state, one, sample=name.sample, heard=label, other=one.other)]

    def _wanting(self, one: Input, label: str) -> list[Input]:
        """The other lines, not good yet, that should carry `label`."""
        others = [i for i in self._inputs.values() if i is not one and not i.is_good]
        return [other for other in others if judge(label, other.expected) == "right"]

    @staticmethod
    def _carries(other: Input, one: Input) -> bool:
        """Whether what is heard wrongly on `other` should be on `one`."""
        return other.state in ("wrong", "swapped") and judge(other.heard, one.expected) in ("right", "near")

    def _mark_skipped(self, one: Input) -> list[Draft]:
        one.skipped = True
        return [self._draft("skipped", one)]

    # ---- whose turn it is, and the end

    def _skip(self, one: Input) -> list[Draft]:
        assert self._asking is not None
        self._asking.skip()
        return self._mark_skipped(one)

    def _ask(self) -> list[Draft]:
        """Skip who has missed the turn, and ask the next."""
        if self._asking is None or not self.running:
            return []
        missed = self._asking.missed(self._decided)
        drafts = self._skip(self._inputs[missed]) if missed is not None and self._is_open(missed) else []
        following = self._asking.go_on(self._decided, self._is_open)
        if following is None:
            return drafts
        one = self._inputs[following]
        return [*drafts, self._draft("asked", one), *self._look_at_line(one)]

    def _is_open(self, channel: int) -> bool:
        return channel in self._inputs and not self._inputs[channel].is_good

    def _remind(self) -> list[Draft]:
        """In free order: name the few that are open, once, after a while in which nothing was told."""
        waited = self._decided - self._told_at >= STALL_S * self._rate
        if self._asking is not None or self._reminded or not waited:
            return []
        self._reminded = True
        still_open = [one for one in self._inputs.values() if one.state == "open" and not one.skipped]
        few = len(still_open) <= min(FEW, len(self._inputs) - 1)
        return [self._open(one) for one in still_open] if few else []

    def _progress(self) -> None:
        self._told_at = self._decided
        self._reminded = False

    def _finish_if_all(self) -> list[Draft]:
        if not self.running or not self._inputs:
            return []
        waits = self._asking.asked is not None if self._asking is not None else self._anybody_waits()
        return [] if waits else self._finish()

    def _anybody_waits(self) -> bool:
        return any(not one.is_good and not one.skipped for one in self._inputs.values())

    def _finish(self) -> list[Draft]:
        self.running = False
        drafts = [self._open(one) for one in self._inputs.values() if not one.is_good]
        good = sum(one.is_good for one in self._inputs.values())
        return [*drafts, self._draft("done", detail=f"{good} of {len(self._inputs)}")]

    def _open(self, one: Input) -> Draft:
        result = one.result(self._lines[one.channel])
        fault = next(iter(result.faults), "")
        return self._draft(
            "open", one, heard=one.heard, other=one.other, fault=fault, detail=result.faults.get(fault, "")
        )

    def _checked(self, channel: int) -> Input:
        if not self._inputs:
            raise CheckError("no line check was started")
        if channel not in self._inputs:
            raise CheckError(f"input {channel} is not checked")
        return self._inputs[channel]

    def _draft(self, state: str, one: Input | None = None, *, sample: int | None = None, **fields: Any) -> Draft:
        """`fields` beside `state` and `expected`; those that are not given are empty."""
        expected = " ".join(sorted(one.expected)) if one is not None else ""
        empty = {"heard": "", "other": None, "fault": "", "peak_dbfs": None, "detail": ""}
        at = self._decided if sample is None else sample
        channel = None if one is None else one.channel
        return Draft("check", at, self._decided, channel, {"state": state, "expected": expected} | empty | fields)
