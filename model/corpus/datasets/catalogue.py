"""The data sets that a corpus can take by name and folder (`openmic2018:DIR`)."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from ...errors import UsageError
from . import guitarset, irmas, medley_solos_db, medleydb, musicnet, nsynth, openmic2018, slakh2100, urmp
from .recording import About, Recording


class DataSet(NamedTuple):
    """A data set and the function that reads it from a folder."""

    about: About
    read: Callable[[Path], list[Recording]]


DATA_SETS: Final[dict[str, DataSet]] = {
    module.ABOUT.name: DataSet(module.ABOUT, module.read)
    for module in (openmic2018, irmas, medleydb, medley_solos_db, musicnet, slakh2100, nsynth, guitarset, urmp)
}


def parse(text: str) -> tuple[DataSet, Path] | None:
    """The data set and folder that `NAME:DIR` means; None where the text names no data set, so a plain folder.

    Raises UsageError where the name before the colon is unknown and the text is no folder either.
    """
    name, colon, folder = text.partition(":")
    if colon and name in DATA_SETS:
        return DATA_SETS[name], Path(folder)
    if colon and not Path(text).exists() and len(name) > 1:
        raise UsageError(f"{name!r} is no data set that is known here; known are {', '.join(DATA_SETS)}")
    return None
