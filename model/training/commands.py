"""`earmark model train`."""

from pathlib import Path
from typing import Any

import click


@click.command("train")
@click.option("--config", "file", default="earmark", show_default=True, help="A TOML file, or a shipped one's name.")
@click.option("--net", help="The network; `earmark model nets` lists them.")
@click.option(
    "--corpus",
    "corpora",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    help="Folder with a manifest.csv and its recordings; may be given more than once.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the run; a run that stopped goes on.")
@click.option("--windows", type=click.IntRange(1), help="Windows to learn from.")
@click.option("--seed", type=int, help="What the run's random numbers begin with.")
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), help="Where it learns.")
@click.option("--licences", type=click.Choice(["all", "no-nc"]), help="no-nc leaves out what forbids commercial use.")
def train_command(file: str, corpora: tuple[Path, ...], **options: Any) -> None:
    """Train a network as a config says. Flags overrule the config; a run that stopped goes on."""
    from . import config, run

    given = {name: value for name, value in options.items() if value is not None}
    if corpora:
        given["corpora"] = corpora
    click.echo(run.train(config.changed(config.load(Path(file)), given)))


@click.command("nets")
def nets_command() -> None:
    """List the networks that can be trained."""
    from ..nets.catalogue import names

    click.echo("\n".join(names()))


@click.command("parts")
@click.argument("model", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--packages",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder of unpacked packages of drum kits; what is not there is fetched.",
)
@click.option(
    "--corpus",
    "corpora",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    required=True,
    help="Folder with a manifest.csv: single drum hits, and all that is no drum; may be given more than once.",
)
@click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    default=".cache/parts",
    show_default=True,
    help="Folder for the windows; what is there is not made again.",
)
@click.option("--seed", default=1, show_default=True, help="What the random numbers begin with.")
def parts_command(model: Path, out: Path, packages: Path, corpora: tuple[Path, ...], work: Path, seed: int) -> None:
    """Give MODEL a second head for kick, snare, hi-hat, tom and cymbals on close microphones, as OUT.

    What the file said before stays the same. `earmark model evaluate-parts` judges it on kits that are held out.
    """
    from .part_windows import Amount
    from .parts import Sound, make

    make(model, out, Sound(packages, corpora, Path(".cache/corpus"), work), Amount(), seed)
    click.echo(out)
