"""`earmark tune`: floors for one's own room, from takes of which somebody has written down what plays."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import numpy as np
import tomlkit
import tomlkit.exceptions
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from tomlkit.items import AbstractTable

from ..model.tagger import Tagger
from .config import Config
from .errors import EarmarkError, UsageError
from .floors import Fitted, Floats, Hops, fit, joined, truth
from .session import Ears, Session
from .sources.file import FileSource
from .stamps import Identity
from .takes import Take, find

BLOCK_FRAMES = 48_000
LATE_S = 1.0
"""A label may end this long after its recording."""


def run_tune(places: Sequence[Path], config: Config, file: Path | None) -> None:
    """Fit floors to the takes at `places` and write those that change into `file`'s [thresholds].

    Without `file` they are only printed. Raises EarmarkError where something cannot be read or written.
    """
    tagger = Tagger(config.model.file, config.model.compute)
    takes = find(places, tagger.labels)
    hops = _hear_all(takes, config, tagger)
    fitted = fit(hops, tagger.labels, config.labels, config.thresholds, config.smoothing)
    for line in fitted:
        click.echo(_line(line))
    changed = {line.label: line.after for line in fitted if not line.why}
    if not changed:
        click.echo("Nothing is to be changed.")
    elif file is None:
        click.echo("Nothing was written: name the studio's file with --config.")
    else:
        write_floors(file, changed)
        click.echo(f"Wrote {len(changed)} {'floor' if len(changed) == 1 else 'floors'} to {file}.")


def write_floors(file: Path, floors: Mapping[str, float]) -> None:
    """Set `floors` in the file's [thresholds], all else, comments too, as it was; a missing file is made.

    Raises UsageError where the file is not TOML, EarmarkError where it cannot be written.
    """
    file = file.resolve()
    part = file.with_name(file.name + ".part")
    try:
        with_comments = file.read_bytes().decode("utf-8") if file.exists() else ""
        part.write_bytes(with_floors(with_comments, floors).encode("utf-8"))
        if file.exists():
            shutil.copymode(file, part)
        os.replace(part, file)
    except OSError as error:
        raise EarmarkError(f"cannot write {file}: {error.strerror}; nothing was changed") from error
    except (tomlkit.exceptions.TOMLKitError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}") from None


def with_floors(text: str, floors: Mapping[str, float]) -> str:
    """The TOML `text` with `floors` in its [thresholds]."""
    newline = "\r\n" if "\r\n" in text else "\n"
    document = tomlkit.parse(text.replace("\r\n", "\n"))
    if "thresholds" not in document:
        document["thresholds"] = tomlkit.table()
    section = document["thresholds"]
    assert isinstance(section, AbstractTable)  # the configuration was checked before
    for label, floor in floors.items():
        section[label] = floor
    return tomlkit.dumps(document).replace("\n", newline)


def hear(take: Take, config: Config, ears: Ears, progress: Progress | None = None) -> Hops:
    """What the session's evidence says at each hop of a take, and what is true.

    Raises UsageError where the file is no sound, has more than two channels, or ends long before its labels do.
    """
    source = FileSource(take.sound)
    if len(source.channel_names) > 2:
        raise UsageError(f"{take.sound} has {len(source.channel_names)} channels: give each input a file of its own")
    session = Session(Identity("", source.rate, (take.sound.name,), 0), ears, config, lambda: 0)
    session.wanted = frozenset({"scores"})
    bar = progress.add_task(take.sound.name, total=source.frames or None) if progress else None
    decided: list[int] = []
    values: list[list[float]] = []
    heard = 0
    for block in source.blocks(BLOCK_FRAMES):
        heard += block.shape[1]
        for event in session.push(block.mean(0, keepdims=True)):
            if event.kind == "scores":
                decided.append(event.decided_sample)
                values.append([event.fields["scores"][label] for label in ears.labels])
        if progress and bar is not None:
            progress.advance(bar, block.shape[1])
    _check_length(take, heard / source.rate)
    decided_s: Floats = np.array(decided, np.float64) / source.rate
    right, known = truth(take.heard, decided_s, ears.window / ears.sample_rate, ears.labels)
    value = np.array(values, np.float64).reshape(len(decided), len(ears.labels))
    return Hops(value, right, known, config.model.hop_ms / 1000)


def _hear_all(takes: Sequence[Take], config: Config, tagger: Tagger) -> Hops:
    tagger.warm_up(1)
    console = Console(stderr=True)
    percent = TextColumn("{task.percentage:.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), percent, TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        return joined([hear(take, config, tagger, progress) for take in takes])


def _check_length(take: Take, length_s: float) -> None:
    last_s = max(stretch.end_s for stretch in take.heard)
    if last_s > length_s + LATE_S:
        raise UsageError(
            f"{take.sound} is {length_s:.1f} s long, its labels go on to {last_s:.1f} s: are they another recording's?"
        )


def _line(fitted: Fitted) -> str:
    """One line a label, that a screen reader reads well."""
    name = fitted.label.replace("_", " ")
    if fitted.why:
        return f"{name}: {fitted.why}, left alone at {fitted.before:.2f}"
    return (
        f"{name}: {fitted.before:.2f} becomes {fitted.after:.2f}; "
        f"F1 {fitted.f1_before:.2f} becomes {fitted.f1_after:.2f}, from {fitted.judged_s:.0f} s"
    )
