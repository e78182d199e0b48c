"""The figures of names in takes as tables."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from event_findings import Findings, Found, Result
from event_scores import Tally, figures
from event_variants import BAND, SHIPPED, TWO_PASS, Variant, shipped_value
from takes_layout import QUIET_INPUTS, Half

from earmark.model.judging.tables import Row, Table

COLUMNS: Final = {
    "heard": "Heard",
    "right": "Right",
    "kin": "Kin",
    "wrong": "Wrong",
    "sibling": "Sibling",
    "stray": "Stray",
    "names_per_min": "Names a minute",
    "late_s": "Late (s)",
    "false_names": "False names in quiet",
}
OVER_TIME: Final = {
    "onset_f": "Onset F",
    "named_f": "Named onset F",
    "offset_f": "Offset F",
    "error_rate": "Label error rate",
    "flicker_per_min": "Flicker a minute",
    "late_s": "Late p50 (s)",
    "late_p95_s": "Late p95 (s)",
}
FALSE: Final = {f"false_per_hour_{kind}": kind.capitalize() for kind in QUIET_INPUTS}
PARTS: Final[tuple[Half | None, ...]] = (None, "A", "B")
DECIMALS: Final = {"per_min": 1, "per_hour": 1, "false_names": 0}
"""Of figures that are named so; all others have three."""


class Target(NamedTuple):
    """A figure of a variant that is to be at least (or else at most) `limit`."""

    figure: str
    at_least: bool
    limit: float
    variant: Variant = SHIPPED


TARGETS: Final = (
    Target("heard", True, 0.90),
    Target("right", True, 0.78),
    Target("wrong", False, 0.05),
    Target("sibling", False, 0.05),
    Target("stray", False, 0.02),
    Target("names_per_min", False, 7.0),
    Target("late_s", False, 0.7),
    Target("false_names", False, 1),
    Target("right", True, 0.84, BAND),
    Target("wrong", False, 0.03, BAND),
    Target("right", True, 0.88, TWO_PASS),
)
LOUDER: Final = 0.02
"""This much more wrong and stray seconds at most, however loud the bleed."""


class Aim(NamedTuple):
    """One line of what was aimed at: `found` on all takes and on each half, and whether the first is within `limit`."""

    name: str
    figure: str
    found: tuple[float | None, ...]
    limit: str
    kept: bool


def aims(findings: Findings) -> list[Aim]:
    """What was aimed at, of what was run, and what was found."""
    usual = {result.variant.name: result for result in findings.usual}
    found = [_aim(one, usual[one.variant.name]) for one in TARGETS if one.variant.name in usual]
    first, *others = [results[0] for results in findings.variants.values()]
    for bleed, result in zip(list(findings.variants)[1:], others, strict=True):
        for figure in ("wrong", "stray"):
            more = tuple(_less(result.figures(half)[figure], first.figures(half)[figure]) for half in PARTS)
            name = f"{COLUMNS[figure]}, more at {bleed.title}"
            found.append(Aim(name, figure, more, f"≤ {LOUDER:g}", more[0] is not None and more[0] <= LOUDER))
    return found


def _aim(target: Target, result: Result) -> Aim:
    found = tuple(result.figures(half)[target.figure] for half in PARTS)
    name = COLUMNS[target.figure] + (f", {target.variant.name}" if target.variant is not SHIPPED else "")
    limit = f"{'≥' if target.at_least else '≤'} {target.limit:g}"
    kept = found[0] is not None and (found[0] >= target.limit if target.at_least else found[0] <= target.limit)
    return Aim(name, target.figure, found, limit, kept)


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def targets(findings: Findings) -> Table:
    """What was aimed at, and what was found on all takes and on each half of them."""
    rows = [
        (one.name, *(cell(one.figure, value) for value in one.found), one.limit, "yes" if one.kept else "no")
        for one in aims(findings)
    ]
    return Table("Targets", ("Figure", "All takes", "Half A", "Half B", "Target", "Kept"), tuple(rows))


def variants(results: Sequence[Result], bleed: str) -> Table:
    """Each part switched off in turn, and what is told beforehand."""
    return _by_variant(results, COLUMNS, f"Each part switched off in turn, and what may be told (bleed {bleed})")


def halves(results: Sequence[Result]) -> Table:
    """The same of each half of the takes."""
    names = {name: COLUMNS[name] for name in ("heard", "right", "wrong", "sibling", "stray", "names_per_min")}
    header = ("Variant", *(f"{column}, {half}" for column in names.values() for half in "AB"))
    rows: list[Row] = []
    for result in results:
        found = {"A": result.figures("A"), "B": result.figures("B")}
        rows.append((result.variant.name, *(cell(name, found[half][name]) for name in names for half in "AB")))
    return Table("The half that constants were fitted on (A), and the other (B)", header, tuple(rows))


def bleeds(findings: Findings) -> Table:
    """How the shares hold as the inputs bleed more."""
    names = ("right", "wrong", "stray")
    header = ("Variant", *(f"{COLUMNS[name]}, {bleed.title}" for name in names for bleed in findings.variants))
    rows: list[Row] = []
    for place, result in enumerate(findings.usual):
        found = [results[place].figures() for results in findings.variants.values()]
        rows.append((result.variant.name, *(cell(name, one[name]) for name in names for one in found)))
    return Table("As inputs bleed more into each other", header, tuple(rows))


def over_time(results: Sequence[Result]) -> Table:
    """How well the events' own times lie, and how steady names are."""
    return _by_variant(results, OVER_TIME, "Events in time (onsets and offsets within 0.5 s)")


def quiet(results: Sequence[Result]) -> Table:
    """Instruments that were named where there are none."""
    return _by_variant(results, FALSE, "Names an hour in quiet")


def takes(shipped: Result) -> Table:
    """Every take by itself."""
    rows = [
        _row(name, figures(sum(halves.values(), Tally())), COLUMNS) for name, halves in sorted(shipped.takes.items())
    ]
    return Table("Takes, as it ships", ("Take", *COLUMNS.values()), tuple(rows))


def swept(setting: str, results: Sequence[tuple[float, Result]]) -> Table:
    """A constant's values, the one that ships marked with a star."""
    names = {name: COLUMNS[name] for name in ("right", "wrong", "sibling", "names_per_min")}
    header = ("Value", *(f"{column}, {half}" for column in names.values() for half in "AB"))
    rows: list[Row] = []
    for value, result in results:
        found = {"A": result.figures("A"), "B": result.figures("B")}
        cells = (cell(name, found[half][name]) for name in names for half in "AB")
        both = (cell(name, result.figures()[name]) for name in ("late_s", "false_names"))
        rows.append((f"{value:g}{'*' if value == shipped_value(setting) else ''}", *cells, *both))
    return Table(setting, (*header, COLUMNS["late_s"], COLUMNS["false_names"]), tuple(rows))


def cell(name: str, value: float | None) -> str:
    """A figure as text."""
    if value is None:
        return "none"
    return f"{value:.{next((digits for part, digits in DECIMALS.items() if part in name), 3)}f}"


def _by_variant(results: Sequence[Result], columns: dict[str, str], caption: str) -> Table:
    rows = [_row(result.variant.name, result.figures(), columns) for result in results]
    return Table(caption, ("Variant", *columns.values()), tuple(rows))


def _row(name: str, found: Found, columns: dict[str, str]) -> Row:
    return (name, *(cell(one, found.get(one)) for one in columns))
