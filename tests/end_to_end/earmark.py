"""Runs the installed `earmark` command, as a user does, and reads its journal."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SECONDS = 180


def environment(folder: Path) -> dict[str, str]:
    """The caller's environment with the user's folders inside `folder`."""
    return os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "COLUMNS": "120"}


def command(*args: object) -> list[str]:
    """The command line of `earmark ARGS…` in this environment."""
    return [sys.executable, "-c", "from earmark.realtime.cli import main; main()", *map(str, args)]


def earmark(folder: Path, *args: object) -> subprocess.CompletedProcess[str]:
    """`earmark ARGS…`, whatever it returns."""
    return subprocess.run(
        command(*args),
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def events(journal: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
