"""Mixed windows from a small corpus of synthesised sound."""

from pathlib import Path

import numpy as np
import pytest

from earmark.model.augment.acoustics import WINDOW
from earmark.model.augment.mixer import Mixer
from earmark.model.corpus import decoded
from earmark.model.corpus.targets import COLUMN, GROUP_COLUMN

from ..sounds import write_corpus


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def small(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> decoded.Corpus:
    return decoded.load(recordings, tmp_path_factory.mktemp("cache"))


def test_batches_are_the_same_every_time(small: decoded.Corpus) -> None:
    one, two = Mixer(small, seed=5).batch(3, 8), Mixer(small, seed=5).batch(3, 8)
    np.testing.assert_array_equal(one.audio, two.audio)
    np.testing.assert_array_equal(one.target, two.target)
    assert not np.array_equal(one.audio, Mixer(small, seed=5).batch(4, 8).audio)


def test_batch_has_the_promised_shapes_and_values(small: decoded.Corpus) -> None:
    batch = Mixer(small, seed=5).batch(0, 64)
    assert batch.audio.shape == (64, WINDOW)
    assert batch.audio.dtype == np.float32
    assert np.isfinite(batch.audio).all()
    assert np.abs(batch.audio).max() <= 1
    for part in (batch.target, batch.weight, batch.any_of):
        assert set(np.unique(part)) <= {0.0, 1.0}
    assert (batch.weight[batch.target > 0] == 1).all()


def test_labels_are_those_of_the_clips(small: decoded.Corpus) -> None:
    batch = Mixer(small, seed=5).batch(0, 200)
    seen = set(np.flatnonzero(batch.target.any(0)))
    assert seen == {COLUMN["violin"], COLUMN["piano"], COLUMN["speech"]}
    voices = batch.any_of[:, GROUP_COLUMN["vocals"]] > 0
    assert voices.any()
    assert not batch.weight[voices][:, [COLUMN["female_singer"], COLUMN["male_singer"]]].any()


def test_some_windows_begin_late_and_some_hold_nothing(small: decoded.Corpus) -> None:
    batch = Mixer(small, seed=5).batch(0, 200)
    taught = batch.target.any(1)
    quiet_start = np.abs(batch.audio[:, :4_800]).max(1) < np.abs(batch.audio).max(1) / 100
    assert (taught & quiet_start).any()
    assert not taught.all()
