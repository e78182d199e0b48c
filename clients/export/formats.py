"""The one table of formats: what each is for, how its files end, how it is written and read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...realtime.errors import UsageError
from . import audacity, csv_table, jams, midi, reaper, webvtt
from .marks import Mark
from .sheets import Sheet

LARGEST_BYTES: Final = 64_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """`ending` of a file's name, the dot with it. `encode` gives the bytes of a file; `decode` reads them back and
    raises UsageError that names their origin, its second argument."""

    ending: str
    encode: Callable[[Sheet], bytes]
    decode: Callable[[bytes, str], list[Mark]]


FORMATS: Final[Mapping[str, Format]] = {
    "audacity": Format(".txt", audacity.encode, audacity.decode),
    "reaper": Format("-regions.csv", reaper.encode, reaper.decode),
    "midi": Format(".mid", midi.encode, midi.decode),
    "jams": Format(".jams", jams.encode, jams.decode),
    "webvtt": Format(".vtt", webvtt.encode, webvtt.decode),
    "csv": Format(".csv", csv_table.encode, csv_table.decode),
}


def read_marks(path: Path, kind: str) -> list[Mark]:
    """The marks of a file; `kind` is a key of FORMATS. Raises UsageError that says what is wrong and where."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > LARGEST_BYTES:
        raise UsageError(f"{path} is too large for a file of labels")
    return FORMATS[kind].decode(data, str(path))
