"""Loading and saving TorchScript files; the one place that knows that PyTorch calls it deprecated.

TorchScript stays because the file carries its own code: anyone's model can be run without their Python.
"""

import json
import os
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

META_FILE = "meta.json"

FAILURES = (RuntimeError, torch.jit.Error)
"""What calling a module raises: RuntimeError from PyTorch's operations, torch.jit.Error from the file's own code."""


@contextmanager
def _quiet() -> Generator[None]:
    with warnings.catch_warnings():
        for category in (DeprecationWarning, FutureWarning):
            warnings.filterwarnings("ignore", message=".*torch.jit.*", category=category)
        yield


def script(module: torch.nn.Module) -> torch.jit.ScriptModule:
    """`module` in eval mode, compiled to TorchScript."""
    with _quiet():
        return torch.jit.script(module.eval())


def freeze(module: torch.jit.ScriptModule, keep: list[str]) -> torch.jit.ScriptModule:
    """`module` with its parameters as constants; `keep` names the methods that stay callable beside forward."""
    with _quiet():
        return torch.jit.freeze(module, preserved_attrs=keep)


def load(path: Path) -> tuple[torch.jit.ScriptModule, dict[str, Any]]:
    """A module on the CPU in eval mode and its meta data ({} where the file has none).

    Raises RuntimeError or ValueError if the file is not TorchScript, json.JSONDecodeError if its meta data is not JSON.
    """
    extra = {META_FILE: ""}
    with _quiet():
        module = torch.jit.load(str(path), map_location="cpu", _extra_files=extra).eval()
    text = extra[META_FILE]
    return module, json.loads(text) if text else {}


def save(module: torch.jit.ScriptModule, path: Path, meta: dict[str, Any]) -> None:
    """Write `module` with `meta` beside it, whole or not at all."""
    part = path.with_name(path.name + ".part")
    with _quiet():
        torch.jit.save(module, str(part), _extra_files={META_FILE: json.dumps(meta)})
    os.replace(part, path)
