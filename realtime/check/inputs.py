"""One input of the line check: what is known of it while the check runs, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from .lines import FAULTS, Line

LASTING: Final = frozenset({"dead", "hum", "twin"})
"""Faults that a line has or has not; the others come and go, and count once they were heard."""
HARMLESS: Final = frozenset({"hot"})
"""Told, but no reason to call a line bad."""

State = Literal["open", "wrong", "swapped", "skipped", "good"]


@dataclass(frozen=True, slots=True)
class Result:
    """One input (from 1) as it stands.

    `heard`: of a good line the name that made it good, else what is heard wrongly or vaguely, "" for nothing. `other`
    is the input that should carry what is heard here. `faults` are states of a line with their details.
    """

    channel: int
    expected: frozenset[str]
    state: State
    heard: str
    other: int | None
    peak_dbfs: float
    faults: Mapping[str, str]

    @property
    def is_well(self) -> bool:
        """Whether nothing is left to do about this line."""
        return self.state == "good" and not self.faults.keys() - HARMLESS


@dataclass(slots=True)
class Input:
    """What the check knows of one line since it began there.

    `elsewhere` are labels that only other lines should carry; `told` are the faults that were told, with details.
    """

    channel: int
    expected: frozenset[str]
    state: State = "open"
    heard: str = ""
    other: int | None = None
    elsewhere: frozenset[str] = frozenset()
    began_sample: int = 0
    skipped: bool = False
    sounded: bool = False
    told: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_good(self) -> bool:
        return self.state == "good"

    def result(self, line: Line) -> Result:
        """As it stands, `line` being what it carries now."""
        past = {state: detail for state, detail in self.told.items() if state not in LASTING}
        now = {state: detail for state, detail in line.faults.items() if state in LASTING}
        if self.is_good:
            now.pop("dead", None)  # a player who pauses: digital zero is no fault of a line that has carried
        both = past | now
        faults = {state: both[state] for state in FAULTS if state in both}
        state: State = "skipped" if self.skipped and self.state == "open" else self.state
        return Result(self.channel, self.expected, state, self.heard, self.other, line.peak_dbfs, faults)
