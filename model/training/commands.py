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
