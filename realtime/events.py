"""The one vocabulary of events; every wire and every export derives from it.

An event tells what began or ended and when. `sample` is the best estimate of that moment; `decided_sample` is the end
of the window that decided it. Both count the source's own samples from 0, lost ones included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """What an event of one kind carries beyond the fields that all share; `fields` in the order they are written."""

    fields: tuple[str, ...]
    meaning: str
    on_request: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    "onset": Kind(("label", "family", "confidence", "two_pass"), "a label began on an input"),
    "offset": Kind(("label", "family", "confidence", "two_pass"), "a label ended on an input"),
    "rename": Kind(("from", "to", "family", "confidence", "onset_sample"), "the same sound, named better"),
    "signal": Kind(("state", "on", "detail"), "a state of an input's line began (on) or ended"),
    "check": Kind(
        ("state", "expected", "heard", "other", "fault", "peak_dbfs", "detail"), "news of the line check of an input"
    ),
    "group": Kind(("channels", "state"), "inputs that carry one source: proposed, accepted (told as one) or dissolved"),
    "take": Kind(
        ("number", "action", "position"), "a take started or stopped; position is the DAW's, where it is known"
    ),
    "gap": Kind(("lost_samples", "reason"), "samples were lost"),
    "overrun": Kind(("skipped_windows",), "the model fell behind; windows were left out to stay live"),
    "device": Kind(("state", "detail"), "the source's health"),
    "sink": Kind(("sink", "state", "detail"), "the health of one way out"),
    "state": Kind(("path", "rate", "take", "channels"), "a snapshot of every input"),
    "command": Kind(("do", "arguments"), "a wish that concerns those who listen: mute, verbosity", on_request=True),
    "scores": Kind(("scores",), "probabilities of one input's labels", on_request=True),
    "bleed": Kind(("bleed_of",), "an input carries only another's sound now, or again its own (null)", on_request=True),
    "levels": Kind(("levels",), "peak and RMS in dBFS of every input", on_request=True),
}

EDGES: Final = ("onset", "offset", "rename")


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has its place in a session: what was found, on which input, and when (in samples)."""

    kind: str
    sample: int
    decided_sample: int
    channel: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal.

    `seq` counts from 1 within `session`. `channel` counts from 1; None where an event speaks of no input. `take` is
    the number of the running take, None outside takes. `utc_ns` is the UTC of `sample`, `emitted_ns` the UTC at
    which the event left the decision. `fields` holds what `KINDS[kind]` lists.
    """

    session: str
    seq: int
    kind: str
    channel: int | None
    name: str | None
    sample: int
    decided_sample: int
    rate: int
    utc_ns: int
    emitted_ns: int
    take: int | None
    fields: Mapping[str, Any]

    @property
    def time_s(self) -> float:
        return self.sample / self.rate

    @property
    def decided_s(self) -> float:
        return self.decided_sample / self.rate

    @property
    def decided_utc_ns(self) -> int:
        """UTC of the end of the window that decided; live latency is `emitted_ns` minus this."""
        return self.utc_ns + (self.decided_sample - self.sample) * 1_000_000_000 // self.rate

    def to_dict(self) -> dict[str, Any]:
        """The event as JSON carries it; fields that do not apply are left out."""
        out: dict[str, Any] = {"v": VERSION, "session": self.session, "seq": self.seq, "kind": self.kind}
        if self.channel is not None:
            out |= {"channel": self.channel, "name": self.name}
        out |= self.fields
        out |= {"sample": self.sample, "time_s": self.time_s, "decided_sample": self.decided_sample}
        out |= {"decided_s": self.decided_s, "utc_ns": self.utc_ns, "emitted_ns": self.emitted_ns}
        if self.take is not None and "take" not in out:
            out["take"] = self.take
        return out
