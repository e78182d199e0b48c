"""`earmark model evaluate`."""

from pathlib import Path

import click


@click.command("evaluate")
@click.argument(
    "models", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="MODEL..."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Folder with labelled recordings (recordings.csv), or a corpus with a split (manifest.csv).",
)
@click.option(
    "--split",
    type=click.Choice(("validation", "test")),
    default="validation",
    show_default=True,
    help="Part of a corpus to judge on.",
)
@click.option(
    "--classes",
    "experiment",
    default="",
    metavar="EXPERIMENT",
    help="Judge by an earlier system's rules too, over its classes: cod, irmas_cnn, cnn14, resnet18, fluffy.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for a page with plots (index.html), a Markdown table and all numbers as JSON.",
)
def evaluate_command(models: tuple[Path, ...], data: Path, split: str, experiment: str, report: Path | None) -> None:
    """Judge model files on labelled recordings, side by side."""
    from . import report as reports
    from .evaluate import evaluate
    from .tables import by_classes, summary

    if report is not None:
        reports.prepare(report)
    found = evaluate(models, data, split, experiment)
    click.echo(reports.markdown(summary(found)), nl=False)
    if experiment:
        click.echo("\n" + reports.markdown(by_classes(found)), nl=False)
    if report is not None:
        click.echo(reports.write(found, report))


@click.command("evaluate-parts")
@click.argument("model", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--packages",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder of unpacked packages of drum kits; what is not there is fetched.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with labelled recordings, for the parts that are heard where there are none.",
)
def evaluate_parts_command(model: Path, packages: Path, data: Path | None) -> None:
    """Judge the parts of drum sets that a model file names on kits that nothing learned from."""
    from ..corpus.drum_kits import sampled_kits
    from ..tagger import Tagger
    from . import parts
    from .cases import load
    from .report import markdown

    tagger = Tagger(model, "auto")
    cases = parts.judge(tagger, list(sampled_kits(packages)))
    click.echo("\n".join(map(markdown, (parts.by_bleed(cases), parts.by_kit(cases)))), nl=False)
    if data is not None:
        click.echo("\n" + markdown(parts.alarm_table(parts.alarms(tagger, load(data)))), nl=False)
