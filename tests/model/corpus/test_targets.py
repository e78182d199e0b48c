"""What each manifest label teaches."""

import pytest

from earmark.model.corpus.targets import COLUMN, GROUP_COLUMN, refine, truth


def test_truth_of_labels() -> None:
    assert truth("timpani").right == (COLUMN["auxiliary_percussion"],)
    assert truth("bagpipe") == ((), -1, ())
    assert truth("female_singer").alone == (COLUMN["vocalists"],)
    assert truth("guitar_electric").group == GROUP_COLUMN["guitar_electric"]
    assert truth("harmonium").right == ()
    with pytest.raises(KeyError):
        truth("no such thing")


def test_file_names_make_mallets_exact() -> None:
    assert refine("mallets", "x/samples_Vibraphone.sustain.ff.G5.opus") == "vibraphone"
    assert refine("mallets", "x/glock_d4.opus") == "mallet_percussion"
    assert refine("violin", "x/vibraphone.opus") == "violin"
