"""Starts a network from a public checkpoint; rows of its new last layer are chosen by the checkpoint's class names."""

import csv
import hashlib
import logging
import shutil
import urllib.request
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .. import torchscript
from ..errors import ConfigError
from ..labels import MODEL_LABELS
from ..nets import catalogue
from ..nets.network import Network
from .audioset import AUDIOSET_CLASSES, IN_GENERAL
from .config import Start

log = logging.getLogger(__name__)

State = dict[str, Tensor]

FEATURES = "features."
"""What the names of a network's learned weights begin with in a model file."""
PARTS = "parts."
"""What those of a second head begin with after that: no network starts from it."""


def fill(network: Network, name: str, start: Start) -> None:
    """Give the network `name` the weights that `start` asks for, downloading what is not there.

    Networks whose module has `take_over` or `load` know themselves how to start from a run or a public checkpoint.
    Raises ConfigError where the file is not a checkpoint of this network or cannot be had.
    """
    module = catalogue.module_of(name)
    try:
        if start.run and name.endswith("-transfer"):
            module.take_over(network, read_state(start.run)["average"])
        elif start.run:
            network.features.load_state_dict(read_state(start.run)["average"])
        elif start.model:
            whole = torchscript.load(start.model)[0].state_dict()
            own = {name.removeprefix(FEATURES): part for name, part in whole.items() if name.startswith(FEATURES)}
            network.features.load_state_dict({name: own[name] for name in own if not name.startswith(PARTS)})
        elif start.checkpoint and hasattr(module, "load"):
            module.load(network, fetch(start.url, start.checkpoint))
        elif start.checkpoint:
            state = read_state(fetch(start.url, start.checkpoint))
            names = class_names(fetch(start.classes_url, start.classes)) if start.classes else []
            load_into(network.features, name, state, names)
    except (ValueError, RuntimeError, KeyError) as error:
        raise ConfigError(
            f"{start.run or start.model or start.checkpoint}: {str(error).splitlines()[-1].strip()}"
        ) from None


def load_into(features: nn.Module, name: str, state: State, names: list[str]) -> None:
    """Fill `features` of the network `name` from a public checkpoint.

    Where the checkpoint's classes have `names`, each label's row of the last layer becomes the mean of the rows that
    `AUDIOSET_CLASSES` gives it; else the last layer is left as it is. Raises ConfigError where a weight is missing or
    has another shape.
    """
    module = catalogue.module_of(name)
    if not hasattr(module, "HEAD"):
        raise ConfigError(f"the network {name!r} has no public checkpoint to start from")
    state = module.renamed(state)
    own = features.state_dict()
    last = [key for key in own if key.startswith("classifier.")][-2:]
    head = [state.pop(f"{module.HEAD}.{part}", None) for part in ("weight", "bias")]
    for key, whole in zip(last, head, strict=True):
        if whole is None:
            raise ConfigError(f"not a checkpoint of {name!r}: it has no {module.HEAD!r}")
        rows = head_rows(names) if names else []
        state[key] = torch.stack([whole[row].mean(0) for row in rows]) if rows else own[key]
    try:
        features.load_state_dict(state)
    except RuntimeError as error:
        raise ConfigError(f"not a checkpoint of {name!r}: {str(error).splitlines()[1].strip()}") from None


def read_state(path: Path) -> dict[str, Any]:
    """The dictionary in a PyTorch file, which is read without running code from it.

    Raises ConfigError where it is none.
    """
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except Exception as error:  # unpickling fails in as many ways as there are files
        raise ConfigError(f"{path} is not a file of weights: {str(error).splitlines()[0]}") from None


def class_names(path: Path) -> list[str]:
    """AudioSet's class names in the order of their index, from a table with `index` and `display_name`."""
    with path.open(newline="", encoding="utf-8") as table:
        rows = sorted(csv.DictReader(table), key=lambda row: int(row["index"]))
    return [row["display_name"] for row in rows]


def head_rows(names: list[str]) -> list[list[int]]:
    """For each of our labels the indices of the classes that its row starts from; all of its classes that `names` has.

    Raises ConfigError for a label none of whose classes is there.
    """
    index = {name: row for row, name in enumerate(names)}
    rows: list[list[int]] = []
    for label in MODEL_LABELS:
        found = [index[name] for name in AUDIOSET_CLASSES[label] if name in index]
        if not found and IN_GENERAL.get(label) in index:
            found = [index[IN_GENERAL[label]]]
        if not found:
            raise ConfigError(f"the checkpoint's classes have none for {label!r}: {', '.join(AUDIOSET_CLASSES[label])}")
        rows.append(found)
    return rows


def fetch(url: str, path: Path, sha256: str = "") -> Path:
    """`path`, downloaded from `url` if it is not there yet.

    Raises ConfigError where it is not there and there is no `url`, OSError where the download fails, ValueError where
    `sha256` is given and the file has another one.
    """
    if not path.exists():
        if not url:
            raise ConfigError(f"{path}: no such file, and no address to download it from")
        log.info("downloading %s", url)
        part = path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(url) as answer, part.open("wb") as file:
            shutil.copyfileobj(answer, file)
        part.replace(path)
    if sha256 and hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise ValueError(f"{path} is not the file that was expected: its SHA-256 differs")
    return path
