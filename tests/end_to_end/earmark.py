"""Runs the installed `earmark` command, as a user does, and reads its journal."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

SECONDS = 180


def environment(folder: Path, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`base` with the user's folders inside `folder`."""
    return {**base, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "COLUMNS": "120"}


def command(*args: object) -> list[str]:
    """The command line of `earmark ARGS…` in this environment."""
    return [sys.executable, "-c", "from earmark.realtime.cli import main; main()", *map(str, args)]


def earmark(folder: Path, *args: object, stdin: IO[bytes] | None = None) -> subprocess.CompletedProcess[str]:
    """`earmark ARGS…`, whatever it returns."""
    return subprocess.run(
        command(*args),
        cwd=folder,
        env=environment(folder),
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def begin(folder: Path, *args: object, base: Mapping[str, str] = os.environ) -> subprocess.Popen[str]:
    """`earmark ARGS…` while it runs; the caller ends it."""
    return subprocess.Popen(
        command(*args),
        cwd=folder,
        env=environment(folder, base),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def events(journal: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
