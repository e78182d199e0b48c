"""Coarse codecs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.model.augment.acoustics import SAMPLE_RATE, Audio
from earmark.model.augment.codec import TELEPHONE_RATES, coded, telephone, vorbis


def two_tones() -> Audio:
    time_s = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    return (0.3 * np.sin(2 * np.pi * 1_000 * time_s) + 0.3 * np.sin(2 * np.pi * 15_000 * time_s)).astype(np.float32)


@pytest.mark.parametrize("rate", TELEPHONE_RATES)
def test_telephone_keeps_only_what_its_rate_carries(rate: int) -> None:
    heard = telephone(two_tones(), rate)
    assert heard.shape == (SAMPLE_RATE,)
    spectrum = np.abs(np.fft.rfft(heard)) / SAMPLE_RATE * 2
    assert spectrum[1_000] == pytest.approx(0.3, rel=0.05)
    assert spectrum[15_000] < 0.01


def test_vorbis_keeps_the_sound_nearly() -> None:
    heard = vorbis(two_tones(), 0.9)
    assert heard.shape == (SAMPLE_RATE,)
    assert np.corrcoef(heard, two_tones())[0, 1] > 0.6
    assert not np.array_equal(heard, two_tones())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1_000, SAMPLE_RATE), st.floats(0, 1))
def test_coded_sound_is_as_long_and_in_range_and_the_same_every_time(seed: int, samples: int, peak: float) -> None:
    audio = (np.random.default_rng(seed).uniform(-1, 1, samples) * peak).astype(np.float32)
    one, two = (coded(audio, np.random.default_rng(seed)) for _ in range(2))
    assert one.shape == audio.shape
    assert one.dtype == np.float32
    assert np.abs(one).max() <= 1
    np.testing.assert_array_equal(one, two)
