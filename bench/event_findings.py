"""What was found out about names in takes: tallies by variant, bleed, take and half, and along each sweep."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from event_runs import run
from event_scores import Tally, figures, score
from event_variants import Variant, config_for
from takes_layout import Bleed, Half, Take

from earmark.realtime.session import Ears

Found = Mapping[str, float | None]


@dataclass(frozen=True)
class Result:
    """One variant on all takes: the tallies of each take's halves."""

    variant: Variant
    takes: Mapping[str, Mapping[Half, Tally]]

    def tally(self, half: Half | None = None) -> Tally:
        """The sum over all takes, or over one half of them."""
        parts = [part for halves in self.takes.values() for own, part in halves.items() if half in (None, own)]
        return sum(parts, Tally())

    def figures(self, half: Half | None = None) -> Found:
        """What the sum amounts to; see event_scores.py."""
        return figures(self.tally(half))


@dataclass(frozen=True)
class Findings:
    """`variants`: by bleed, the first of which is the usual one; the first result of each is as it ships. `sweeps`: by
    setting, each value with its result at the usual bleed."""

    variants: Mapping[Bleed, Sequence[Result]]
    sweeps: Mapping[str, Sequence[tuple[float, Result]]]

    @property
    def usual(self) -> Sequence[Result]:
        """All variants at the usual bleed."""
        return next(iter(self.variants.values()))


class Judge:
    """Runs variants over takes, remembers what it found, and calls `advance` after each take."""

    def __init__(self, ears: Ears, advance: Callable[[], None]):
        self._ears = ears
        self._advance = advance
        self._known: dict[tuple[str, str], Mapping[Half, Tally]] = {}

    def result(self, variant: Variant, takes: Sequence[Take]) -> Result:
        """One variant on `takes`; those that it has heard before, it knows by their name."""
        return Result(variant, {take.name: self._judged(variant, take) for take in takes})

    def _judged(self, variant: Variant, take: Take) -> Mapping[Half, Tally]:
        key = variant.name, take.name
        if key not in self._known:
            self._known[key] = score(take, run(take, config_for(variant, take), self._ears, variant.two_pass))
        self._advance()
        return self._known[key]


def as_json(findings: Findings) -> dict[str, Any]:
    """All figures, by bleed, variant and part of the takes."""
    return {
        "variants": {
            bleed.title: {result.variant.name: _parts(result) for result in results}
            for bleed, results in findings.variants.items()
        },
        "takes": {
            name: _rounded(figures(sum(halves.values(), Tally()))) for name, halves in findings.usual[0].takes.items()
        },
        "sweeps": {
            setting: [{"value": value, **_parts(result)} for value, result in results]
            for setting, results in findings.sweeps.items()
        },
    }


def _parts(result: Result) -> dict[str, Any]:
    parts: dict[str, Half | None] = {"all": None, "half A": "A", "half B": "B"}
    return {name: _rounded(result.figures(half)) for name, half in parts.items()}


def _rounded(found: Found) -> dict[str, float | None]:
    return {name: None if value is None else round(value, 4) for name, value in found.items()}
