"""Slakh2100: a stem a recording, by General MIDI program, in the official split."""

from pathlib import Path

import pytest

from earmark.model.corpus.datasets import slakh2100
from earmark.model.errors import UsageError

from . import trees


def test_stems_and_splits(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recordings = slakh2100.read(trees.slakh2100(tmp_path))
    assert [(one.group, *one.labels, one.split) for one in recordings] == [
        ("Track00001", "distorted_electric_guitar", "train"),
        ("Track00001", "drum_set", "train"),
        ("Track00002", "distorted_electric_guitar", "validation"),
        ("Track00002", "drum_set", "validation"),
        ("Track00003", "distorted_electric_guitar", "test"),
        ("Track00003", "drum_set", "test"),
    ]
    assert "slakh2100: left out, no label of ours: Harmonica (3)" in caplog.text


def test_baby_slakh_is_split_by_song(tmp_path: Path) -> None:
    recordings = slakh2100.read(trees.slakh2100(tmp_path, baby=True))
    songs = {one.group: one.split for one in recordings}
    assert sorted(songs.values()) == ["test", "train", "train", "validation"]
    assert all(one.split == songs[one.group] for one in recordings)


def test_song_without_metadata_is_one_line(tmp_path: Path) -> None:
    trees.slakh2100(tmp_path)
    (tmp_path / "slakh2100_flac_redux" / "train" / "Track00001" / "metadata.yaml").unlink()
    with pytest.raises(UsageError, match=r"metadata\.yaml is missing; give the folder that holds slakh2100_flac_redux"):
        slakh2100.read(tmp_path)
