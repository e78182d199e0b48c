import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from earmark.realtime.windows import Hop, Windows

RATES = [48_000, 44_100, 22_050, 96_000, 32_000, 8_000]
Samples = NDArray[np.float32]


def noise(samples: int, channels: int = 2, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).uniform(-1, 1, (channels, samples)).astype(np.float32)


def feed(windows: Windows, sound: Samples, sizes: list[int]) -> list[Hop]:
    """Push all of `sound` in blocks of `sizes`, over and over, then flush."""
    hops: list[Hop] = []
    begin = turn = 0
    while begin < sound.shape[1]:
        block = sound[:, begin : begin + sizes[turn % len(sizes)]]
        hops += windows.push(block)
        begin += block.shape[1]
        turn += 1
    return hops + windows.flush()


def assert_same(one: list[Hop], other: list[Hop]) -> None:
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert (a.start_sample, a.decided_sample, a.sound, a.padded) == (
            b.start_sample,
            b.decided_sample,
            b.sound,
            b.padded,
        )
        assert np.array_equal(a.block, b.block)
        assert np.array_equal(a.window, b.window)


def test_the_first_window_is_filled_with_zeros_at_the_left() -> None:
    sound = noise(48_000)
    hops = Windows(2, 48_000).push(sound)
    assert [hop.sound for hop in hops] == [12_000, 24_000, 36_000, 48_000]
    for k, hop in enumerate(hops):
        assert hop.window.shape == (2, 48_000)
        assert not hop.window[:, : 48_000 - hop.sound].any()
        assert np.array_equal(hop.window[:, 48_000 - hop.sound :], sound[:, : hop.sound])
        assert (hop.start_sample, hop.decided_sample) == (k * 12_000, (k + 1) * 12_000)
        assert np.array_equal(hop.block, sound[:, k * 12_000 : (k + 1) * 12_000])


