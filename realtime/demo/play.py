"""`earmark demo`: the bundled session through the whole chain at real time, then what should have been heard."""

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

import click

from ..config import merged
from ..events import Event
from ..flags import checked
from ..live import Show, run_source, with_journal
from ..sources.file import FileSource
from .compare import compare, report

SETTINGS: Final[Mapping[str, Any]] = {
    "osc": {"targets": ["127.0.0.1:9000"], "listen": "127.0.0.1:9001"},
    "midi": {"port": "virtual"},
    "ws": {"listen": "127.0.0.1:8765"},
}


class Keeper:
    """Keeps every event of the short session."""

    wanted: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.events: list[Event] = []

    def put(self, events: Sequence[Event]) -> None:
        self.events += events


def run_demo(flags: Mapping[str, Any], for_s: float | None, show: Show) -> None:
    """Play, then print the events beside the true entries. A way out that this machine lacks is only told."""
    folder = resources.files("earmark.realtime.demo")
    truth = json.loads(folder.joinpath("truth.json").read_text(encoding="utf-8"))
    names = [{"channel": n, "name": name} for n, name in enumerate(truth["names"], 1)]
    config = with_journal(checked(merged(merged(SETTINGS, {"inputs": names}), flags)))
    keeper = Keeper()
    with resources.as_file(folder.joinpath("session.ogg")) as path:
        heard_s = run_source(FileSource(Path(path)), config, for_s, show, needs_all=False, tap=keeper)
    click.echo(report(compare(truth, keeper.events, min(heard_s, truth["length_s"]))), err=True)
