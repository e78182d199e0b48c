from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.bleed import FLOOR, Bleed, Explained

from .players import HOP, RATE, Sound, hops, noise, player, sounding, through_the_room


def _explained(sound: Sound, hop: int = HOP, rate: int = RATE) -> list[Explained]:
    bleed = Bleed(len(sound), rate)
    return [bleed.step(block, sounding(block)) for block in hops(sound, hop)]


def _by(sound: Sound, hop: int = HOP, rate: int = RATE) -> np.ndarray:
    """[hops, inputs]"""
    return np.array([one.by for one in _explained(sound, hop, rate)])


def _with_noise(*inputs: Sound) -> Sound:
    return np.stack([one + noise(100 + n, len(one)) for n, one in enumerate(inputs)])


def test_an_idle_input_is_explained_by_the_input_whose_sound_it_hears() -> None:
    first, second = player(1, 10), player(2, 10)
    by = _by(_with_noise(first, second, 0.25 * second))
    assert (by[8:, 2] == 1).all()
    assert (by[:, :2] == -1).all()


def test_an_idle_input_that_hears_the_whole_band_is_explained() -> None:
    players = [player(seed, 10) for seed in range(4)]
    by = _by(_with_noise(*players, 0.2 * sum(players)))
    assert (by[12:, 4] >= 0).mean() > 0.9
    assert (by[:, :4] == -1).all()


def test_bleed_that_comes_through_the_room_is_explained() -> None:
    first, second = player(1, 15), player(2, 15)
    by = _by(_with_noise(first, second, through_the_room(first, 7, -12)))
    assert (by[12:, 2] == 0).mean() > 0.9
    assert (by[:, :2] == -1).all()


def test_once_the_leak_is_known_bleed_is_explained_within_half_a_second() -> None:
    song = player(1, 12)
    song[6 * RATE : 8 * RATE] = 0
    by = _by(_with_noise(song, 0.2 * song))
    assert (by[20:24, 1] >= 0).any()
    assert not (by[26:31, 1] >= 0).any()
    assert (by[33:, 1] == 0).all()


def test_a_sound_of_its_own_over_the_bleed_is_at_once_its_own_again() -> None:
    loud, late = player(1, 16), player(2, 16)
    late[: 8 * RATE] = 0
    told = _explained(_with_noise(loud, late + 0.2 * loud))
    by = np.array([one.by for one in told])
    assert (by[10:31, 1] == 0).mean() > 0.9
    assert (by[34:, 1] == -1).all()
    returned = [hop for hop, one in enumerate(told) if one.returned[1]]
    assert 32 <= returned[-1] <= 34


@pytest.mark.parametrize("softer_db", [0, -6, -10])
def test_two_independent_players_are_never_explained_by_each_other(softer_db: float) -> None:
    first, second = player(1, 15), player(2, 15, 0.1 * 10 ** (softer_db / 20))
    by = _by(_with_noise(first + 0.1 * second, second + 0.1 * first))
    assert (by == -1).all()


def test_what_is_bleed_is_not_let_through_and_what_is_own_is() -> None:
    first, second = player(1, 10), player(2, 10)
    last = _explained(_with_noise(first, 0.25 * first, second))[-1]
    own = (last.power * last.own).sum((0, 2)) / last.power.sum((0, 2))
    assert own[0] > 0.9
    assert own[1] < 0.1
    assert own[2] > 0.9
    assert last.own.min() >= np.float32(FLOOR)
    assert last.own.max() <= 1


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 1000), hop=st.sampled_from([2_400, 12_000, 24_000]))
def test_one_input_alone_is_never_explained(seed: int, hop: int) -> None:
    told = _explained(_with_noise(player(seed, 2)), hop)
    assert all((one.by == -1).all() and (one.own == 1).all() for one in told)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 1000))
def test_a_silent_input_is_never_explained(seed: int) -> None:
    loud = player(seed, 3)
    by = _by(np.stack([loud, np.zeros_like(loud), noise(seed, len(loud))]))
    assert (by == -1).all()


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
def test_the_order_of_the_inputs_does_not_matter(order: tuple[int, ...]) -> None:
    first, second = player(1, 4), player(2, 4)
    sound = _with_noise(first, second, 0.2 * first)
    there = {-1: -1} | {input_: place for place, input_ in enumerate(order)}
    expected = [[there[int(one)] for one in row[list(order)]] for row in _by(sound)]
    assert _by(np.ascontiguousarray(sound[list(order)])).tolist() == expected


@settings(deadline=None, max_examples=8)
@given(gain=st.sampled_from([0.125, 0.5, 2.0, 4.0]))
def test_a_gain_on_everything_changes_nothing(gain: float) -> None:
    first = player(1, 4)
    sound = _with_noise(first, player(2, 4), 0.2 * first)
    bleeds = Bleed(3, RATE), Bleed(3, RATE)
    for hop in hops(sound):
        plain, scaled = (
            one.step(s, sounding(hop)) for one, s in zip(bleeds, (hop, hop * np.float32(gain)), strict=True)
        )
        assert plain.by.tolist() == scaled.by.tolist()
        np.testing.assert_allclose(scaled.own, plain.own, atol=1e-2)


@pytest.mark.parametrize(
    ("rate", "hop_s"), [(8_000, 0.25), (48_000, 0.05), (44_100, 0.1), (96_000, 0.25), (48_000, 0.5)]
)
def test_any_rate_and_hop_will_do(rate: int, hop_s: float) -> None:
    first, second = player(1, 8, rate=rate), player(2, 8, rate=rate)
    by = _by(_with_noise(first, second, 0.25 * first), round(rate * hop_s), rate)
    assert (by[len(by) // 2 :, 2] == 0).mean() > 0.6  # the rest are rests
    assert (by[:, :2] == -1).all()


def test_after_a_gap_what_was_learned_stays() -> None:
    first = player(1, 6)
    bleed = Bleed(2, RATE)
    for hop in hops(_with_noise(first, 0.2 * first)):
        last = bleed.step(hop, sounding(hop))
    assert last.by.tolist() == [-1, 0]
    bleed.restart()
    later = player(3, 1)
    told = [bleed.step(hop, sounding(hop)) for hop in hops(_with_noise(later, 0.2 * later))]
    assert all(one.by.tolist() == [-1, 0] for one in told)


def test_inputs_of_a_group_are_not_explained_by_each_other() -> None:
    first = player(1, 6)
    sound = _with_noise(first, 0.4 * first, 0.2 * first)
    bleed = Bleed(3, RATE)
    bleed.together([(0, 1)])
    by = np.array([bleed.step(hop, sounding(hop)).by for hop in hops(sound)])
    assert (by[:, :2] == -1).all()
    assert (by[8:, 2] >= 0).all()
