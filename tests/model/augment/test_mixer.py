"""Mixed windows from a small corpus of synthesised sound."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.model.augment.acoustics import WINDOW
from earmark.model.augment.mixer import Batch, Lesson, Mixer
from earmark.model.augment.settings import MixSettings
from earmark.model.corpus import decoded
from earmark.model.corpus.targets import COLUMN, GROUP_COLUMN, GROUPS, Columns

from ..sounds import write_corpus

PLAIN: dict[str, object] = {
    "effects": "none",
    "amplified_share": 0,
    "colour_share": 0,
    "bleed_share": 0,
    "late_share": 0,
    "early_end_share": 0,
    "noise_share": 0,
    "codec_share": 0,
    "clip_share": 0,
}
"""Settings under which nothing happens to a sound but its level."""


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def small(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> decoded.Corpus:
    return decoded.load(recordings, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def mixer(small: decoded.Corpus) -> Mixer:
    return Mixer(small, seed=5)


@pytest.fixture(scope="module")
def many(mixer: Mixer) -> Batch:
    return mixer.batch(0, 120)


def corpus_of(*clips: tuple[str, tuple[str, ...], tuple[str, ...]]) -> decoded.Corpus:
    """Two seconds of a tone for each (label, present, absent)."""
    length = 2 * WINDOW
    tones = [0.3 * np.sin(2 * np.pi * 200 * (i + 1) * np.arange(length) / WINDOW) for i in range(len(clips))]
    samples = np.round(np.concatenate(tones) * 32_767).astype(np.int16)
    rows = [
        decoded.Clip(f"{i}.wav", label, "phrase", f"s{i}", "CC0", f"p{i}", i * length, length, "", present, absent)
        for i, (label, present, absent) in enumerate(clips)
    ]
    return decoded.Corpus(tuple(rows), samples, decoded.frame_levels(samples))


def plain(corpus: decoded.Corpus, **changed: object) -> Mixer:
    return Mixer(corpus, 3, MixSettings.model_validate({**PLAIN, **changed}))


def test_batches_are_the_same_every_time(small: decoded.Corpus, mixer: Mixer) -> None:
    one, two = mixer.batch(3, 8), Mixer(small, seed=5).batch(3, 8)
    np.testing.assert_array_equal(one.audio, two.audio)
    np.testing.assert_array_equal(one.target, two.target)
    np.testing.assert_array_equal(one.weight, two.weight)
    assert not np.array_equal(one.audio, mixer.batch(4, 8).audio)


def test_batch_has_the_promised_shapes_and_values(many: Batch) -> None:
    assert many.audio.shape == (120, WINDOW)
    for part in (many.audio, many.target, many.weight, many.any_of):
        assert part.dtype == np.float32
    assert np.isfinite(many.audio).all()
    assert np.abs(many.audio).max() <= 1
    for part in (many.target, many.weight, many.any_of):
        assert set(np.unique(part)) <= {0.0, 1.0}
    assert (many.weight[many.target > 0] == 1).all()


def test_labels_are_those_of_the_clips(many: Batch) -> None:
    seen = set(np.flatnonzero(many.target.any(0)))
    assert seen == {COLUMN["violin"], COLUMN["piano"], COLUMN["speech"]}
    voices = many.any_of[:, GROUP_COLUMN["vocals"]] > 0
    assert voices.any()
    assert not many.weight[voices][:, [COLUMN["female_singer"], COLUMN["male_singer"]]].any()


def test_some_windows_begin_late_and_some_hold_nothing(many: Batch) -> None:
    taught = many.target.any(1)
    quiet_start = np.abs(many.audio[:, :4_800]).max(1) < np.abs(many.audio).max(1) / 100
    assert (taught & quiet_start).any()
    assert not taught.all()


@pytest.mark.parametrize("attack_share", [0.0, 1.0])
def test_a_late_sound_has_silence_before_it(attack_share: float) -> None:
    corpus = corpus_of(("violin", (), ()), ("piano", (), ()))
    late = plain(corpus, counts=[0, 0.5, 0.5], late_share=1, attack_share=attack_share, heard_s=[0.2, 0.2])
    batch = late.batch(0, 8)
    start = WINDOW - WINDOW // 5
    assert not batch.audio[:, :start].any()
    assert (np.abs(batch.audio[:, start : start + 600]).max(1) > 0).all()
    assert batch.target.any(1).all()


def test_an_early_end_leaves_silence() -> None:
    batch = plain(corpus_of(("violin", (), ())), counts=[0, 1], early_end_share=1, heard_s=[0.3, 0.3]).batch(0, 4)
    assert not batch.audio[:, WINDOW * 3 // 10 :].any()
    assert np.abs(batch.audio).max(1).all()


@pytest.mark.parametrize(("share", "label"), [(0, "clean_electric_guitar"), (1, "distorted_electric_guitar")])
def test_an_amplified_clean_guitar_is_a_distorted_one(share: float, label: str) -> None:
    corpus = corpus_of(("clean_electric_guitar", (), ()))
    batch = plain(corpus, counts=[0, 1], amplified_share=share).batch(0, 4)
    assert set(np.flatnonzero(batch.target.any(0))) == {COLUMN[label]}
    assert batch.weight.all()
    harmonics = np.abs(np.fft.rfft(batch.audio * np.hanning(WINDOW)))
    distorted = harmonics[:, 590:1_070].max(1) > 0.01 * harmonics.max(1)
    assert distorted.all() == bool(share)


def test_other_labels_pass_no_amplifier() -> None:
    batch = plain(corpus_of(("violin", (), ())), counts=[0, 1], amplified_share=1).batch(0, 4)
    assert set(np.flatnonzero(batch.target.any(0))) == {COLUMN["violin"]}


def test_what_a_clip_leaves_unknown_is_never_a_negative() -> None:
    corpus = corpus_of(("mix", ("violin",), ("piano", "flute")), ("flute", (), ()))
    batch = plain(corpus, counts=[0, 0.5, 0.5]).batch(0, 40)
    mixture = batch.target[:, COLUMN["violin"]] > 0
    assert mixture.any()
    known = {COLUMN["violin"], COLUMN["piano"], COLUMN["flute"]}
    assert set(np.flatnonzero(batch.weight[mixture].any(0))) == known
    assert not batch.target[mixture][:, COLUMN["piano"]].any()
    assert batch.target[mixture][:, COLUMN["flute"]].any()
    assert batch.weight[~mixture].all()


@pytest.mark.parametrize(("bleed_db", "known"), [((-13.0, -12.0), False), ((-30.0, -29.0), True)])
def test_loud_bleed_is_unknown_and_quiet_bleed_is_no_label(bleed_db: tuple[float, float], known: bool) -> None:
    corpus = corpus_of(("violin", (), ()), ("piano", (), ()))
    batch = plain(corpus, counts=[0, 1], bleed_share=1, bleed_db=bleed_db).batch(0, 24)
    assert (batch.target.sum(1) == 1).all()
    assert batch.weight.all() == known


def test_an_inaudible_sound_is_not_taught() -> None:
    corpus = corpus_of(("violin", (), ()), ("piano", (), ()))
    batch = plain(corpus, counts=[0, 0, 1], balance_db=[-80, -80]).batch(0, 24)
    assert (batch.target.sum(1) == 1).all()
    assert (batch.weight == 0).any()


def test_levels_reach_from_the_lowest_to_full_scale_without_clipping() -> None:
    corpus = corpus_of(("violin", (), ()))
    peaks = np.abs(plain(corpus, counts=[0, 1]).batch(0, 100).audio).max(1)
    assert peaks.min() < 10 ** (-30 / 20)
    assert 0.5 < peaks.max() <= 1
    batch = plain(corpus, counts=[0, 1], level_dbfs=[-2, -1, 0]).batch(0, 4)
    assert np.abs(batch.audio).max(1) == pytest.approx(1)
    # A sine at full scale touches it in a few samples only.
    assert (np.abs(batch.audio) > 0.9999).mean(1).max() < 0.05


def test_clipped_windows_stay_in_range() -> None:
    batch = plain(corpus_of(("violin", (), ())), counts=[0, 1], clip_share=1, level_dbfs=[-10, -5, 0]).batch(0, 8)
    assert np.abs(batch.audio).max() == 1
    assert (np.abs(batch.audio) == 1).mean(1).min() > 0.05


def test_five_sounds_teach_five_labels() -> None:
    labels = ("violin", "piano", "flute", "tuba", "harp", "banjo", "oboe", "cello")
    batch = plain(corpus_of(*((label, (), ()) for label in labels)), counts=[0, 0, 0, 0, 0, 1]).batch(0, 16)
    assert batch.target.sum(1).max() == 5


def test_coded_windows_are_the_same_every_time() -> None:
    corpus = corpus_of(("violin", (), ()))
    one, two = (plain(corpus, counts=[0, 1], codec_share=1).batch(1, 4) for _ in range(2))
    np.testing.assert_array_equal(one.audio, two.audio)
    assert np.abs(one.audio).max() <= 1


def test_a_label_that_is_not_placed_is_refused() -> None:
    with pytest.raises(KeyError):
        plain(corpus_of(("theremin", (), ())))


COLUMNS = st.sets(st.sampled_from(sorted(COLUMN.values())), max_size=6)


@st.composite
def truths(draw: st.DrawFn) -> Columns:
    right, unknown = draw(COLUMNS), draw(COLUMNS)
    unknown -= right
    wrong = set(COLUMN.values()) - right - unknown
    groups = draw(st.sets(st.integers(0, len(GROUPS) - 1), max_size=2))
    return Columns(tuple(right), tuple(wrong), tuple(unknown), tuple(groups))


@given(st.lists(truths(), max_size=5), st.lists(truths(), max_size=2))
def test_a_lesson_takes_nothing_unknown_for_a_negative(heard: list[Columns], ignored: list[Columns]) -> None:
    lesson = Lesson()
    for truth in heard:
        lesson.hears(truth)
    for truth in ignored:
        lesson.ignores(truth)
    right = {column for truth in heard for column in truth.right}
    unknown = {column for truth in (*heard, *ignored) for column in truth.unknown}
    unknown |= {column for truth in ignored for column in truth.right}
    assert set(np.flatnonzero(lesson.target)) == right
    assert set(np.flatnonzero(lesson.weight == 0)) == unknown - right
    assert set(np.flatnonzero(lesson.any_of)) == {group for truth in heard for group in truth.groups}
