"""Made-up hops for the tests of the line check: names and states of lines as drafts."""

from collections.abc import Callable, Iterable, Sequence

from earmark.realtime.check.line_check import LineCheck
from earmark.realtime.events import Draft

RATE = 48_000
HOP = RATE // 4

KICK, SNARE, PIANO, VIOLIN = (frozenset({label}) for label in ("kick", "snare", "piano", "violin"))
SINGER = frozenset({"female_singer", "male_singer", "vocalists"})


def onset(channel: int, label: str) -> Draft:
    return Draft("onset", 0, 0, channel, {"label": label, "family": "", "confidence": 0.9})


def offset(channel: int, label: str) -> Draft:
    return Draft("offset", 0, 0, channel, {"label": label, "family": "", "confidence": 0.2})


def rename(channel: int, old: str, new: str) -> Draft:
    fields = {"from": old, "to": new, "family": "", "confidence": 0.9, "onset_sample": 0}
    return Draft("rename", 0, 0, channel, fields)


def signal(channel: int, state: str, on: bool = True, detail: str = "") -> Draft:
    return Draft("signal", 0, 0, channel, {"state": state, "on": on, "detail": detail})


class Scene:
    """A check of `expected` and its clock; `told` is every draft so far."""

    def __init__(self, *expected: frozenset[str]) -> None:
        self.check = LineCheck(expected, RATE)
        self.told: list[Draft] = []
        self._inputs = len(expected)
        self._decided = 0

    def start(self, hands_free: bool = False) -> "Scene":
        self.told += self.check.start(hands_free=hands_free)
        return self

    def hop(self, *drafts: Draft, peaks_dbfs: Sequence[float] | None = None) -> list[Draft]:
        self._decided += HOP
        placed = [Draft(one.kind, self._decided, self._decided, one.channel, one.fields) for one in drafts]
        news = self.check.step(placed, self._decided, peaks_dbfs or [-100.0] * self._inputs)
        self.told += news
        return news

    def pause(self, seconds: float) -> list[Draft]:
        return [draft for _ in range(round(seconds * RATE / HOP)) for draft in self.hop()]

    def play(self, channel: int, label: str, seconds: float = 3.0) -> list[Draft]:
        """`label` stands on input `channel` for so long."""
        return self.hop(onset(channel, label)) + self.pause(seconds) + self.hop(offset(channel, label))

    def do(self, wish: Callable[[LineCheck], list[Draft]]) -> list[Draft]:
        news = wish(self.check)
        self.told += news
        return news

    @property
    def states(self) -> dict[int, str]:
        return {result.channel: result.state for result in self.check.results()}


def brief(drafts: Iterable[Draft]) -> list[tuple[int | None, str]]:
    """Who and what."""
    return [(draft.channel, draft.fields["state"]) for draft in drafts]
