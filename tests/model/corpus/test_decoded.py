"""A corpus of a few synthesised clips, decoded and read back."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus import decoded

from ..sounds import CLIPS, write_corpus


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def small(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> decoded.Corpus:
    return decoded.load(recordings, tmp_path_factory.mktemp("cache"))


def test_corpus_holds_the_sound(small: decoded.Corpus) -> None:
    assert [clip.label for clip in small.clips] == [clip[0] for clip in CLIPS]
    violin = small.clips[0]
    samples = small.samples[violin.start : violin.start + violin.length] / 32768
    assert violin.length == 3 * decoded.SAMPLE_RATE
    assert np.sqrt(np.square(samples).mean()) == pytest.approx(0.3 / np.sqrt(2), abs=1e-3)
    assert float(small.levels(violin).mean()) == pytest.approx(20 * np.log10(0.3 / np.sqrt(2)), abs=0.1)


def test_second_load_reads_the_cache(recordings: Path, tmp_path: Path) -> None:
    first = decoded.load(recordings, tmp_path)
    written = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    second = decoded.load(recordings, tmp_path)
    assert second.clips == first.clips
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == written


def test_joined_corpora_keep_their_sound(small: decoded.Corpus) -> None:
    both = decoded.join([small, small])
    clip, again = both.clips[1], both.clips[1 + len(small.clips)]
    assert again.start != clip.start
    np.testing.assert_array_equal(
        both.samples[clip.start : clip.start + clip.length], both.samples[again.start : again.start + again.length]
    )


def test_non_commercial_clips_can_be_left_out(small: decoded.Corpus) -> None:
    kept = decoded.without_non_commercial(small)
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
    assert decoded.is_non_commercial(licence) is expected


def test_stretch_of_a_file(tmp_path: Path) -> None:
    wave = np.concatenate([np.zeros(1000), np.full(500, 0.5), np.zeros(1500)])
    soundfile.write(tmp_path / "a.wav", wave, 1000)
    stretch = decoded.decode(tmp_path / "a.wav", 1.0, 0.5)
    assert len(stretch) == decoded.SAMPLE_RATE // 2
    assert float(stretch.mean()) == pytest.approx(0.5 * 32767, rel=0.01)
    assert len(decoded.decode(tmp_path / "a.wav", 2.5, 9.0)) == decoded.SAMPLE_RATE // 2
    assert len(decoded.decode(tmp_path / "a.wav", 99.0, 1.0)) == 0
