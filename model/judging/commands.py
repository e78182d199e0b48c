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
