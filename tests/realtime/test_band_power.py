import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.band_power import BANDS, BandPower

from .players import RATE, noise


def _sine(hertz: float, samples: int, rate: int = RATE) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(samples) / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000, 96_000, 192_000])
def test_a_sine_lies_in_the_band_of_its_frequency(rate: int) -> None:
    bands = BandPower(rate)
    power = bands(_sine(1_000, rate // 4, rate)[None])
    assert power.shape == (BANDS, 1, 12)
    nearest = int(np.abs(bands.centres_hz - 1_000).argmin())
    assert abs(int(power[:, 0].mean(1).argmax()) - nearest) <= 1


@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
def test_powers_are_mean_squares_at_every_rate(rate: int) -> None:
    power = BandPower(rate)(_sine(1_000, rate // 4, rate)[None])
    assert power.mean(2).sum() == pytest.approx(0.125, rel=0.2)


def test_every_band_hears_noise_at_every_rate() -> None:
    for rate in (8_000, 22_050, 44_100, 192_000):
        assert (BandPower(rate)(noise(1, rate // 4, -20)[None]).mean(2) > 0).all()


@settings(deadline=None, max_examples=20)
@given(samples=st.integers(1, 30_000), inputs=st.integers(1, 10), gain=st.floats(0.01, 100))
def test_twice_the_sound_has_four_times_the_power(samples: int, inputs: int, gain: float) -> None:
    sound = noise(3, samples * inputs, -30).reshape(inputs, samples)
    bands = BandPower(RATE)
    power = bands(sound)
    assert power.shape == (BANDS, inputs, max(1, round(samples / 960)))
    np.testing.assert_allclose(bands(sound * np.float32(gain)), power * gain**2, rtol=1e-3, atol=1e-12)


def test_a_rate_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 Hz"):
        BandPower(0)
