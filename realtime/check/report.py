"""What the line check found, at its end: a table, or plain lines for screen readers."""

from collections.abc import Sequence
from typing import Final

from rich.table import Table

from ...model.labels import BY_ID
from .inputs import Result
from .words import fault, line

WELL: Final = 0
NOT_WELL: Final = 1


def exit_code(results: Sequence[Result]) -> int:
    """1 where a line is open, wrong or bad; 0 where all are well."""
    return WELL if results and all(result.is_well for result in results) else NOT_WELL


def table(results: Sequence[Result], names: Sequence[str]) -> Table:
    """One row an input; `names` are those of all inputs."""
    out = Table(box=None, pad_edge=False)
    out.add_column("input", justify="right")
    out.add_column("name")
    out.add_column("expected", max_width=28)
    out.add_column("result", style="bold")
    out.add_column("heard")
    out.add_column("peak dBFS", justify="right")
    out.add_column("line")
    for result in results:
        out.add_row(*row(result, names[result.channel - 1]))
    return out


def row(result: Result, name: str) -> tuple[str, ...]:
    """The cells of one input."""
    swapped = f"swapped with {result.other}?" if result.state == "swapped" else ""
    belongs = f"wrong: input {result.other}'s?" if result.state == "wrong" and result.other else ""
    return (
        str(result.channel),
        name,
        _spoken(result.expected),
        swapped or belongs or result.state,
        BY_ID[result.heard].spoken if result.heard else "nothing",
        f"{result.peak_dbfs:.1f}" if result.heard else "",
        ", ".join(fault(state, detail) for state, detail in result.faults.items()),
    )


def plain_lines(results: Sequence[Result], names: Sequence[str]) -> list[str]:
    """One sentence an input, in the order of the inputs, and the sum."""
    good = sum(result.is_well for result in results)
    lines = [line(result, names[result.channel - 1]) for result in results]
    return [*lines, f"{good} of {len(results)} well."]


def _spoken(labels: frozenset[str]) -> str:
    """The names of `labels` as people say them, each once, in the order of the table of labels."""
    return ", ".join(dict.fromkeys(label.spoken for label in BY_ID.values() if label.id in labels))