@settings(deadline=None)
@given(
    hop=st.integers(1, 40), window=st.integers(1, 60), samples=st.integers(0, 300), sizes=st.lists(st.integers(1, 70))
)
def test_each_window_is_the_samples_before_its_decision(hop: int, window: int, samples: int, sizes: list[int]) -> None:
    sound = noise(samples, channels=1)
    hops = feed(Windows(1, 100, 100, window, hop), sound, sizes or [7])
    assert len(hops) == -(-samples // hop)
    padded = np.concatenate((np.zeros((1, window), np.float32), sound, np.zeros((1, hop), np.float32)), axis=1)
    for k, found in enumerate(hops):
        stop = (k + 1) * hop
        assert found.decided_sample == stop
        assert np.array_equal(found.window, padded[:, stop : stop + window])
        assert found.padded == (stop > samples)
        assert found.sound == max(0, min(samples, stop) - max(0, stop - window))
    assert np.array_equal(np.concatenate([np.empty((1, 0))] + [h.block for h in hops], axis=1), sound)


@pytest.mark.parametrize("rate", RATES)
@settings(max_examples=6, deadline=None)
@given(sizes=st.lists(st.integers(1, 5_000), min_size=1, max_size=6), samples=st.integers(1, 60_000))
def test_chunking_does_not_matter(rate: int, sizes: list[int], samples: int) -> None:
    sound = noise(samples)
    sizes = [*sizes, 400]
    assert_same(feed(Windows(2, rate), sound, sizes), feed(Windows(2, rate), sound, [samples]))


@pytest.mark.parametrize("rate", RATES)
@given(samples=st.integers(1, 30_000), hop=st.sampled_from([4_800, 12_000, 12_001]))
@settings(max_examples=15, deadline=None)
def test_decided_samples_and_blocks_account_for_every_source_sample(rate: int, samples: int, hop: int) -> None:
    sound = noise(samples)
    hops = feed(Windows(2, rate, hop=hop), sound, [1_000])
    for k, found in enumerate(hops):
        assert found.start_sample == k * hop * rate // 48_000
        assert found.decided_sample == (k + 1) * hop * rate // 48_000
        assert found.padded == (k == len(hops) - 1 and found.decided_sample > samples)
        if not found.padded:
            assert found.block.shape == (2, found.decided_sample - found.start_sample)
    assert np.array_equal(np.concatenate([hop.block for hop in hops], axis=1), sound)


@pytest.mark.parametrize("rate", RATES[1:])
def test_a_click_stands_in_the_window_where_it_stands_in_the_source(rate: int) -> None:
    sound = np.zeros((2, 2 * rate), np.float32)
    click = rate + rate // 10
    sound[1, click] = 1.0
    hops = feed(Windows(2, rate), sound, [777])
    with_click = [hop for hop in hops if np.abs(hop.window[1]).max() > 0.2]
    assert len(with_click) == 4
    for hop in with_click:
        behind = 48_000 - int(np.argmax(np.abs(hop.window[1])))
        expected = (hop.decided_sample - click) * 48_000 / rate
        assert behind == pytest.approx(expected, abs=2 + 48_000 / rate)
    assert click in range(with_click[0].start_sample, with_click[0].decided_sample)
    assert with_click[0].block[1, click - with_click[0].start_sample] == 1.0


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("lost", [0, 1, 5_000, 10_000_000])
def test_after_a_gap_nothing_old_is_left_and_times_count_the_hole(rate: int, lost: int) -> None:
    before, after = noise(rate, seed=1), noise(rate, seed=2)
    windows = Windows(2, rate)
    windows.push(before[:, : rate - 321])
    windows.gap(lost)
    anchor = rate - 321 + lost
    assert windows.position == anchor
    fresh = feed(Windows(2, rate), after, [1_000])
    again = feed(windows, after, [1_000])
    assert len(again) == len(fresh)
    for here, new in zip(again, fresh, strict=True):
        assert here.start_sample == anchor + new.start_sample
        assert here.decided_sample == anchor + new.decided_sample
        assert here.sound == new.sound
        assert np.array_equal(here.window, new.window)
        assert np.array_equal(here.block, new.block)


@given(rate=st.sampled_from(RATES), samples=st.integers(0, 40_000))
@settings(max_examples=20, deadline=None)
def test_needed_leads_to_the_next_hop(rate: int, samples: int) -> None:
    windows = Windows(1, rate)
    windows.push(np.zeros((1, samples), np.float32))
    asked = 0
    while not (hops := windows.push(np.zeros((1, windows.needed), np.float32))):
        asked += 1
    assert len(hops) == 1
    assert asked == 0 or rate != 48_000
    assert asked < 40


def test_the_last_part_hop_is_padded() -> None:
    sound = noise(15_000)
    *_, last = feed(Windows(2, 48_000), sound, [1_000])
    assert (last.start_sample, last.decided_sample, last.sound, last.padded) == (12_000, 24_000, 15_000, True)
    assert last.block.shape == (2, 3_000)
    assert not last.window[:, -9_000:].any()
    assert np.array_equal(last.window[:, 24_000:39_000], sound)


def test_nothing_heard_nothing_flushed() -> None:
    windows = Windows(2, 44_100)
    assert windows.flush() == []
    windows.push(noise(44_100))
    windows.flush()
    assert windows.flush() == []


def test_a_block_the_caller_uses_again_does_not_change_what_was_pushed() -> None:
    windows = Windows(2, 48_000)
    block = noise(6_000)
    kept = block.copy()
    windows.push(block)
    block.fill(0.0)
    hop = windows.push(block)[0]
    assert np.array_equal(hop.block[:, :6_000], kept)


def test_a_block_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[2, n\], not \[3, 10\]"):
        Windows(2, 48_000).push(noise(10, channels=3))


def test_nan_passes_through() -> None:
    sound = np.full((2, 12_000), np.nan, np.float32)
    hop = Windows(2, 48_000).push(sound)[0]
    assert np.isnan(hop.block).all()
