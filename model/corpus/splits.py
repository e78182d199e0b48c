"""Who learns and who judges: a split by group, so that no player, song, kit or font family is on both sides."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

VALIDATION_SHARE = 0.1


def split(rows: Sequence[Mapping[str, str]], seed: int) -> list[str]:
    """ "train" or "validation" for each row, by its `group`; a row that comes with a `split` keeps it.

    Groups go to validation in an order that only the seed and their names decide, as long as no more than a tenth of
    the sound of each of their labels is there: so each label keeps what to learn from.
    """
    minutes = _minutes(rows)
    given = {row["group"]: row["split"] for row in rows if row.get("split")}
    total: dict[str, float] = {}
    for labels in minutes.values():
        for label, value in labels.items():
            total[label] = total.get(label, 0.0) + value
    held = dict.fromkeys(total, 0.0)
    for group in sorted(minutes, key=lambda name: hashlib.sha256(f"{seed}/{name}".encode()).digest()):
        if group in given:
            continue
        fits = all(held[label] + value <= VALIDATION_SHARE * total[label] for label, value in minutes[group].items())
        given[group] = "validation" if fits else "train"
        if fits:
            for label, value in minutes[group].items():
                held[label] += value
    return [row.get("split") or given[row["group"]] for row in rows]


def shared_groups(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Groups with rows in training and in validation; a good corpus has none."""
    sides: dict[str, set[str]] = {"train": set(), "validation": set()}
    for row in rows:
        sides.setdefault(row["split"], set()).add(row["group"])
    return sorted(sides["train"] & sides["validation"])


def _minutes(rows: Sequence[Mapping[str, str]]) -> dict[str, dict[str, float]]:
    """Minutes of each label in each group."""
    minutes: dict[str, dict[str, float]] = {}
    for row in rows:
        labels = minutes.setdefault(row["group"], {})
        labels[row["label"]] = labels.get(row["label"], 0.0) + float(row["dur_s"]) / 60
    return minutes
