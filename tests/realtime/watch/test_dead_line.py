import numpy as np
import pytest

from tests.realtime.watch.line_sounds import (
    HOP,
    RATE,
    noise,
    off,
    on,
    tone,
    watched,
)


def test_two_seconds_of_digital_zero_are_dead() -> None:
    sound = np.concatenate([noise(3), np.zeros(4 * RATE, np.float32), noise(3, seed=1)])
    drafts = watched(sound)
    (dead,) = on(drafts, "dead")
    assert (dead.sample, dead.decided_sample, dead.fields["detail"]) == (3 * RATE, 5 * RATE, "digital zero")
    assert [d.sample for d in off(drafts, "dead")] == [7 * RATE]


def test_less_digital_zero_is_only_a_pause() -> None:
    sound = np.concatenate([noise(3), np.zeros(int(1.9 * RATE), np.float32), noise(3, seed=1)])
    assert not on(watched(sound), "dead")


def test_a_noise_floor_that_falls_at_once_is_a_pulled_cable() -> None:
    for music in (noise(1), tone(1, 220)):
        drafts = watched(np.concatenate([noise(3, -70), music, noise(5, -95, 1), noise(3, -70, 2)]))
        (dead,) = on(drafts, "dead")
        assert dead.sample == pytest.approx(4 * RATE, abs=HOP)
        assert dead.decided_sample == pytest.approx(5 * RATE, abs=HOP)
        assert "-70 dBFS" in dead.fields["detail"]
        assert [d.sample for d in off(drafts, "dead")] == [pytest.approx(9 * RATE, abs=HOP)]


def test_music_that_stops_falls_to_its_floor_and_is_not_dead() -> None:
    floor = noise(12, -80)
    floor[4 * RATE : 8 * RATE] += tone(4, 110)
    assert not on(watched(floor), "dead")


def test_a_floor_that_fades_or_is_turned_down_slowly_is_not_dead() -> None:
    fade = np.concatenate([np.ones(3 * RATE), np.logspace(0, -2, 4 * RATE), np.full(4 * RATE, 0.01)])
    assert not on(watched(noise(11, -60) * fade.astype(np.float32)), "dead")
