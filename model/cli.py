"""`earmark model`: training and export."""

import logging
from pathlib import Path

import click


@click.group("model")
def model() -> None:
    """Train the model and export it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")


@model.command("train")
@click.option(
    "--corpus",
    "corpora",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    required=True,
    help="Folder with a manifest.csv and its recordings; may be given more than once.",
)
@click.option(
    "--audioset",
    type=click.Path(path_type=Path),
    default=Path(".cache/mn04_as_mAP_432.pt"),
    show_default=True,
    help="Checkpoint to start from; downloaded if it is not there.",
)
@click.option(
    "--audioset-names",
    type=click.Path(path_type=Path),
    default=Path(".cache/audioset_527.csv"),
    show_default=True,
    help="AudioSet's class names; downloaded if they are not there.",
)
@click.option("--start", type=click.Path(path_type=Path, exists=True), help="Start from an earlier run's checkpoint.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(".cache/run"),
    show_default=True,
    help="Folder of the run; a run that stopped is resumed.",
)
@click.option("--cache", type=click.Path(path_type=Path), default=Path(".cache/corpus"), show_default=True)
@click.option("--windows", default=200_000, show_default=True)
@click.option("--batch", default=32, show_default=True)
@click.option(
    "--rate", default=1e-3, show_default=True, help="Learning rate of the body; the head's is three times that."
)
@click.option("--seed", default=1, show_default=True)
@click.option("--threads", default=2, show_default=True)
@click.option("--without-nc", is_flag=True, help="Leave out recordings whose licence forbids commercial use.")
def train_command(
    corpora: tuple[Path, ...],
    audioset: Path,
    audioset_names: Path,
    start: Path | None,
    out: Path,
    cache: Path,
    windows: int,
    batch: int,
    rate: float,
    seed: int,
    threads: int,
    without_nc: bool,
) -> None:
    """Fine-tune the network on recordings."""
    import torch

    from .training.pretrained import CHECKPOINT_URL, CLASS_NAMES_URL, fetch
    from .training.run import Plan, train

    torch.set_num_threads(threads)
    plan = Plan(
        corpora,
        cache,
        out,
        audioset,
        audioset_names,
        start,
        windows=windows,
        batch=batch,
        rate=rate,
        seed=seed,
        without_nc=without_nc,
    )
    if start is None:
        fetch(CHECKPOINT_URL, audioset)
        fetch(CLASS_NAMES_URL, audioset_names)
    click.echo(train(plan))


@model.command("export")
@click.argument("checkpoints", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--validation",
    type=click.Path(path_type=Path, exists=True),
    help="Folder with a recordings.csv to calibrate on; without it the network's own scores are kept.",
)
def export_command(checkpoints: tuple[Path, ...], out: Path, validation: Path | None) -> None:
    """Write a run's checkpoint, or the mean of several, as a model file."""
    from .export import export

    export(list(checkpoints), out, validation)
    click.echo(out)


@model.command("sources")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def sources_command(folders: tuple[Path, ...]) -> None:
    """Print the model card's table of sources, from the folders' manifests."""
    from .card import sources_table

    click.echo(sources_table(list(folders)), nl=False)


@model.command("render")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--font",
    "fonts",
    type=(click.Path(path_type=Path, exists=True), str),
    multiple=True,
    required=True,
    metavar="FONT LICENCE",
    help="A General MIDI sound font and its licence, as the card will name it.",
)
def render_command(out: Path, fonts: tuple[tuple[Path, str], ...]) -> None:
    """Render General MIDI instruments to a folder that `train --corpus` reads."""
    from .corpus.render import render

    click.echo(render(list(fonts), out))


@model.command("speech")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--recordings",
    "folders",
    type=(click.Path(path_type=Path, exists=True), str),
    multiple=True,
    required=True,
    metavar="FOLDER LICENCE",
    help="A folder of recorded speech and its licence, as the card will name it.",
)
def speech_command(out: Path, folders: tuple[tuple[Path, str], ...]) -> None:
    """Make a folder that `train --corpus` reads from folders of recorded speech."""
    from .corpus.speech import write_speech

    click.echo(write_speech(list(folders), out))
