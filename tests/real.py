"""What to do when a real part (a program, a library, a recording) is missing: skip on a user's machine, fail in CI."""

import importlib
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRED = os.environ.get("EARMARK_REQUIRE_REAL") == "1"


def missing(what: str, apt_package: str) -> NoReturn:
    """Skip, or fail where EARMARK_REQUIRE_REAL=1, naming the line that brings the part."""
    message = f"{what} is missing: sudo apt-get install {apt_package}"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


def require(program: str, apt_package: str) -> str:
    """Path of `program`."""
    return shutil.which(program) or missing(program, apt_package)


def package(name: str, extra: str) -> None:
    """Skip, or fail where EARMARK_REQUIRE_REAL=1, where the Python package `name` of that extra is missing."""
    try:
        importlib.import_module(name)
    except ImportError:
        message = f"{name} is missing: pip install 'earmark[{extra}]'"
        if REQUIRED:
            pytest.fail(message)
        pytest.skip(message, allow_module_level=True)


def recordings() -> Path:
    """Folder of labelled recordings (recordings.csv inside), for tests on real sound."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "audio" / "validation"
    folder = Path(os.environ.get("EARMARK_RECORDINGS", beside))
    if not (folder / "recordings.csv").exists():
        pytest.skip("no folder of recordings: set EARMARK_RECORDINGS")
    return folder
