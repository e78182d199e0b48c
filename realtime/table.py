"""The live table in the terminal: inputs, level, what is heard and how surely."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from ..model.labels import BY_ID
from .board import OPPOSITE

METER_DB = 60
METER_WIDTH = 20


def live_table(snapshot: Mapping[str, Any], levels: Mapping[str, Sequence[float]]) -> Table:
    """A table of a `state` snapshot (see Board.snapshot) with the peaks and RMS of every input."""
    table = Table(expand=True, box=None, pad_edge=False)
    table.add_column("input", justify="right", width=5)
    table.add_column("name", max_width=18, no_wrap=True)
    table.add_column("level, peak dBFS", width=METER_WIDTH + 8, no_wrap=True)
    table.add_column("hears", ratio=1)
    table.add_column("line", max_width=24)
    for row, rms, peak in zip(snapshot["channels"], levels["rms_dbfs"], levels["peak_dbfs"], strict=True):
        line = ", ".join(signal["state"] for signal in row["signals"] if signal["state"] not in OPPOSITE)
        table.add_row(str(row["channel"]), row["name"], _meter(rms, peak), _heard(row), line)
    return table


def _heard(row: Mapping[str, Any]) -> Text:
    """What an input carries, or the input that speaks for its group."""
    first = row.get("group")
    return _names(row["labels"]) if first in (None, row["channel"]) else Text(f"with input {first}", style="dim")


def _meter(rms_dbfs: float, peak_dbfs: float) -> Text:
    filled = round(max(0.0, min(1.0, 1 + rms_dbfs / METER_DB)) * METER_WIDTH)
    style = "red" if peak_dbfs > -1 else "yellow" if peak_dbfs > -6 else "green"
    meter = Text("█" * filled, style=style)
    meter.append("·" * (METER_WIDTH - filled), style="dim")
    return meter.append(f" {peak_dbfs:6.1f}" if peak_dbfs > -100 else "   -inf")


def _names(labels: Sequence[Mapping[str, Any]]) -> Text:
    out = Text()
    for named in labels:
        label = BY_ID[named["label"]]
        out.append(", " if out else "")
        out.append(label.spoken, style="bold")  # the terminal's own colour: the label's may not be legible on it
        if label.kind != "uncertain":
            out.append(f" {named['confidence']:.0%}")
    return out
