"""`earmark model`: making, training, judging and exporting models."""

import logging
from pathlib import Path

import click

from .corpus.commands import corpus
from .judging.commands import evaluate_command, evaluate_parts_command
from .training.commands import nets_command, parts_command, train_command


@click.group("model")
def model() -> None:
    """Make a corpus, train a network on it, judge it and export it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")


model.add_command(corpus)
model.add_command(train_command)
model.add_command(parts_command)
model.add_command(nets_command)
model.add_command(evaluate_command)
model.add_command(evaluate_parts_command)


@model.command("export")
@click.argument("checkpoints", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--validation",
    type=click.Path(path_type=Path, exists=True),
    help="Folder with a recordings.csv to calibrate on; without it the network's own scores are kept.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    help="How far from the starting weights to the trained ones; 0.6 where a run started from public weights, else 1.",
)
@click.option(
    "--precision",
    type=click.FloatRange(0, 1),
    help="Precision that the thresholds aim at; without it they aim at the best F1.",
)
@click.option(
    "--licence", default="not stated", show_default=True, help="Licence of the weights, for those who get them."
)
@click.option("--pt2", type=click.Path(path_type=Path), help="Write the network as a torch.export program too.")
def export_command(
    checkpoints: tuple[Path, ...],
    out: Path,
    validation: Path | None,
    share: float | None,
    precision: float | None,
    licence: str,
    pt2: Path | None,
) -> None:
    """Write a run's checkpoint, or the mean of several, as the model file OUT, called as the file is."""
    from .export import export

    export(list(checkpoints), out, validation, licence=licence, share=share, precision=precision, pt2=pt2)
    click.echo(out)


@model.command("sources")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def sources_command(folders: tuple[Path, ...]) -> None:
    """Print the model card's table of sources, from the folders' manifests."""
    from .card import sources_table

    click.echo(sources_table(list(folders)), nl=False)
