"""A guitar amplifier's distortion."""

import numpy as np
import pytest

from earmark.model.augment.acoustics import WINDOW, spectrum
from earmark.model.augment.amplifier import Amplifier


def test_a_pure_tone_gets_harmonics_and_loses_the_highs() -> None:
    random = np.random.default_rng(0)
    amplifier = Amplifier(random, size=4)
    tone = (0.01 * np.sin(2 * np.pi * 220 * np.arange(WINDOW) / WINDOW)).astype(np.float32)
    for _ in range(4):
        heard = amplifier(tone, random)
        bins = np.abs(np.fft.rfft(heard * np.hanning(WINDOW)))
        assert heard.shape == (WINDOW,)
        assert heard.dtype == np.float32
        assert float(np.sqrt(np.square(heard).mean())) == pytest.approx(1, rel=0.02)
        assert max(bins[655:665].max(), bins[1_095:1_105].max()) > 0.02 * bins.max()
        assert bins[12_000:].max() < 0.003 * bins.max()


def test_recorded_cabinets_are_taken() -> None:
    late = np.zeros(2_000, np.float32)
    late[1_000] = 1
    amplifier = Amplifier(np.random.default_rng(0), [late], size=2)
    np.testing.assert_array_equal(amplifier.cabinets[0], spectrum(late))
    burst = np.zeros(WINDOW, np.float32)
    burst[10_000:20_000] = np.random.default_rng(0).standard_normal(10_000)
    heard = np.abs(amplifier(burst, np.random.default_rng(1)))
    assert heard[10_000:10_900].max() < 0.05 * heard[11_000:12_000].max()


def test_silence_stays_silent() -> None:
    random = np.random.default_rng(0)
    assert np.abs(Amplifier(random, size=2)(np.zeros(WINDOW, np.float32), random)).max() < 1e-6
