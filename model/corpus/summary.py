"""What a corpus holds: minutes of each label and of each licence, as tables to print."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from .manifest import is_non_commercial

Row = Mapping[str, str]


def minutes_by(rows: Sequence[Row], column: str) -> dict[str, tuple[float, float]]:
    """Minutes in training and in validation for each value of a column, most first."""
    sums: dict[str, list[float]] = {}
    for row in rows:
        of_value = sums.setdefault(row[column], [0.0, 0.0])
        if row["split"] in ("train", "validation"):
            of_value[row["split"] == "validation"] += float(row["dur_s"]) / 60
    ordered = sorted(sums.items(), key=lambda item: -sum(item[1]))
    return {value: (train, validation) for value, (train, validation) in ordered}


def tables(rows: Sequence[Row]) -> list[Table]:
    """Minutes by label, then by licence; licences that forbid commercial use are marked."""
    made: list[Table] = []
    for column in ("label", "licence"):
        table = Table(column, "train, minutes", "validation, minutes", title=f"Sound by {column}")
        for value, (train, validation) in minutes_by(rows, column).items():
            mark = " [bold](NC)[/]" if column == "licence" and is_non_commercial(value) else ""
            table.add_row(value + mark, f"{train:.1f}", f"{validation:.1f}")
        made.append(table)
    return made
