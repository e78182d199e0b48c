"""The table of a corpus folder: one row a recording, in `manifest.csv`."""

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

MANIFEST = "manifest.csv"
UNSTATED = ("", "none stated", "unknown")


def is_non_commercial(licence: str) -> bool:
    """True where the licence forbids commercial use (or is for research only): what `no-nc` leaves out."""
    text = licence.upper()
    return "NC" in text.replace("/", "-").replace(" ", "-").replace(",", "-").split("-") or "RESEARCH" in text


def is_unstated(licence: str) -> bool:
    """True where the owners state no licence: such sound may teach teachers, never weights that are passed on."""
    return licence.strip().lower() in UNSTATED


def write_manifest(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write `rows`, at least one, as the manifest of `folder`, whole or not at all; returns its path."""
    path, part = folder / MANIFEST, folder / f"{MANIFEST}.part"
    with part.open("w", newline="", encoding="utf-8") as table:
        writer = csv.DictWriter(table, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    os.replace(part, path)
    return path


def read_manifest(folder: Path) -> list[dict[str, str]]:
    """Rows of the folder's manifest.

    Raises FileNotFoundError where the folder has none.
    """
    with (folder / MANIFEST).open(newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))
