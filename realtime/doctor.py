"""`earmark doctor`: what works on this machine, and what to do about the rest."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from .config import Config
from .machine_checks import Check, Status, examine

WORDS: dict[Status, str] = {"ok": "ok", "warn": "look", "fail": "FAILS"}
COLOURS: dict[Status, str] = {"ok": "green", "warn": "yellow", "fail": "red"}


def run_doctor(config: Config, as_json: bool) -> None:
    """Print one row a part. Exits with 1 where not even a file could be labelled."""
    checks = examine(config)
    if as_json:
        click.echo(report(checks))
    else:
        Console().print(table(checks))
        click.echo(summary(checks))
    if not able(checks):
        raise SystemExit(1)


def able(checks: Sequence[Check]) -> bool:
    """Whether the main job can be done: sound from a file in, events out."""
    return not any(check.essential and check.status == "fail" for check in checks)


def report(checks: Sequence[Check]) -> str:
    """The rows as JSON: `{"able": bool, "checks": [{"name", "status", "detail", "remedy", "essential"}]}`."""
    return json.dumps({"able": able(checks), "checks": [asdict(check) for check in checks]}, indent=2)


def summary(checks: Sequence[Check]) -> str:
    """One line that a screen reader can stop at."""
    if not able(checks):
        names = [check.name for check in checks if check.essential and check.status == "fail"]
        return f"Earmark cannot work here yet: {', '.join(names)}."
    limited = [check.name for check in checks if check.status != "ok"]
    return f"Earmark works here. To look at: {', '.join(limited)}." if limited else "Everything works here."


def table(checks: Sequence[Check]) -> Table:
    """No lines and no symbols: it is read aloud as well."""
    rows = Table(box=None, pad_edge=False, show_header=False)
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True)
    rows.add_column()
    for check in checks:
        rows.add_row(f"[{COLOURS[check.status]}]{WORDS[check.status]}[/]", check.name, _text(check))
    return rows


def _text(check: Check) -> str:
    text = f"{check.detail}\nto do: {check.remedy}" if check.remedy else check.detail
    return text.replace("[", r"\[")
