"""One session: sound in, events out. No thread, no device, no socket.

`label` pushes a file through it as fast as it can, `live` pushes what the ring holds: the same sound gives the same
events. The clock and the session's name are given, so that nothing here depends on when it runs.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..model.errors import TaggerError
from .check.inputs import Result
from .check.line_check import LineCheck
from .check.words import status
from .config import Config, group_members
from .daw_tracks import DawTracks
from .events import Draft, Event
from .evidence import log_odds
from .expectations import PARTS, Expectations
from .grouping import Group, Grouping
from .knowledge import Knowledge
from .requested import Requested
from .separation import Separation
from .smoother import Reading, Smoother
from .stamps import Identity, Stamps
from .two_pass import TwoPass
from .watch.signal_watch import SignalWatch
from .windows import Hop, Windows

log = logging.getLogger(__name__)

Audio = NDArray[np.float32]


class Ears(Protocol):
    """What a session needs of a model; `model.tagger.Tagger` is one."""

    labels: tuple[str, ...]
    sample_rate: int
    window: int

    def tag(self, windows: Audio) -> NDArray[np.float32]:
        """[n, window] → probabilities [n, labels]. Raises TaggerError if the model fails."""
        ...


@dataclass(slots=True)
class Counts:
    """What a summary tells at the end."""

    windows: int = 0
    skipped: int = 0
    gaps: int = 0
    lost_samples: int = 0
    bad_samples: int = 0
    failed_hops: int = 0


class Session:
    """Feeds every hop to the signal watch, the gate, the model and the smoother, and stamps what they find."""

    def __init__(
        self, identity: Identity, ears: Ears, config: Config, clock_ns: Callable[[], int], two_pass: bool = False
    ):
        """`two_pass`: names are decided at the end, when everything is heard."""
        inputs = len(identity.names)
        hop = ears.sample_rate * config.model.hop_ms // 1000
        self.counts = Counts()
        self.wanted: frozenset[str] = frozenset()  # kinds on request that somebody requested
        self._ears = ears
        self._stamps = Stamps(identity, clock_ns)
        self._windows = Windows(inputs, identity.rate, ears.sample_rate, ears.window, hop)
        self._separation = Separation(inputs, identity.rate, config.smoothing, ears.sample_rate, ears.window, hop)
        self._watch = SignalWatch(inputs, identity.rate, config.watch)
        self._decider = (TwoPass if two_pass else Smoother)(
            inputs, ears.labels, identity.rate, config.smoothing, config.thresholds, config.labels, ears.window // hop
        )
        self._knowledge = Knowledge(config, ears.labels, identity.names)
        self._check = LineCheck(
            self._knowledge.now.expected,
            identity.rate,
            names_may_come=any(self._knowledge.feeds),
            knows_parts=not PARTS.isdisjoint(ears.labels),
        )
        self._doubting = False
        self._decider.expect(self._knowledge.now)
        self._grouping = Grouping(inputs, [group_members(text) for text in config.groups])
        self._separate()
        self._gap_hop = identity.rate * config.model.hop_ms // 1000
        self._decided = 0
        self._clean_from = 0
        self._requested = Requested(inputs, self.levels, self._decider.value)

    @property
    def identity(self) -> Identity:
        return self._stamps.identity

    @property
    def needed(self) -> int:
        """Source samples still missing until the next hop is complete; at least 1."""
        return self._windows.needed

    def anchor_utc(self, utc_ns: int) -> None:
        """Sample 0 came at `utc_ns`: known only once the source runs."""
        self._stamps.anchor_utc(utc_ns)

    # ---- sound

    def push(self, block: Audio, catch_up_hops: int | None = None) -> list[Event]:
        """The next samples [inputs, n] of the stream; any n.

        Where more than `catch_up_hops` hops are complete at once, the model judges only the newest and the others are
        counted as skipped; None judges every one.
        """
        block, drafts = self._without_bad_samples(block)
        hops = self._windows.push(block)
        late = catch_up_hops is not None and len(hops) > catch_up_hops
        return self._stamps.events(drafts) + self._judge_all(hops, skip=len(hops) - 1 if late else 0)

    def gap(self, lost_samples: int, reason: str) -> list[Event]:
        """`lost_samples` did not arrive. Names survive a gap shorter than a hop; a longer one ends them."""
        at = self._windows.position
        self.counts.gaps += 1
        self.counts.lost_samples += lost_samples
        self._windows.gap(lost_samples)
        self._watch.gap()
        self._separation.restart()
        self._decided = at
        drafts = self._decider.end(at, at) if lost_samples >= self._gap_hop else []
        fields = {"lost_samples": lost_samples, "reason": reason}
        return self._stamps.events([*drafts, Draft("gap", at, at, fields=fields), *self._check.step(drafts, at)])

    def finish(self) -> list[Event]:
        """The stream is over: its last part-hop is judged, everything that is on ends."""
        events = self._judge_all(self._windows.flush(), skip=0)
        self._decided = max(self._decided, self._windows.position)
        drafts = self._decider.end(self._windows.position, self._decided)
        return events + self._stamps.events([*drafts, *self._check.step(drafts, self._decided), *self._check.stop()])

    # ---- what others have to tell

    def take(self, action: str, position: str | None) -> list[Event]:
        """A take starts or stops; one that is already in that state changes nothing."""
        if (action == "start") == (self._stamps.take is not None):
            return []
        number = self._stamps.begin_take() if action == "start" else self._stamps.take
        events = self._tell("take", {"number": number, "action": action} | ({"position": position} if position else {}))
        if action == "stop":
            self._stamps.take = None
        return events

    def tell_device(self, state: str, detail: str) -> list[Event]:
        return self._tell("device", {"state": state, "detail": detail})

    def tell_sink(self, sink: str, state: str, detail: str) -> list[Event]:
        return self._tell("sink", {"sink": sink, "state": state, "detail": detail})

    def tell_state(self, snapshot: Mapping[str, Any]) -> list[Event]:
        return self._tell("state", snapshot)

    def tell_command(self, do: str, arguments: Mapping[str, Any]) -> list[Event]:
        return self._tell("command", {"do": do, "arguments": dict(arguments)})

    def expect(self, channel: int, words: tuple[str, ...]) -> None:
        """Input `channel` should carry what these words mean; none: what its name means."""
        self._expect(self._knowledge.expect(channel, words))

    def band(self, words: tuple[str, ...]) -> None:
        """These play; none: nothing is known of who plays."""
        self._expect(self._knowledge.band(words))

    def name_after(self, tracks: DawTracks) -> dict[int, str]:
        """Inputs without a name of their own take their track's; the new names by channel."""
        news = self._knowledge.name_after(tracks)
        if news:
            self._stamps.rename(news)
            self._expect(self._knowledge.now)
        return news

    def accept(self) -> list[Event]:
        """The group that was proposed last is told as one from now on; nothing where none was proposed."""
        return self._regroup(self._grouping.accept(), "accepted")

    def undo(self) -> list[Event]:
        """The group that was made last is told input by input again; nothing where there is none."""
        return self._regroup(self._grouping.undo(), "dissolved")

    def tell_groups(self) -> list[Event]:
        """The groups of the configuration."""
        return [event for group in self._grouping.groups for event in self._tell("group", _group(group, "accepted"))]

    def _regroup(self, group: Group | None, state: str) -> list[Event]:
        self._separate()
        return self._tell("group", _group(group, state)) if group else []

    def _expect(self, now: Expectations) -> None:
        self._decider.expect(now.doubted() if self._doubting else now)
        self._check.expect(now.expected)

    def check(self, action: str, channel: int | None) -> list[Event]:
        """The line check starts ("ask" is hands-free), stops, checks `channel` again, skips it, or changes nothing.

        Raises CheckError with one line where that cannot be.
        """
        drafts = self._check.do(action, channel)
        self._doubt()
        return self._stamps.events(drafts)

    def _doubt(self) -> None:
        """While lines are checked, what a name tells is the very question: it weighs less."""
        if self._doubting != self._check.running:
            self._doubting = self._check.running
            self._expect(self._knowledge.now)

    def arm(self, tracks: DawTracks) -> None:
        """The line check looks only at inputs whose tracks are armed, and at those of which the DAW tells nothing."""
        self._check.arm(tracks.armed_inputs(self._knowledge.feeds))

    def check_status(self) -> str:
        """Where the line check stands, in a few sentences."""
        return status(self._check.results(), self.identity.names, self._check.running, self._check.asked)

    def check_results(self) -> list[Result]:
        """Every input that the line check looks at; empty before the first one."""
        return self._check.results()

    def levels(self) -> dict[str, list[float]]:
        """Peak and RMS of the last hop, in dBFS, one number an input."""
        levels = self._watch.levels
        return {"peak_dbfs": _rounded(levels.peak_dbfs), "rms_dbfs": _rounded(levels.rms_dbfs)}

    def take_held_peaks(self) -> list[float]:
        """The highest peak of every input since this was last asked, in dBFS."""
        return _rounded(self._watch.take_held_peaks())

    # ---- one hop

    def _judge_all(self, hops: Sequence[Hop], skip: int) -> list[Event]:
        events: list[Event] = []
        for index, hop in enumerate(hops):
            events += self._listen(hop, judge=index >= skip)
        if skip:
            self.counts.skipped += skip
            events += self._tell("overrun", {"skipped_windows": skip})
        return events

    def _listen(self, hop: Hop, judge: bool) -> list[Event]:
        self._decided = hop.decided_sample
        drafts = self._watch.step(hop.block, hop.start_sample)
        separated = self._separation.step(hop)
        gating = separated.gating
        if judge:
            odds, failed = self._ask(hop, separated.own)
            judged = separated.own & (not failed)
            reading = Reading(
                hop.start_sample,
                hop.decided_sample,
                odds,
                judged,
                gating.level_dbfs,
                gating.rise_sample,
                gating.fall_sample,
            )
            drafts = (
                drafts
                + self._decider.step(self._grouping.merged(reading))
                + self._requested.step(self.wanted, hop, separated)
            )
            drafts += self._proposals(hop)
        peaks_dbfs: list[float] = self._watch.levels.peak_dbfs.tolist()
        drafts = drafts + self._check.step(drafts, hop.decided_sample, peaks_dbfs)
        self._doubt()
        return self._stamps.events(drafts)

    def _ask(self, hop: Hop, own: NDArray[np.bool_]) -> tuple[NDArray[np.float64], bool]:
        """Log-odds [inputs, labels], and whether the model failed: then this hop tells nothing."""
        odds = np.zeros((len(self.identity.names), len(self._ears.labels)))
        rows = np.flatnonzero(own)
        self.counts.windows += len(rows)
        if not len(rows):
            return odds, False
        try:
            odds[rows] = log_odds(self._ears.tag(np.clip(hop.window[rows], -1, 1)))
        except (TaggerError, RuntimeError) as error:
            self.counts.failed_hops += 1
            log.warning("the model failed on a hop: %s", error)
            return odds, True
        return odds, False

    def _proposals(self, hop: Hop) -> list[Draft]:
        found = [tuple(row + 1 for row in group) for group in self._separation.proposed]
        at = (hop.start_sample, hop.decided_sample)
        return [Draft("group", *at, fields=_group(group, "proposed")) for group in self._grouping.propose(found)]

    def _separate(self) -> None:
        """Inputs of one group do not explain each other."""
        self._separation.together([[channel - 1 for channel in group] for group in self._grouping.groups])

    def _without_bad_samples(self, block: Audio) -> tuple[Audio, list[Draft]]:
        """`block` with zeros for what is not a number, and a draft that says so once until a second was clean."""
        bad = int(block.size - np.isfinite(block).sum())
        if not bad:
            return block, []
        self.counts.bad_samples += bad
        news = self._windows.position >= self._clean_from
        self._clean_from = self._windows.position + block.shape[1] + self.identity.rate
        detail = f"{bad} samples are not numbers; heard as silence"
        fields = {"state": "bad_samples", "detail": detail}
        drafts = [Draft("device", self._windows.position, self._decided, fields=fields)] if news else []
        return np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), drafts

    # ---- events

    def _tell(self, kind: str, fields: Mapping[str, Any]) -> list[Event]:
        return self._stamps.events([Draft(kind, self._windows.position, self._decided, fields=fields)])


def _group(group: Group, state: str) -> dict[str, Any]:
    return {"channels": list(group), "state": state}


def _rounded(levels_dbfs: NDArray[np.floating]) -> list[float]:
    return np.round(levels_dbfs.astype(np.float64), 1).tolist()
