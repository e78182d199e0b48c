"""`earmark model corpus`: sound to learn from."""

from pathlib import Path

import click


@click.group("corpus")
def corpus() -> None:
    """Build the sound that models learn from."""


@corpus.command("build")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of the corpus.")
@click.option(
    "--add",
    "added",
    multiple=True,
    metavar="FOLDER|NAME:DIR",
    help="A folder with a manifest.csv, or a data set by name and folder (openmic2018:DIR, experiment/cod:DIR).",
)
@click.option(
    "--licences",
    default="any",
    show_default=True,
    help='What to keep out: a list such as "no-nc,no-gpl"; no-nc also means research only.',
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same corpus.")
@click.option("--only", multiple=True, metavar="SOURCE", help="Build from this source; “added”: from none.")
def build_command(out: Path, added: tuple[str, ...], licences: str, seed: int, only: tuple[str, ...]) -> None:
    """Fetch sources, render them one track at a time, add folders, and write OUT/manifest.csv.

    A build that was stopped goes on where it was. Clips are made with fluidsynth; packages come by apt-get and npm.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from .licences import unwanted
    from .recipe import Recipe, build, choose
    from .summary import tables

    recipe = Recipe(out, choose(only), added, unwanted(licences), seed)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        rows = build(recipe, progress)
    for table in tables(rows):
        Console().print(table)
