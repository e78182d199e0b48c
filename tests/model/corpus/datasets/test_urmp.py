"""URMP: a player a recording, arrangements of one piece on one side."""

from pathlib import Path

from earmark.model.corpus.datasets import urmp

from . import trees


def test_tracks_of_players(tmp_path: Path) -> None:
    recordings = urmp.read(trees.urmp(tmp_path))
    assert [(*one.labels, one.group) for one in recordings] == [
        ("violin", "Jupiter"),
        ("cello", "Jupiter"),
        ("violin", "Sonata"),
        ("violin", "Sonata"),
        ("violin", "Pirates"),
        ("trumpet", "Pirates"),
        ("violin", "Pirates"),
        ("saxophone", "Pirates"),
    ]
    assert len({one.split for one in recordings if one.group == "Pirates"}) == 1


def test_folder_of_pieces_itself_will_do(tmp_path: Path) -> None:
    trees.urmp(tmp_path)
    assert len(urmp.read(tmp_path / "Dataset")) == 8
