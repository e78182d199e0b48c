"""All networks on the same corpus with the same budget: train each, export it, and judge them side by side.

Each `model/configs/compare-NETWORK.toml` is one run. Writes a Markdown table (results/accuracy.md), an accessible page
with plots (results/accuracy/index.html) and all numbers (results/accuracy.json). Runs and model files stay in --work: a
run that is done is not trained again.

    python bench/accuracy.py --data ../shared/audio/validation [--only earmark --only cod] [--work .cache/compare]
"""

import time
from pathlib import Path
from typing import Any

import click
from common import RESULTS, publish

from earmark.model import export
from earmark.model.judging import report, tables
from earmark.model.judging.evaluate import Report, evaluate
from earmark.model.training import config, run

CONFIGS = Path(__file__).resolve().parents[1] / "model" / "configs"
PREFIX = "compare-"


def configs(only: tuple[str, ...]) -> dict[str, Path]:
    """The comparison's configs by network, all of them or those named."""
    found = {path.stem.removeprefix(PREFIX): path for path in sorted(CONFIGS.glob(f"{PREFIX}*.toml"))}
    if unknown := set(only) - found.keys():
        raise click.UsageError(f"no config for {', '.join(sorted(unknown))}; there is one for {', '.join(found)}")
    return {name: path for name, path in found.items() if not only or name in only}


def trained(name: str, path: Path, data: Path, work: Path) -> tuple[Path, float]:
    """The model file of one network, trained and calibrated on `data`, and the seconds that it took."""
    started = time.monotonic()
    plan = config.load(path).model_copy(update={"out": work / name})
    checkpoint = run.train(plan)
    out = work / f"{name}.ts"
    export.export([checkpoint], out, data)
    return out, time.monotonic() - started


def row(found: Report, seconds: float) -> dict[str, Any]:
    """One network's figures for the JSON file."""
    figures = found.figures
    return {
        "network": found.title,
        "seconds": round(seconds),
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


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--work", type=click.Path(path_type=Path, file_okay=False), default=Path(".cache/compare"))
@click.option("--only", multiple=True, metavar="NETWORK", help="leave out the others")
def main(data: Path, work: Path, only: tuple[str, ...]) -> None:
    report.prepare(RESULTS / "accuracy")
    work.mkdir(parents=True, exist_ok=True)
    made = {name: trained(name, path, data, work) for name, path in configs(only).items()}
    reports = evaluate([file for file, _ in made.values()], data)
    report.write(reports, RESULTS / "accuracy")
    (RESULTS / "accuracy.md").write_text(report.markdown(tables.summary(reports)), encoding="utf-8")
    rows = [row(found, seconds) for found, (_, seconds) in zip(reports, made.values(), strict=True)]
    publish("accuracy", {"data": data.name, "networks": rows})


if __name__ == "__main__":
    main()
