import numpy as np

from earmark.realtime.band_power import BandPower
from earmark.realtime.leaks import MOST, Leaks

from .players import HOP, RATE, Sound, hops, noise, player, sounding, through_the_room


def _learned(sound: Sound) -> Leaks:
    leaks, power = Leaks(len(sound)), BandPower(RATE)
    for hop in hops(sound):
        leaks.step(power(hop), sounding(hop), HOP / RATE)
    return leaks


def _db(leak: np.ndarray) -> np.ndarray:
    return 10 * np.log10(leak + 1e-12)


def test_before_anything_was_heard_the_most_is_assumed() -> None:
    leaks = Leaks(2)
    assert np.allclose(leaks.leak[:, 0, 1], MOST)
    assert not leaks.leak[:, 0, 0].any()
    assert not leaks.known.any()


def test_the_leak_is_learned_from_what_an_idle_input_hears() -> None:
    source = player(1, 10)
    idle = 0.25 * source + noise(2, len(source))
    leaks = _learned(np.stack([source + noise(3, len(source)), idle]))
    assert abs(np.median(_db(leaks.leak[:, 1, 0])) - -12) < 3
    assert leaks.known.all()


def test_a_leak_through_the_room_is_learned_too() -> None:
    source = player(1, 10)
    idle = through_the_room(source, 2, -15) + noise(2, len(source))
    leaks = _learned(np.stack([source, idle]))
    assert -28 < np.median(_db(leaks.leak[:, 1, 0])) < -12


def test_independent_players_leak_nothing() -> None:
    leaks = _learned(np.stack([player(1, 20) + noise(3, 20 * RATE), player(2, 20) + noise(4, 20 * RATE)]))
    assert np.median(_db(leaks.leak[:, 0, 1])) < -25
    assert np.median(_db(leaks.leak[:, 1, 0])) < -25


def test_a_dead_line_tells_nothing() -> None:
    source = player(1, 5)
    leaks = _learned(np.stack([source, np.zeros_like(source)]))
    assert np.allclose(leaks.leak[:, 1, 0], MOST)


def test_a_line_that_comes_to_life_is_learned_anew_in_time() -> None:
    source = player(1, 160)
    idle = 0.25 * source
    idle[: 10 * RATE] *= 0.001
    leaks = _learned(np.stack([source, idle + noise(3, len(source), -100)]))
    assert abs(np.median(_db(leaks.leak[:, 1, 0])) - -12) < 3


def test_inputs_of_a_group_do_not_leak_into_each_other() -> None:
    leaks = Leaks(3)
    leaks.together([(0, 2)])
    source = player(1, 2)
    power = BandPower(RATE)
    for hop in hops(np.stack([source, source, source])):
        leaks.step(power(hop), sounding(hop), HOP / RATE)
    assert not leaks.leak[:, 0, 2].any()
    assert not leaks.leak[:, 2, 0].any()
    assert leaks.leak[:, 0, 1].all()
