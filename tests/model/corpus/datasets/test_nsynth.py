"""NSynth: families and sources instead of instruments."""

from pathlib import Path

import pytest

from earmark.model.corpus.datasets import nsynth
from earmark.model.errors import UsageError

from . import trees


def test_families_become_groups(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recordings = nsynth.read(trees.nsynth(tmp_path))
    assert [(*one.labels, one.split, one.kind) for one in recordings] == [
        ("bass_synth", "train", "note"),
        ("mallets", "train", "note"),
        ("any_reed", "validation", "note"),
        ("organ", "test", "note"),
    ]
    assert "flute_synthetic (1)" in caplog.text


def test_part_without_its_table_is_one_line(tmp_path: Path) -> None:
    trees.nsynth(tmp_path)
    (tmp_path / "nsynth-train" / "examples.json").unlink()
    with pytest.raises(UsageError, match=r"examples\.json is missing; give the folder that holds nsynth-train"):
        nsynth.read(tmp_path)
