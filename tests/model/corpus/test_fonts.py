"""The table of presets of a SoundFont."""

import struct
from pathlib import Path

import pytest

from earmark.model.corpus.fonts import presets
from earmark.model.errors import EarmarkError


def write_font(path: Path, names: dict[tuple[int, int], str]) -> Path:
    """As much of a SoundFont as holds its presets."""
    rows = [(name, program, bank) for (bank, program), name in names.items()] + [("EOP", 0, 0)]
    table = b"".join(struct.pack("<20sHH14x", name.encode(), program, bank) for name, program, bank in rows)
    body = b"sfbk" + b"phdr" + struct.pack("<I", len(table)) + table
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def test_presets_by_bank_and_program(tmp_path: Path) -> None:
    names = {(0, 58): "Tuba", (16, 25): "Mandolin", (128, 0): "Standard"}
    assert presets(write_font(tmp_path / "x.sf2", names)) == names


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.sf2").write_text("no font, only text")
    with pytest.raises(EarmarkError, match="is not a SoundFont"):
        presets(tmp_path / "x.sf2")
