"""What each input carries now: the names that are on, the faults of its line, and how loud it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..events import Draft
from ..levels import FLOOR_DBFS

FAULTS: Final = ("dead", "hum", "crackle", "clipping", "hot", "twin")
"""The states of a line that are no good, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that is on: the sample at which its sound began, and the one at which it was decided."""

    sample: int
    since_sample: int


@dataclass(slots=True)
class Line:
    """One input. `names` by label id, `faults` that are on with their details, `present` where it sounds now."""

    names: dict[str, Name] = field(default_factory=dict[str, Name])
    faults: dict[str, str] = field(default_factory=dict[str, str])
    present: bool = False
    peak_dbfs: float = FLOOR_DBFS
    """The highest peak since this was last set back."""


class Lines:
    """Follows the drafts of a session, whether a check runs or not, so that one can begin at any time."""

    def __init__(self, inputs: int) -> None:
        self._lines = [Line() for _ in range(inputs)]

    def __getitem__(self, channel: int) -> Line:
        """Input `channel`, from 1."""
        return self._lines[channel - 1]

    def follow(self, drafts: Iterable[Draft], peak_dbfs: Sequence[float] = ()) -> None:
        """The drafts of one hop in order, and its peak on every input; none where no sound came."""
        for draft in drafts:
            if draft.channel is not None:
                _apply(self[draft.channel], draft)
        for line, peak in zip(self._lines, peak_dbfs, strict=False):
            line.peak_dbfs = max(line.peak_dbfs, peak)


def _apply(line: Line, draft: Draft) -> None:
    fields = draft.fields
    match draft.kind:
        case "onset":
            line.names[fields["label"]] = Name(draft.sample, draft.decided_sample)
        case "offset":
            line.names.pop(fields["label"], None)
        case "rename":
            line.names.pop(fields["from"], None)
            line.names[fields["to"]] = Name(fields["onset_sample"], draft.decided_sample)
        case "signal":
            _apply_signal(line, fields["state"], fields["on"], fields["detail"])
        case _:
            pass


def _apply_signal(line: Line, state: str, on: bool, detail: str) -> None:
    if state in ("present", "silent"):
        line.present = (state == "present") == on
    elif on and state in FAULTS:
        line.faults[state] = detail
    else:
        line.faults.pop(state, None)
