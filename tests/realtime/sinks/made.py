"""Made-up sessions, one event after the other, and somebody who notes what a sink has to say."""

import threading
import time
from collections.abc import Callable
from typing import Any

from earmark.model.labels import BY_ID
from earmark.realtime.events import Event
from earmark.realtime.health import Health

RATE = 48_000
HOP = 12_000


class Script:
    """Stamps events as a session does: `seq` from 1, a hop later each time."""

    def __init__(self, session: str = "s1", names: tuple[str, ...] = ("Vox", "Gtr", "Bass", "Keys")) -> None:
        self.session = session
        self.names = names
        self.seq = 0

    def event(self, kind: str, channel: int | None = None, **fields: Any) -> Event:
        self.seq += 1
        sample = self.seq * HOP
        return Event(
            session=self.session,
            seq=self.seq,
            kind=kind,
            channel=channel,
            name=None if channel is None else self.names[channel - 1],
            sample=sample - 5000,
            decided_sample=sample,
            rate=RATE,
            utc_ns=1_800_000_000_000_000_000 + sample * 1_000_000_000 // RATE,
            emitted_ns=1_800_000_000_000_000_000 + sample * 1_000_000_000 // RATE + 9_000_000,
            take=None,
            fields=fields,
        )

    def state(self) -> Event:
        channels = [{"channel": n, "name": name, "labels": [], "signals": []} for n, name in enumerate(self.names, 1)]
        return self.event("state", path=None, rate=RATE, take=None, channels=channels)

    def onset(self, channel: int, label: str, confidence: float = 0.8) -> Event:
        return self.event("onset", channel, label=label, family=BY_ID[label].family, confidence=confidence)

    def offset(self, channel: int, label: str) -> Event:
        return self.event("offset", channel, label=label, family=BY_ID[label].family, confidence=0.1)

    def rename(self, channel: int, old: str, new: str, onset_sample: int = 77) -> Event:
        fields = {"from": old, "to": new, "family": BY_ID[new].family, "confidence": 0.9, "onset_sample": onset_sample}
        return self.event("rename", channel, **fields)

    def signal(self, channel: int, state: str, on: bool = True, detail: str | None = None) -> Event:
        return self.event("signal", channel, state=state, on=on, detail=detail)

    def scores(self, channel: int) -> Event:
        return self.event("scores", channel, scores={"violin": 0.5})

    def toggles(self, count: int, channel: int = 1, label: str = "violin") -> list[Event]:
        """Onset, offset, onset … of one label: `count` events."""
        return [(self.offset if k % 2 else self.onset)(channel, label) for k in range(count)]


class Notes:
    """Takes what a sink reports, and how often it asks for a state."""

    def __init__(self) -> None:
        self.health: list[Health] = []
        self.states_wanted = 0
        self._lock = threading.Lock()

    def report(self, health: Health) -> None:
        with self._lock:
            self.health.append(health)

    def want_state(self) -> None:
        with self._lock:
            self.states_wanted += 1

    @property
    def states(self) -> list[str]:
        return [health.state for health in self.health]


def until(true: Callable[[], Any], timeout_s: float = 20.0) -> None:
    """Waits for something another thread does; fails loudly where it never happens."""
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)
