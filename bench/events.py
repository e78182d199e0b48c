"""Whole takes through the session of `earmark label`: how good its names are, and what each part of it is worth.

Labelled recordings are laid out as takes on many inputs (takes_layout.py), run (event_runs.py) and judged from the
moment at which each name was decided (event_scores.py says what each figure means): as it ships, with each part
switched off in turn, with what the engineer may tell, and with one constant at a time swept past its value
(event_variants.py). Constants were fitted on half A of the takes; half B tells how they hold elsewhere.

Writes results/events.md with tables, results/events/ with plots, and results/events.json with all numbers and the
machine (with --quick: events-quick). One take goes through the command itself as well: the events must be the same.

    python bench/events.py [RECORDINGS] [--bleed-db -24 --bleed-db -18 ...] [--no-room] [--model FILE] [--quick]

RECORDINGS is a folder with recordings.csv (path, label, role, song, …); the default is what EARMARK_RECORDINGS names.
--quick takes a few minutes of them, one level of bleed, and only the nearest values of each constant.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from common import RESULTS, machine, publish
from event_findings import Findings, Judge, Result, as_json
from event_plots import draw
from event_runs import RememberingEars, ears_of, same_as_command
from event_tables import aims, bleeds, halves, over_time, quiet, swept, takes, targets, variants
from event_variants import SWEEPS, VARIANTS, sweep
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from takes_layout import RELAY_INPUTS, SMALL, WHOLE, Bleed, Size, bands, recordings, relay
from takes_layout import quiet as quiet_take
from threadpoolctl import threadpool_limits

from earmark.model.judging import report
from earmark.model.judging.plots import Picture

BLEEDS_DB = (-24.0, -18.0, -12.0)


def judge(
    folder: Path, levels: Sequence[Bleed], size: Size, ears: RememberingEars, model: Path | None, progress: Progress
) -> tuple[Findings, bool]:
    """Everything that was found, and whether the command gave the same events."""
    laying = progress.add_task("laying out", total=None)
    rows = recordings(folder)
    alike = [relay(rows, size), quiet_take(rows, size)]
    songs = list(bands(rows, levels[0], size))
    progress.remove_task(laying)
    neighbours = size != WHOLE
    sweeps = {setting: sweep(setting, neighbours) for setting in SWEEPS}
    runs = len(levels) * len(VARIANTS) + sum(map(len, sweeps.values()))
    bar = progress.add_task("judging", total=runs * (len(alike) + len(songs)))
    judges = Judge(ears, lambda: progress.advance(bar))
    found: dict[Bleed, list[Result]] = {levels[0]: [judges.result(one, [*alike, *songs]) for one in VARIANTS]}
    swept_past = {
        setting: [(value, judges.result(one, [*alike, *songs])) for value, one in values]
        for setting, values in sweeps.items()
    }
    shortest = min(songs or alike, key=lambda take: take.samples.size)
    same = same_as_command(shortest, ears, model)
    for level in levels[1:]:
        songs = list(bands(rows, level, size))
        found[level] = [judges.result(one, [*alike, *songs]) for one in VARIANTS]
    return Findings(found, swept_past), same


@click.command(help=__doc__)
@click.argument(
    "folder",
    metavar="RECORDINGS",
    envvar="EARMARK_RECORDINGS",
    default="../shared/audio/validation",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option("--bleed-db", "bleeds_db", type=float, multiple=True, default=BLEEDS_DB, show_default=True)
@click.option("--room/--no-room", default=True, help="also the loudest bleed with each path delayed and filtered")
@click.option("--model", type=click.Path(path_type=Path))
@click.option("--quick", is_flag=True, help="a few minutes of sound")
def main(folder: Path, bleeds_db: tuple[float, ...], room: bool, model: Path | None, quick: bool) -> None:
    name = "events-quick" if quick else "events"
    (RESULTS / name).mkdir(parents=True, exist_ok=True)
    threadpool_limits(limits=1, user_api="blas")  # as live does: more threads make small products slower
    levels = [Bleed(level_db) for level_db in (bleeds_db[:1] if quick else bleeds_db)]
    levels += [Bleed(max(bleeds_db), room=True)] if room and not quick else []
    with _progress() as progress:
        ears = ears_of(model, RELAY_INPUTS)
        findings, same = judge(folder, levels, SMALL if quick else WHOLE, ears, model, progress)
    write(findings, RESULTS / name)
    publish(name, numbers(findings, same) | {"data": folder.name, "quick": quick})


def write(findings: Findings, folder: Path) -> None:
    """The pictures in `folder`, and a Markdown page beside it."""
    pictures = draw(findings, folder)
    folder.with_suffix(".md").write_text(markdown(findings, pictures, folder.name), encoding="utf-8")


def markdown(findings: Findings, pictures: Sequence[Picture], folder: str) -> str:
    """All tables, the pictures in `folder` with their words, and the machine."""
    usual, bleed = findings.usual, next(iter(findings.variants)).title
    found = [targets(findings), variants(usual, bleed), halves(usual), bleeds(findings), over_time(usual), quiet(usual)]
    found += [takes(usual[0]), *(swept(setting, results) for setting, results in findings.sweeps.items())]
    shown = [f"![{one.title}]({folder}/{one.file})\n\n{one.title}: {one.words}\n" for one in pictures]
    here = machine()
    where = f"{here['cpu']}, {here['cores']} cores, {here['gpu'] or 'no GPU'}; PyTorch {here['packages']['torch']}."
    return "\n".join([*map(report.markdown, found), *shown, f"{where}\n"])


def numbers(findings: Findings, same: bool) -> dict[str, Any]:
    """What goes into the JSON file: targets first."""
    kept = {one.name: {"found": one.found[0], "limit": one.limit, "kept": one.kept} for one in aims(findings)}
    return {"targets": kept, "same_events_as_the_command": same, **as_json(findings)}


def _progress() -> Progress:
    console = Console(file=sys.stderr)
    percent = TextColumn("{task.percentage:.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), percent, TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


if __name__ == "__main__":
    main()
