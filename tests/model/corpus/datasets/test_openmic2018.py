"""OpenMIC-2018: what nobody was asked about is unknown, and every excerpt has its own licence."""

from pathlib import Path

import pytest

from earmark.model.corpus.datasets import openmic2018

from . import trees


def test_answers_become_labels_and_silence_becomes_unknown(tmp_path: Path) -> None:
    first, second, third = openmic2018.read(trees.openmic2018(tmp_path))
    assert first.labels == {"any_guitar": 1, "any_piano": 0}
    assert second.labels == {"vocals": 1, "cymbals": 1}
    assert third.labels == {"violin": 1}
    assert not any(one.complete for one in (first, second, third))


def test_official_split_is_kept_and_training_gives_the_validation(tmp_path: Path) -> None:
    recordings = openmic2018.read(trees.openmic2018(tmp_path))
    assert sorted(one.split for one in recordings[:2]) == ["train", "validation"]
    assert recordings[2].split == "test"


def test_missing_sound_is_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    trees.openmic2018(tmp_path)
    (tmp_path / "audio" / "000" / "000046_3840.ogg").unlink()
    assert len(openmic2018.read(tmp_path)) == 2
    assert "openmic2018: left out, 1 files" in caplog.text


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/us/", "", "CC BY-NC-SA 3.0"),
        ("", "Attribution-NonCommercial 3.0", "Attribution-NonCommercial 3.0, NC"),
        ("", "Public Domain Mark 1.0", "Public Domain Mark 1.0"),
        ("", "", "unknown, taken as NC"),
    ],
)
def test_licence(url: str, title: str, expected: str) -> None:
    assert openmic2018.licence_of(url, title) == expected
