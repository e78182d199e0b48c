"""What a SoundFont 2 file holds: its presets, read from the file's `phdr` table (SoundFont 2.04, section 7.2)."""

import mmap
import struct
from pathlib import Path

from ..errors import EarmarkError

RECORD = struct.Struct("<20sHH14x")
"""Name, program and bank; the rest of a record is not needed here."""


def presets(font: Path) -> dict[tuple[int, int], str]:
    """Names of the font's presets by (bank, program).

    Raises EarmarkError where the file is no SoundFont.
    """
    with font.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] != b"RIFF" or data[8:12] != b"sfbk":
            raise EarmarkError(f"{font} is not a SoundFont; delete its package to fetch it again")
        at = data.rfind(b"phdr")
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        table = data[at + 8 : at + 8 + size - RECORD.size] if at > 0 else b""
    found: dict[tuple[int, int], str] = {}
    for name, program, bank in RECORD.iter_unpack(table[: len(table) // RECORD.size * RECORD.size]):
        found[bank, program] = name.split(b"\0")[0].decode("latin-1").strip()
    return found
