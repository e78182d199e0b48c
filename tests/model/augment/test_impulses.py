"""Folders of impulses."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.augment.impulses import TABLE, Impulses, read_impulses
from earmark.model.errors import ConfigError


def write(folder: Path, rows: list[tuple[str, str]]) -> Path:
    (folder / TABLE).write_text("\n".join(["path,kind,licence", *(f"{path},{kind},CC0" for path, kind in rows)]))
    return folder


def test_impulses_begin_with_their_sound_and_have_an_energy_of_1(tmp_path: Path) -> None:
    click = np.zeros(4_410)
    click[441], click[600] = 0.5, -0.25
    soundfile.write(tmp_path / "a.wav", click, 44_100)
    soundfile.write(tmp_path / "b.wav", click, 48_000)
    found = read_impulses(write(tmp_path, [("a.wav", "room"), ("b.wav", "cabinet"), ("b.wav", "cabinet")]))
    assert [len(found.rooms), len(found.microphones), len(found.cabinets)] == [1, 0, 2]
    assert np.abs(found.cabinets[0]).argmax() == 0
    assert float(np.square(found.rooms[0]).sum()) == pytest.approx(1, rel=1e-5)
    assert len((found + found).cabinets) == 4


def test_no_table_no_impulses(tmp_path: Path) -> None:
    assert read_impulses(tmp_path) == Impulses()


def test_an_unknown_kind_and_a_silent_impulse_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown kind 'hall'"):
        read_impulses(write(tmp_path, [("a.wav", "hall")]))
    soundfile.write(tmp_path / "a.wav", np.zeros(100), 48_000)
    with pytest.raises(ConfigError, match="silence"):
        read_impulses(write(tmp_path, [("a.wav", "room")]))
