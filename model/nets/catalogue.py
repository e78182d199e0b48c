"""All networks by name."""

import logging
from importlib import import_module
from types import ModuleType

from ..errors import ConfigError
from .network import Network

log = logging.getLogger(__name__)

FILES = ("earmark", "yamnet", "cod", "irmas_cnn", "cnn14", "resnet18", "fluffy")
"""Modules of this package that hold networks; the name of each network begins with that of its module."""


def module_of(name: str) -> ModuleType:
    """The module that builds the network `name`; only that one is imported.

    Raises ValueError for an unknown name, ConfigError where a package that it needs is not installed.
    """
    for file in FILES:
        if name == file or name.startswith(f"{file}-"):
            return _imported(file)
    raise ValueError(f"unknown network {name!r}: networks are {', '.join(FILES)} and their variants")


def build(name: str, labels: int) -> Network:
    """The network `name` with fresh weights and `labels` outputs.

    Raises ValueError for an unknown name.
    """
    return module_of(name).build(name, labels)


def names() -> list[str]:
    """All networks with their variants, of those whose packages are installed."""
    every: list[str] = []
    for file in FILES:
        try:
            every += _imported(file).NAMES
        except ConfigError as error:
            log.info("%s", error)
    return every


def _imported(file: str) -> ModuleType:
    try:
        return import_module(f".{file}", __package__)
    except ImportError as error:
        raise ConfigError(f"{file} needs {error.name}: pip install 'earmark[train]'") from None
