"""MusicNet: stretches in which the players do not change."""

from pathlib import Path

import pytest

from earmark.model.corpus.datasets import musicnet
from earmark.model.corpus.datasets.musicnet import Note, Stretch, stretches
from earmark.model.errors import UsageError

from . import trees


def test_stretches_meet_without_gaps() -> None:
    notes = [Note(0, 10, "violin"), Note(5, 20, "piano"), Note(30, 40, "violin")]
    assert stretches(notes, rest=0) == [
        Stretch(0, 5, frozenset({"violin"})),
        Stretch(5, 10, frozenset({"violin", "piano"})),
        Stretch(10, 20, frozenset({"piano"})),
        Stretch(20, 30, frozenset()),
        Stretch(30, 40, frozenset({"violin"})),
    ]


def test_short_rests_are_played_through() -> None:
    notes = [Note(0, 10, "violin"), Note(12, 20, "violin"), Note(8, 9, "violin")]
    assert stretches(notes, rest=2) == [Stretch(0, 20, frozenset({"violin"}))]
    assert len(stretches(notes, rest=1)) == 3


def test_recordings_are_stretches_of_files(tmp_path: Path) -> None:
    recordings = musicnet.read(trees.musicnet(tmp_path))
    first = [one for one in recordings if one.path.name == "1788.wav"]
    assert [(one.start_s, one.dur_s, tuple(one.labels)) for one in first] == [
        (0.0, 0.5, ("violin",)),
        (0.5, 0.5, ("piano", "violin")),
        (1.0, 0.5, ("piano",)),
        (2.0, 1.0, ("violin",)),
    ]
    assert all(one.complete for one in recordings)


def test_movements_of_a_composition_are_on_one_side(tmp_path: Path) -> None:
    recordings = musicnet.read(trees.musicnet(tmp_path))
    sides = {one.path.stem: one.split for one in recordings}
    assert sides["1788"] == sides["1789"] != sides["1790"]
    assert sides["2303"] == "test"


def test_missing_table_is_one_line(tmp_path: Path) -> None:
    trees.musicnet(tmp_path)
    (tmp_path / "musicnet" / "train_labels" / "1788.csv").unlink()
    with pytest.raises(UsageError, match=r"musicnet: .*1788\.csv is missing; give the folder that holds train_data"):
        musicnet.read(tmp_path)
