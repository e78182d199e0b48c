"""Opening a data set with mirdata, or saying what is missing."""

import sys
from pathlib import Path

import pytest

from earmark.model.corpus.datasets import irmas, mir
from earmark.model.errors import UsageError

from . import trees


def test_index_beside_the_data_is_used(tmp_path: Path) -> None:
    dataset = mir.open_dataset(irmas.ABOUT, "irmas", trees.irmas(tmp_path))
    assert dataset.track_ids[0] == "0189__1"


def test_without_mirdata_the_line_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mirdata", None)
    with pytest.raises(UsageError, match=r"irmas: mirdata is not installed: pip install 'earmark\[train\]'"):
        mir.open_dataset(irmas.ABOUT, "irmas", trees.irmas(tmp_path))
