"""All networks on the same corpora with the same computing: train each, export it, and judge them side by side.

Each `model/configs/compare-NETWORK.toml` is one run; its windows are as many as fit the budget that all have. Writes a
Markdown table (results/accuracy.md), an accessible page with plots (results/accuracy/index.html) and all numbers with
the machine and its packages (results/accuracy.json). Runs and model files stay in --work: a run that is done is not
trained again, and one that stopped goes on.

    python bench/accuracy.py --corpus DIR [--corpus DIR ...] --data RECORDINGS [--every N] [--only NETWORK ...]

The large networks take longer to judge on thousands of windows than to train: --every 4 judges on every fourth window.
"""

import json
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click
from common import RESULTS, machine, publish

from earmark.model import export, torchscript
from earmark.model.judging import cases, report, tables, validation
from earmark.model.judging.cases import Cases
from earmark.model.judging.evaluate import Report, evaluate_one
from earmark.model.judging.validation import LabelledWindows
from earmark.model.training import config, run
from earmark.model.training.config import RunConfig

CONFIGS = Path(__file__).resolve().parents[1] / "model" / "configs"
PREFIX = "compare-"
NOTE = (
    "All networks saw the same corpora through the same mixing, under the same loss, for about the same computing; "
    "`earmark` began with AudioSet's weights, the others with random ones. Thresholds and calibration of all were "
    "fitted on the recordings that they are judged on, so figures at thresholds flatter all alike."
)

Windows = TypeVar("Windows", Cases, LabelledWindows)


class Trained(NamedTuple):
    """One network's run: its config, the model file that it ended in, and the seconds that training took."""

    plan: RunConfig
    file: Path
    seconds: float


def configs(only: tuple[str, ...]) -> dict[str, Path]:
    """The comparison's configs by network, all of them or those named."""
    found = {path.stem.removeprefix(PREFIX): path for path in sorted(CONFIGS.glob(f"{PREFIX}*.toml"))}
    if unknown := set(only) - found.keys():
        raise click.UsageError(f"no config for {', '.join(sorted(unknown))}; there is one for {', '.join(found)}")
    return {name: path for name, path in found.items() if not only or name in only}


def thinned(windows: Windows, every: int) -> Windows:
    """The first of each `every` windows."""
    return replace(windows, **{field.name: getattr(windows, field.name)[::every] for field in fields(windows)})


def trained(name: str, path: Path, corpora: tuple[Path, ...], windows: LabelledWindows, work: Path) -> Trained:
    """The network, trained, and calibrated on `windows`; taken from `work` where an earlier call got so far."""
    plan = config.changed(config.load(path), {"corpora": corpora, "out": work / name})
    file, note = work / f"{name}.ts", work / f"{name}.json"
    told = {"config": plan.model_dump(mode="json"), "calibrated_on": len(windows.audio)}
    known: dict[str, Any] = json.loads(note.read_text()) if note.exists() else told | {"seconds": 0.0}
    if {key: known[key] for key in told} != told:
        raise click.UsageError(f"{work / name} is a run with other settings: remove it, or give another --work")
    if file.exists():
        return Trained(plan, file, known["seconds"])
    started = time.monotonic()
    try:
        checkpoint = run.train(plan)
    finally:
        known["seconds"] += time.monotonic() - started
        note.write_text(json.dumps(known, indent=1) + "\n")
    network = export.network_of([checkpoint])
    passing = export.calibrated(network, windows)
    torchscript.save(torchscript.script(network), file, export.meta_of(network, passing, file.stem))
    return Trained(plan, file, known["seconds"])


def row(found: Report, made: Trained) -> dict[str, Any]:
    """One network's figures for the JSON file."""
    figures = found.figures
    return {
        "network": found.title,
        "windows": made.plan.windows,
        "seconds": round(made.seconds),
        "size_bytes": found.size_bytes,
        "ms_a_window": found.speed.p50_ms,
        "top1": figures.naming.top1,
        "family": figures.naming.family,
        "ece": figures.naming.ece,
        "map_one": figures.one.mean_ap,
        "micro_f1_one": figures.one.micro_f1,
        "map_several": figures.several.mean_ap,
        "micro_f1_several": figures.several.micro_f1,
        "lrap_several": figures.several.lrap,
        "false_alarms": figures.alarms.get("any"),
    }


def training(made: dict[str, Trained]) -> tables.Table:
    """What each network learned from."""
    rows = tuple(
        (name, f"{one.plan.windows:,}", str(one.plan.batch), f"{one.plan.rate:g}", f"{one.seconds / 60:.1f}")
        for name, one in made.items()
    )
    return tables.Table("Training", ("Network", "Windows", "Batch", "Rate", "Minutes"), rows)


def markdown(reports: list[Report], made: dict[str, Trained]) -> str:
    """Both tables, and what has to be said of them."""
    here = machine()
    where = f"{here['cpu']}, {here['cores']} cores, {here['gpu'] or 'no GPU'}; PyTorch {here['packages']['torch']}."
    parts = (report.markdown(tables.summary(reports)), report.markdown(training(made)), f"{NOTE}\n", f"{where}\n")
    return "\n".join(parts)


@click.command(help=__doc__)
@click.option(
    "--corpus",
    "corpora",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    required=True,
    help="a folder with a manifest.csv; may be given again",
)
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--every", type=click.IntRange(1), default=1, show_default=True, help="judge on every nth window only")
@click.option("--work", type=click.Path(path_type=Path, file_okay=False), default=Path(".cache/compare"))
@click.option("--only", multiple=True, metavar="NETWORK", help="leave out the others")
def main(corpora: tuple[Path, ...], data: Path, every: int, work: Path, only: tuple[str, ...]) -> None:
    report.prepare(RESULTS / "accuracy")
    work.mkdir(parents=True, exist_ok=True)
    windows = thinned(validation.windows(data), every)
    made = {name: trained(name, path, corpora, windows, work) for name, path in configs(only).items()}
    judged = thinned(cases.load(data), every)
    reports = [evaluate_one(name, one.file, judged, data.name, lambda _: None) for name, one in made.items()]
    report.write(reports, RESULTS / "accuracy")
    (RESULTS / "accuracy.md").write_text(markdown(reports, made), encoding="utf-8")
    rows = [row(found, one) for found, one in zip(reports, made.values(), strict=True)]
    publish("accuracy", {"data": data.name, "every": every, "networks": rows})


if __name__ == "__main__":
    main()
