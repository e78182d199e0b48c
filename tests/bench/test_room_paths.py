import numpy as np
import pytest
import room_paths
from room_paths import RoomPath

RATE = 48_000


def test_a_path_delays_and_keeps_the_level():
    click = np.zeros(RATE)
    click[1000] = 1.0
    path = RoomPath(delay=480, tilt_db=0.0, tail=np.zeros(10))
    heard = room_paths.heard_through(click, path, RATE)
    assert int(np.abs(heard).argmax()) == 1480
    assert np.square(heard).sum() == pytest.approx(1.0, rel=1e-6)


def test_a_path_tilts_the_spectrum():
    time_s = np.arange(RATE) / RATE
    two = np.sin(2 * np.pi * 500 * time_s) + np.sin(2 * np.pi * 2000 * time_s)
    heard = room_paths.heard_through(two, RoomPath(delay=1, tilt_db=-2.0, tail=np.zeros(1)), RATE)
    spectrum = np.abs(np.fft.rfft(heard))
    assert 20 * np.log10(spectrum[2000] / spectrum[500]) == pytest.approx(-4.0, abs=0.2)


def test_random_paths_are_within_the_limits_and_differ():
    random = np.random.default_rng(1)
    paths = [room_paths.random_path(random, RATE) for _ in range(50)]
    assert all(96 <= path.delay <= 1440 for path in paths)
    assert len({path.delay for path in paths}) > 40


def test_silence_stays_silence():
    path = room_paths.random_path(np.random.default_rng(1), RATE)
    assert not room_paths.heard_through(np.zeros(1000), path, RATE).any()
