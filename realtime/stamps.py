"""Makes events of what was found: who, when, in which order, and in which take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .events import Draft, Event


@dataclass(frozen=True, slots=True)
class Identity:
    """What names a session: its id, the source's rate in Hz, its inputs' names, the UTC of sample 0, and, for a file,
    its path."""

    session: str
    rate: int
    names: tuple[str, ...]
    started_utc_ns: int
    path: str | None = None


class Stamps:
    """Counts a session's events from 1, and its takes. `clock_ns` is the UTC that events leave with."""

    def __init__(self, identity: Identity, clock_ns: Callable[[], int]):
        self.identity = identity
        self.take: int | None = None
        """The number of the running take."""
        self._clock_ns = clock_ns
        self._seq = 0
        self._takes = 0

    def begin_take(self) -> int:
        self._takes += 1
        self.take = self._takes
        return self._takes

    def anchor_utc(self, utc_ns: int) -> None:
        """Sample 0 came at `utc_ns`."""
        self.identity = replace(self.identity, started_utc_ns=utc_ns)

    def rename(self, names: dict[int, str]) -> None:
        """New names of inputs, by channel."""
        now = [names.get(channel, name) for channel, name in enumerate(self.identity.names, 1)]
        self.identity = replace(self.identity, names=tuple(now))

    def events(self, drafts: Sequence[Draft]) -> list[Event]:
        """The drafts as the session's next events."""
        return [self._event(draft) for draft in drafts]

    def _event(self, draft: Draft) -> Event:
        self._seq += 1
        who = self.identity
        return Event(
            session=who.session,
            seq=self._seq,
            kind=draft.kind,
            channel=draft.channel,
            name=None if draft.channel is None else who.names[draft.channel - 1],
            sample=draft.sample,
            decided_sample=draft.decided_sample,
            rate=who.rate,
            utc_ns=who.started_utc_ns + draft.sample * 1_000_000_000 // who.rate,
            emitted_ns=self._clock_ns(),
            take=self.take,
            fields=draft.fields,
        )
