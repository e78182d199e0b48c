"""IRMAS: training excerpts know one instrument, testing excerpts all predominant ones."""

from pathlib import Path

import pytest

from earmark.model.corpus.datasets import irmas
from earmark.model.errors import UsageError

from . import trees


def test_training_excerpts_leave_the_others_unknown(tmp_path: Path) -> None:
    clarinet, again, guitar, *_ = irmas.read(trees.irmas(tmp_path))
    assert clarinet.labels == {"clarinet": 1}
    assert guitar.labels == {"guitar_electric": 1, "drum_set": 1}
    assert not clarinet.complete
    assert clarinet.group == again.group != guitar.group
    assert clarinet.split == again.split


def test_a_tenth_of_the_training_songs_is_set_aside(tmp_path: Path) -> None:
    recordings = irmas.read(trees.irmas(tmp_path))
    sides = {one.group: one.split for one in recordings if one.group.startswith("train/")}
    assert sorted(sides.values()) == ["train"] * 4 + ["validation"]


def test_testing_excerpts_list_who_is_there(tmp_path: Path) -> None:
    *_, first, second = irmas.read(trees.irmas(tmp_path))
    assert first.names == ("gel", "voi")
    assert {label for label, sounds in first.labels.items() if sounds} == {"guitar_electric", "vocals"}
    assert len(first.labels) == 11
    assert first.group == second.group == "test/02 - And The Body"
    assert first.split == "test"


def test_missing_list_of_instruments_is_one_line(tmp_path: Path) -> None:
    trees.irmas(tmp_path)
    (tmp_path / "IRMAS-TestingData-Part1" / "Part1" / "02 - And The Body-1.txt").unlink()
    with pytest.raises(UsageError, match=r"irmas: .*Body-1\.txt is missing; give the folder that holds IRMAS-Training"):
        irmas.read(tmp_path)
