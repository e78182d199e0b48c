import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.band_power import BANDS
from earmark.realtime.bleed import Bleed
from earmark.realtime.unbleed import Unbleed

from .players import HOP, RATE, Sound, noise, player, sounding

WINDOW = RATE
CENTRES_HZ = np.geomspace(80, 10_000, BANDS)
ALL = np.ones(1, np.bool_)


def _windows(sound: Sound, hop: int) -> list[Sound]:
    """Windows [inputs, WINDOW] as a session makes them, zeros before the sound."""
    before = np.zeros((len(sound), WINDOW), np.float32)
    joined = np.concatenate([before, sound], 1)
    return [joined[:, end : end + WINDOW].copy() for end in range(hop, sound.shape[1] + 1, hop)]


@settings(deadline=None, max_examples=15)
@given(hop=st.sampled_from([2_400, 4_800, 12_000, 12_240, 17_777, 24_000]), seed=st.integers(0, 100))
def test_a_share_that_is_the_same_everywhere_is_a_gain(hop: int, seed: int) -> None:
    sound = noise(seed, 3 * RATE, -20)[None]
    unbleed = Unbleed(RATE, WINDOW, hop, CENTRES_HZ)
    own = np.full((BANDS, 1, 12), 0.25, np.float32)
    last = _windows(sound, hop)[-1]
    for window in _windows(sound, hop):
        unbleed.step(window, own, ALL)
    begun = 2 * RATE // hop * hop - WINDOW  # everything older was in the stream before the first hop
    np.testing.assert_allclose(window[0, -begun:-1_100], 0.5 * last[0, -begun:-1_100], atol=1e-5)


def test_what_is_all_its_own_stays_as_it_is() -> None:
    unbleed = Unbleed(RATE, WINDOW, HOP, CENTRES_HZ)
    for window in _windows(noise(1, 2 * RATE, -20)[None], HOP):
        before = window.copy()
        unbleed.step(window, np.ones((BANDS, 1, 12), np.float32), ALL)
        assert (window == before).all()


def test_a_silent_input_is_left_alone() -> None:
    unbleed = Unbleed(RATE, WINDOW, HOP, CENTRES_HZ)
    for window in _windows(noise(1, 2 * RATE, -80)[None], HOP):
        before = window.copy()
        unbleed.step(window, np.full((BANDS, 1, 12), 0.02, np.float32), ~ALL)
        assert (window == before).all()


def test_an_input_stays_clean_for_as_long_as_its_bleed_is_in_the_window() -> None:
    sound = noise(1, 4 * RATE, -20)[None]
    unbleed = Unbleed(RATE, WINDOW, HOP, CENTRES_HZ)
    changed: list[bool] = []
    for k, window in enumerate(_windows(sound, HOP)):
        before = window.copy()
        own = np.full((BANDS, 1, 12), 0.1 if k == 4 else 1, np.float32)
        unbleed.step(window, own, ALL)
        changed.append(bool((window != before).any()))
    assert changed == [4 <= k < 8 for k in range(len(changed))]


@pytest.mark.parametrize("hertz", [200, 6_000])
def test_only_the_bands_of_others_are_taken_away(hertz: float) -> None:
    time_s = np.arange(3 * RATE) / RATE
    low, high = (np.sin(2 * np.pi * one * time_s).astype(np.float32) for one in (200, 6_000))
    own = np.ones((BANDS, 1, 12), np.float32)
    own[np.abs(np.log(CENTRES_HZ / hertz)) < 0.8] = 0.01
    unbleed = Unbleed(RATE, WINDOW, HOP, CENTRES_HZ)
    for window in _windows((0.1 * low + 0.1 * high)[None], HOP):
        unbleed.step(window, own, ALL)
    spectrum = np.abs(np.fft.rfft(window[0, : -HOP // 2]))
    levels = [spectrum[round(one * len(spectrum) / (RATE / 2))] for one in (200, 6_000)]
    gone, kept = levels if hertz == 200 else levels[::-1]
    assert gone < 0.25 * kept


def test_after_a_restart_nothing_of_before_is_left() -> None:
    unbleed = Unbleed(RATE, WINDOW, HOP, CENTRES_HZ)
    own = np.full((BANDS, 1, 12), 0.25, np.float32)
    for window in _windows(noise(1, 2 * RATE, -20)[None], HOP):
        unbleed.step(window, own, ALL)
    unbleed.restart()
    window = np.zeros((1, WINDOW), np.float32)
    unbleed.step(window, own, ALL)
    assert not window.any()


def test_players_come_out_of_each_others_bleed() -> None:
    first, second = player(1, 10), player(2, 10)
    sound = np.stack([first + 0.25 * second, second + 0.25 * first])
    sound += noise(3, sound.size).reshape(sound.shape)
    bleed, unbleed = Bleed(2, RATE), Unbleed(RATE, WINDOW, HOP, Bleed(2, RATE).centres_hz)
    raw = _windows(sound, HOP)[-1]
    for window in _windows(sound, HOP):
        newest = np.ascontiguousarray(window[:, -HOP:])
        unbleed.step(window, bleed.step(newest, sounding(newest)).own, sounding(newest))
    players = _windows(np.stack([first, second]), HOP)[-1]
    for channel in range(2):
        part = slice(WINDOW // 4, -1_100)

        def error(of: Sound, channel: int = channel, part: slice = part) -> float:
            return float(np.square(of[channel, part] - players[channel, part]).mean())

        assert error(window) < 0.7 * error(raw)
