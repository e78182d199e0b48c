"""GuitarSet: two recordings an excerpt, six players who are never on two sides."""

from pathlib import Path

from earmark.model.corpus.datasets import guitarset

from . import trees


def test_players_are_apart(tmp_path: Path) -> None:
    recordings = guitarset.read(trees.guitarset(tmp_path))
    assert len(recordings) == 12
    assert {tuple(one.labels) for one in recordings} == {("acoustic_guitar",)}
    sides = {
        split: {one.group for one in recordings if one.split == split} for split in ("train", "validation", "test")
    }
    assert [len(players) for players in sides.values()] == [4, 1, 1]
    assert len(set().union(*sides.values())) == 6


def test_microphone_alone_is_enough(tmp_path: Path) -> None:
    trees.guitarset(tmp_path)
    for path in (tmp_path / "audio_mono-pickup_mix").iterdir():
        path.unlink()
    assert len(guitarset.read(tmp_path)) == 6
