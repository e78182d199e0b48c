import numpy as np
import pytest

from earmark.realtime.config import SmoothingConfig
from earmark.realtime.gate import Gate, frame_powers
from earmark.realtime.levels import power_dbfs

RATE, HOP = 48_000, 12_000


def _tone(samples: int, amplitude: float) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * 440 * np.arange(samples) / RATE)).astype(np.float32)


def _run(gate: Gate, sound: np.ndarray) -> list:
    return [gate.step(sound[None, a : a + HOP], a) for a in range(0, len(sound), HOP)]


def test_frame_powers_of_a_sine() -> None:
    levels = power_dbfs(frame_powers(_tone(4800, 1.0)[None], 480))
    assert levels.shape == (1, 10)
    assert levels[0] == pytest.approx(-3.01, abs=0.1)


def test_the_rise_is_placed_within_a_frame() -> None:
    sound = np.concatenate([np.zeros(17_000, np.float32), _tone(31_000, 0.5)])
    gatings = _run(Gate(1, RATE, SmoothingConfig()), sound)
    assert [bool(g.sounds[0]) for g in gatings] == [False, True, True, True]
    assert abs(int(gatings[-1].rise_sample[0]) - 17_000) <= 480


def test_the_fall_is_the_end_of_the_last_sound() -> None:
    sound = np.concatenate([_tone(30_000, 0.5), np.zeros(30_000, np.float32)])
    gatings = _run(Gate(1, RATE, SmoothingConfig()), sound)
    assert abs(int(gatings[-1].fall_sample[0]) - 30_000) <= 480


def test_a_short_rest_does_not_begin_a_new_stretch_and_a_long_one_does() -> None:
    def rise(rest_samples: int) -> int:
        rest = np.zeros(rest_samples, np.float32)
        sound = np.concatenate([_tone(24_000, 0.5), rest, _tone(24_000, 0.5)])
        return int(_run(Gate(1, RATE, SmoothingConfig(rest_s=1.0)), sound)[-1].rise_sample[0])

    assert rise(24_000) == 0
    assert abs(rise(72_000) - 96_000) <= 480


def test_a_level_that_breaks_upward_begins_a_new_stretch() -> None:
    sound = np.concatenate([_tone(96_000, 0.004), _tone(48_000, 0.5)])
    gatings = _run(Gate(1, RATE, SmoothingConfig(break_db=18)), sound)
    assert abs(int(gatings[-1].rise_sample[0]) - 96_000) <= 480


def test_what_is_far_below_the_loudest_does_not_sound() -> None:
    sound = np.concatenate([_tone(48_000, 0.9), _tone(48_000, 0.003)])
    gatings = _run(Gate(1, RATE, SmoothingConfig(gate_below_loudest_db=40)), sound)
    assert gatings[3].sounds[0]
    assert not gatings[5].sounds[0]


def test_inputs_do_not_touch_each_other() -> None:
    block = np.stack([_tone(HOP, 0.5), np.zeros(HOP, np.float32)])
    gating = Gate(2, RATE, SmoothingConfig()).step(block, 0)
    assert gating.sounds.tolist() == [True, False]
    assert gating.rise_sample.tolist() == [0, -1]
