import numpy as np
import pytest

from earmark.realtime.levels import FLOOR_DBFS, peak_dbfs, power_dbfs, power_of, rms_dbfs


def test_full_scale_square_wave_is_0_dbfs() -> None:
    block = np.array([[1.0, -1.0] * 50], np.float32)
    assert peak_dbfs(block) == pytest.approx([0.0])
    assert rms_dbfs(block) == pytest.approx([0.0])


def test_sine_has_rms_3_db_below_its_peak() -> None:
    sine = 0.5 * np.sin(2 * np.pi * 100 * np.arange(48_000) / 48_000)
    block = sine.astype(np.float32)[None]
    assert peak_dbfs(block) == pytest.approx([-6.02], abs=0.01)
    assert rms_dbfs(block) == pytest.approx([-9.03], abs=0.01)


def test_each_channel_has_its_own_level_and_negative_peaks_count() -> None:
    block = np.array([[0.1, 0.0, 0.0, 0.0], [0.0, -0.5, 0.1, 0.0]], np.float32)
    assert peak_dbfs(block) == pytest.approx([-20.0, -6.02], abs=0.01)
    assert rms_dbfs(block) == pytest.approx([-26.02, -11.87], abs=0.01)


def test_digital_silence_and_denormals_are_at_the_floor() -> None:
    block = np.zeros((2, 100), np.float32)
    block[1] = 1e-30
    assert peak_dbfs(block).tolist() == [FLOOR_DBFS, FLOOR_DBFS]
    assert rms_dbfs(block).tolist() == [FLOOR_DBFS, FLOOR_DBFS]


def test_power_and_level_are_inverses() -> None:
    assert power_dbfs(np.array([power_of(-37.5)])) == pytest.approx([-37.5])
