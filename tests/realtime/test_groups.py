from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.bleed import Bleed
from earmark.realtime.groups import Groups

from .players import HOP, RATE, Sound, hops, noise, player, sounding, through_the_room


def _proposed(sound: Sound) -> list[tuple[tuple[int, ...], ...]]:
    """What is proposed after each hop."""
    bleed, groups = Bleed(len(sound), RATE), Groups(len(sound))
    out: list[tuple[tuple[int, ...], ...]] = []
    for hop in hops(sound):
        sounds = sounding(hop)
        told = bleed.step(hop, sounds)
        groups.step(told.power, told.by, sounds, HOP / RATE)
        out.append(groups.proposed)
    return out


def _with_noise(*inputs: Sound) -> Sound:
    return np.stack([one + noise(100 + n, len(one)) for n, one in enumerate(inputs)])


def test_a_stereo_pair_is_found_and_stays_found() -> None:
    source, other = player(1, 20), player(2, 20)
    proposed = _proposed(_with_noise(source, other, 0.7 * source))
    assert proposed[-1] == ((0, 2),)
    assert sum(a != b for a, b in pairwise(proposed)) == 1


def test_two_microphones_on_one_player_are_found() -> None:
    source = player(1, 20)
    far = through_the_room(source, 7, -3)
    assert _proposed(_with_noise(source, far, player(2, 20)))[-1] == ((0, 1),)


def test_three_microphones_are_one_group_and_two_pairs_are_two() -> None:
    one, two = player(1, 24), player(2, 24)
    assert _proposed(_with_noise(one, 0.8 * one, 0.9 * one))[-1] == ((0, 1, 2),)
    assert _proposed(_with_noise(one, two, 0.8 * one, 0.9 * two))[-1] == ((0, 2), (1, 3))


def test_nothing_is_proposed_before_it_was_heard_for_some_seconds() -> None:
    source = player(1, 6)
    assert set(_proposed(_with_noise(source, source))) == {()}


def test_independent_players_are_no_group() -> None:
    sound = _with_noise(*(player(seed, 30) for seed in range(4)))
    assert set(_proposed(sound)) == {()}


def test_players_with_bleed_are_no_group() -> None:
    players = [player(seed, 30) for seed in range(3)]
    sound = _with_noise(*(one + 0.2 * (sum(players) - one) for one in players))
    assert set(_proposed(sound)) == {()}


def test_idle_inputs_that_hear_the_same_bleed_are_no_group() -> None:
    source = player(1, 20)
    assert set(_proposed(_with_noise(source, 0.2 * source, 0.2 * source))) == {()}


def test_a_pair_that_parts_is_no_longer_proposed() -> None:
    first, second = player(1, 50), player(2, 50)
    second[: 15 * RATE] = first[: 15 * RATE]
    proposed = _proposed(_with_noise(first, second))
    assert proposed[14 * 4] == ((0, 1),)
    assert proposed[-1] == ()


@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 1000))
def test_silence_is_no_group(seed: int) -> None:
    silent = np.zeros(10 * RATE, np.float32)
    assert set(_proposed(np.stack([silent, silent, player(seed, 10)]))) == {()}


def test_a_gap_does_not_undo_a_group() -> None:
    source = player(1, 20)
    bleed, groups = Bleed(2, RATE), Groups(2)
    for k, hop in enumerate(hops(_with_noise(source, source))):
        told = bleed.step(hop, sounding(hop))
        groups.step(told.power, told.by, sounding(hop), HOP / RATE)
        if k == 60:
            bleed.restart()
            groups.restart()
    assert groups.proposed == ((0, 1),)
