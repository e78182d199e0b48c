"""MedleyDB: a stem a recording, split by artist; bleed leaves the others unknown."""

from pathlib import Path

import pytest

from earmark.model.corpus.datasets import medleydb

from . import trees


def test_stems(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recordings = medleydb.read(trees.medleydb(tmp_path))
    assert [(one.group, tuple(one.labels), one.complete) for one in recordings] == [
        ("AClassic", ("electric_bass",), True),
        ("AClassic", ("violin",), True),
        ("BigTroubles", ("female_singer",), False),
        ("BigTroubles", ("auxiliary_percussion",), False),
        ("Choir", ("piano", "vocalists"), True),
        ("Choir", ("flute",), True),
    ]
    assert recordings[1].names == ("violin section",)
    assert "medleydb: left out, no label of ours: Main System (1)" in caplog.text


def test_artists_are_apart(tmp_path: Path) -> None:
    recordings = medleydb.read(trees.medleydb(tmp_path))
    splits = {one.group: one.split for one in recordings}
    assert sorted(splits.values()) == ["test", "train", "validation"]
    assert all(one.split == splits[one.group] for one in recordings)


def test_missing_stems_are_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    trees.medleydb(tmp_path)
    (tmp_path / "V2" / "Choir_Song" / "Choir_Song_STEMS" / "Choir_Song_STEM_02.wav").unlink()
    assert len(medleydb.read(tmp_path)) == 5
    assert "medleydb: left out, 1 files" in caplog.text
