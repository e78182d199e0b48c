"""Reads the YAML files of data sets; PyYAML is imported only where there is one to read."""

from pathlib import Path
from typing import Any

from ...errors import UsageError
from .recording import About


def read_yaml(about: About, path: Path) -> Any:
    """What the file holds.

    Raises UsageError with the way out where PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise UsageError(f"{about.name}: PyYAML is not installed: pip install 'earmark[train]'") from None
    with path.open(encoding="utf-8") as file:
        return yaml.safe_load(file)
