"""Opens a data set with `mirdata`, which knows its files from an index that is fetched apart."""

from pathlib import Path
from typing import Any

from ...errors import UsageError
from .recording import About


def open_dataset(about: About, loader: str, folder: Path, version: str = "default") -> Any:
    """`mirdata`'s view of the data in `folder`; its index may lie there too, else where `mirdata` keeps it.

    Raises UsageError with the way out where `mirdata`, the folder or the index is missing.
    """
    try:
        import mirdata
    except ImportError:
        raise UsageError(f"{about.name}: mirdata is not installed: pip install 'earmark[train]'") from None
    about.required(folder)
    dataset: Any = mirdata.initialize(loader, data_home=str(folder), version=version)
    index = folder / Path(dataset.index_path).name
    if index.exists():
        dataset.index_path = str(index)
    elif not Path(dataset.index_path).exists():
        fetch = f"import mirdata; mirdata.initialize('{loader}', version='{version}').download(['index'])"
        raise UsageError(f'{about.name}: no index: run python -c "{fetch}", or put {index.name} in {folder}')
    return dataset
