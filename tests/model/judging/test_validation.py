"""Labelled windows of a few synthesised recordings."""

from pathlib import Path

import numpy as np
import pytest

from earmark.model.corpus.targets import COLUMN
from earmark.model.judging import validation

from ..sounds import write_recordings


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_recordings(tmp_path_factory.mktemp("recordings"))


def test_windows_of_recordings(recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "SUMS", 20)
    windows = validation.windows(recordings)
    solo = windows.audio.shape[0] - validation.SUMS
    assert windows.target[:solo].sum(0)[[COLUMN["flute"], COLUMN["tuba"], COLUMN["speech"]]].tolist() == [5, 5, 5]
    assert windows.negative.sum() == 6
    unknown = windows.weight[:, COLUMN["female_singer"]] == 0
    assert unknown[:solo].sum() == 5
    assert (windows.target[solo:].sum(1) == 2).all()


def test_sums_are_the_same_every_time_and_not_too_loud(recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "SUMS", 20)
    one, two = validation.windows(recordings), validation.windows(recordings)
    np.testing.assert_array_equal(one.audio, two.audio)
    assert np.abs(one.audio[-20:].astype(int)).max() < 32_767


def test_windows_know_their_groups(recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "SUMS", 20)
    windows = validation.windows(recordings)
    solo, sums = windows.groups[:-20], windows.groups[-20:]
    assert (solo[:, 0] == solo[:, 1]).all()
    assert np.unique(solo).tolist() == [0, 1, 2, 3, 4]
    assert (sums[:, 0] != sums[:, 1]).all()


def test_tracks_of_a_song_are_one_group(recordings: Path, tmp_path: Path) -> None:
    rows = (recordings / "recordings.csv").read_text().splitlines()
    (tmp_path / "recordings.csv").write_text(
        "\n".join([rows[0], *(row.replace(",here,,", ",here,a song,") for row in rows[1:3])])
    )
    for name in ("flute.wav", "tuba.wav"):
        (tmp_path / name).symlink_to(recordings / name)
    assert np.unique(validation.windows(tmp_path).groups).tolist() == [0]
