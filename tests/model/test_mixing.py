"""Mixed windows from a small corpus of synthesised sound."""

from pathlib import Path

import numpy as np
import pytest

from earmark.model import corpus
from earmark.model.acoustics import WINDOW
from earmark.model.mixing import Mixer
from earmark.model.targets import COLUMN, GROUP_COLUMN, refine, truth

from .sounds import CLIPS, write_corpus


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def small(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> corpus.Corpus:
    return corpus.load(recordings, tmp_path_factory.mktemp("cache"))


def test_corpus_holds_the_sound(small: corpus.Corpus) -> None:
    assert [clip.label for clip in small.clips] == [clip[0] for clip in CLIPS]
    violin = small.clips[0]
    samples = small.samples[violin.start : violin.start + violin.length] / 32768
    assert violin.length == 3 * corpus.SAMPLE_RATE
    assert np.sqrt(np.square(samples).mean()) == pytest.approx(0.3 / np.sqrt(2), abs=1e-3)
    assert float(small.levels(violin).mean()) == pytest.approx(20 * np.log10(0.3 / np.sqrt(2)), abs=0.1)


def test_second_load_reads_the_cache(recordings: Path, tmp_path: Path) -> None:
    first = corpus.load(recordings, tmp_path)
    written = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    second = corpus.load(recordings, tmp_path)
    assert second.clips == first.clips
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == written


def test_joined_corpora_keep_their_sound(small: corpus.Corpus) -> None:
    both = corpus.join([small, small])
    clip, again = both.clips[1], both.clips[1 + len(small.clips)]
    assert again.start != clip.start
    np.testing.assert_array_equal(
        both.samples[clip.start : clip.start + clip.length], both.samples[again.start : again.start + again.length]
    )


def test_non_commercial_clips_can_be_left_out(small: corpus.Corpus) -> None:
    kept = corpus.without_non_commercial(small)
    assert [clip.licence for clip in kept.clips] == ["CC0"] * (len(CLIPS) - 1)


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC-BY-NC-SA 4.0 (GTSinger)", True),
        ("research demo (OpenSinger, NC per dataset; repo LICENSE)", True),
        ("CC BY-NC 3.0", True),
        ("CC-BY-SA 3.0", False),
        ("MIT (licence in README)", False),
        ("CC Sampling+/CC-BY-SA/CC0 mix (Virtual Playing Orchestra, README)", False),
    ],
)
def test_what_counts_as_non_commercial(licence: str, expected: bool) -> None:
    assert corpus.is_non_commercial(licence) is expected


def test_batches_are_the_same_every_time(small: corpus.Corpus) -> None:
    one, two = Mixer(small, seed=5).batch(3, 8), Mixer(small, seed=5).batch(3, 8)
    np.testing.assert_array_equal(one.audio, two.audio)
    np.testing.assert_array_equal(one.target, two.target)
    assert not np.array_equal(one.audio, Mixer(small, seed=5).batch(4, 8).audio)


def test_batch_has_the_promised_shapes_and_values(small: corpus.Corpus) -> None:
    batch = Mixer(small, seed=5).batch(0, 64)
    assert batch.audio.shape == (64, WINDOW)
    assert batch.audio.dtype == np.float32
    assert np.isfinite(batch.audio).all()
    assert np.abs(batch.audio).max() <= 1
    for part in (batch.target, batch.weight, batch.any_of):
        assert set(np.unique(part)) <= {0.0, 1.0}
    assert (batch.weight[batch.target > 0] == 1).all()


def test_labels_are_those_of_the_clips(small: corpus.Corpus) -> None:
    batch = Mixer(small, seed=5).batch(0, 200)
    seen = set(np.flatnonzero(batch.target.any(0)))
    assert seen == {COLUMN["violin"], COLUMN["piano"], COLUMN["speech"]}
    voices = batch.any_of[:, GROUP_COLUMN["vocals"]] > 0
    assert voices.any()
    assert not batch.weight[voices][:, [COLUMN["female_singer"], COLUMN["male_singer"]]].any()


def test_some_windows_begin_late_and_some_hold_nothing(small: corpus.Corpus) -> None:
    batch = Mixer(small, seed=5).batch(0, 200)
    taught = batch.target.any(1)
    quiet_start = np.abs(batch.audio[:, :4_800]).max(1) < np.abs(batch.audio).max(1) / 100
    assert (taught & quiet_start).any()
    assert not taught.all()


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
