"""Chains of effects, and each effect by itself."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.model.augment.acoustics import SAMPLE_RATE, Audio
from earmark.model.augment.effects import CHAINS, COD, LIVE, Chain, Drawn, Effect, contrast, shifted

QUARTER = SAMPLE_RATE // 4


def tone(hertz: float = 440.0, samples: int = QUARTER) -> Audio:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(samples) / SAMPLE_RATE)).astype(np.float32)


@given(st.integers(0, 2**32 - 1), st.floats(-100, 100), st.floats(0, 50))
def test_drawn_numbers_stay_within_their_limits(seed: int, mean: float, deviation: float) -> None:
    assert -3 <= Drawn(mean, deviation, -3, 4).draw(np.random.default_rng(seed)) <= 4


def test_cod_has_eleven_effects_on_every_second_sound() -> None:
    assert [chance for _, chance in COD.effects] == [0.5] * 11


@pytest.mark.parametrize(("effect", "_"), COD.effects + LIVE.effects)
@pytest.mark.parametrize("seed", [0, 1])
def test_every_effect_changes_the_sound_and_keeps_it_in_range(effect: Effect, _: float, seed: int) -> None:
    audio = tone()
    before = audio.copy()
    heard = effect(audio, np.random.default_rng(seed))
    assert heard.dtype == np.float32
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1
    assert heard.shape != audio.shape or not np.allclose(heard, audio)
    np.testing.assert_array_equal(audio, before)


def test_all_but_speed_keep_the_length() -> None:
    lengths = {len(effect(tone(), np.random.default_rng(3))) == QUARTER for effect, _ in LIVE.effects}
    assert lengths == {True}
    changed = [
        i for i, (effect, _) in enumerate(COD.effects) if len(effect(tone(), np.random.default_rng(3))) != QUARTER
    ]
    assert changed == [4, 9]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_chain_gives_the_same_for_the_same_seed(seed: int) -> None:
    one, two = (COD(tone(), np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_a_chain_keeps_order_and_chances() -> None:
    chain = Chain(
        ((lambda audio, _: audio + 1, 1.0), (lambda audio, _: audio * 3, 1.0), (lambda audio, _: audio * 0, 0.0))
    )
    assert chain(np.ones(4, np.float32), np.random.default_rng(0)).tolist() == [6] * 4
    assert CHAINS["none"](tone(), np.random.default_rng(0)).tolist() == tone().tolist()


@pytest.mark.parametrize("semitones", [-3.0, 0.7, 2.0])
def test_pitch_moves_and_length_stays(semitones: float) -> None:
    heard = shifted(tone(), semitones)
    assert len(heard) == QUARTER
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(QUARTER), 8 * QUARTER))
    hertz = spectrum.argmax() * SAMPLE_RATE / (8 * QUARTER)
    assert hertz == pytest.approx(440 * 2 ** (semitones / 12), rel=0.01)


def test_contrast_grows_with_its_amount() -> None:
    levels = [
        float(np.square(contrast(Drawn(amount, 0))(tone(), np.random.default_rng(0))).mean()) for amount in (0, 50, 100)
    ]
    assert all(one < two for one, two in pairwise(levels))
