"""All networks by name."""

from importlib import import_module
from types import ModuleType

from .network import Network

FILES = ("earmark", "yamnet", "cod", "irmas_cnn", "cnn14", "resnet18", "fluffy")
"""Modules of this package that hold networks; the name of each network begins with that of its module."""


def module_of(name: str) -> ModuleType:
    """The module that builds the network `name`; only that one is imported.

    Raises ValueError for an unknown name.
    """
    for file in FILES:
        if name == file or name.startswith(f"{file}-"):
            return import_module(f".{file}", __package__)
    raise ValueError(f"unknown network {name!r}: networks are {', '.join(FILES)} and their variants")


def build(name: str, labels: int) -> Network:
    """The network `name` with fresh weights and `labels` outputs.

    Raises ValueError for an unknown name.
    """
    return module_of(name).build(name, labels)


def names() -> list[str]:
    """All networks with their variants."""
    return [name for file in FILES for name in import_module(f".{file}", __package__).NAMES]
