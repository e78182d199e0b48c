"""The `earmark` command. Each command lives in a module of its own and is imported only when it runs."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import click

from ..model.cli import model
from .config import Config, build, merged, read_toml
from .errors import EarmarkError
from .flags import checked, config_flags, given

FOR_S = click.option("--for", "for_s", type=click.FloatRange(min=0), metavar="SECONDS", help="stop after this long")
PLAIN = click.option("--plain", "show", flag_value="lines", help="events as lines, no table: for screen readers")
QUIET = click.option("--quiet", "show", flag_value="nothing", help="no table and no event lines")
CONFIG_FILE = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="TOML file with these values"
)
EXPORTS = ("audacity", "reaper", "midi", "jams", "webvtt", "csv")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("earmark"), prog_name="earmark")
def cli() -> None:
    """Hears what every live input is playing and says so: to the DAW, to controllers, and aloud."""


@cli.command()
@CONFIG_FILE
@FOR_S
@PLAIN
@QUIET
@config_flags()
def live(config_file: Path | None, for_s: float | None, show: Literal["lines", "nothing"] | None, **flags: Any) -> None:
    """Listen to live inputs until Ctrl-C."""
    from .live import run_live

    run_live(_config(config_file, flags), for_s, show or "table")


@cli.command()
@FOR_S
@PLAIN
@QUIET
@config_flags("model", "smoothing", "watch", "osc", "midi", "ws", "journal", "labels", "thresholds")
def demo(for_s: float | None, show: Literal["lines", "nothing"] | None, **flags: Any) -> None:
    """Play the bundled session through it all: no sound card, no set-up."""
    from .demo.play import run_demo

    run_demo(given(flags), for_s, show or "table")


@cli.command()
@CONFIG_FILE
@FOR_S
@click.option("--hands-free", is_flag=True, help="ask for one input after another")
@click.option("--plain", is_flag=True, help="the result as lines, no table: for screen readers")
@click.option("--demo", "as_demo", is_flag=True, help="a scripted check; exit code 0 if exactly its faults are found")
@config_flags()
def check(
    config_file: Path | None, for_s: float | None, hands_free: bool, plain: bool, as_demo: bool, **flags: Any
) -> int:
    """Line check: does each named input carry what its name says?

    As each player plays, each input is ticked off; what is heard where it should not be is said at once. It ends when
    all are ticked off, or with Ctrl-C. The exit code is 1 where a line is open, wrong or bad.
    """
    from .check.command import run_check

    config = _config(config_file, flags)
    return run_check(config, hands_free=hands_free, demo=as_demo, for_s=for_s, plain=plain)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@CONFIG_FILE
@click.option("--two-pass", is_flag=True, help="decide when the whole file is heard: better names and boundaries")
@config_flags("inputs", "band", "groups", "model", "smoothing", "watch", "labels", "thresholds", "journal")
def label(files: tuple[Path, ...], config_file: Path | None, two_pass: bool, **flags: Any) -> None:
    """Label sound files as fast as possible: the same events as live."""
    from .label import run_label

    run_label(files, _config(config_file, flags), two_pass)


@cli.command()
@click.argument("session", default="last")
@click.option("--to", "kind", required=True, type=click.Choice(EXPORTS), help="what the files are for")
@click.option("--out", type=click.Path(path_type=Path), metavar="FOLDER", help="where to; default: beside the journal")
@click.option("--origin", metavar="take:N", help="times count from this take's start; default: from the session's")
@click.option("--force", is_flag=True, help="write over files that exist")
def export(session: str, kind: str, out: Path | None, origin: str | None, force: bool) -> None:
    """Write a session's names as labels, regions or markers that other programs open.

    SESSION is a journal, or "last" (the default): the newest one of your own. There is one file for all inputs
    together and, where several were heard, one for each.
    """
    from ..clients.export.command import run_export

    run_export(session, kind, out, origin, force)


@cli.command()
@click.argument("recordings", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RECORDINGS...")
@CONFIG_FILE
@config_flags("model")
def tune(recordings: tuple[Path, ...], config_file: Path | None, **flags: Any) -> None:
    """Fit the labels' floors to your room, from labelled takes: sound files with Audacity label files beside them.

    The floors go into the [thresholds] of the file that --config names; it is made where there is none.
    """
    from .tune import run_tune

    there = config_file if config_file and config_file.exists() else None
    run_tune(recordings, _config(there, flags), config_file)


@cli.command()
def devices() -> None:
    """List the audio inputs and the MIDI ports of this machine."""
    from .devices import run_devices

    run_devices()


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="for programs")
@config_flags("model")
def doctor(as_json: bool, **flags: Any) -> None:
    """Say what works on this machine, and what to do about the rest."""
    from .doctor import run_doctor

    run_doctor(checked(given(flags)), as_json)


cli.add_command(model)


def main() -> None:
    """Entry point: an error is one line on standard error, and its exit code."""
    try:
        sys.exit(cli.main(prog_name="earmark", standalone_mode=False))
    except EarmarkError as error:
        _exit(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "earmark"
        _exit(f"{error.format_message().rstrip('.')}; see {command} --help", error.exit_code)
    except click.Abort:
        _exit("stopped", 1)


def _exit(message: str, code: int) -> None:
    click.echo(f"earmark: {message}", err=True)
    sys.exit(code)


def _config(file: Path | None, flags: dict[str, Any]) -> Config:
    """The file's values with the flags on top."""
    from_file = read_toml(file) if file else {}
    if file:
        build(from_file, str(file))
    return checked(merged(from_file, given(flags)))
