import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from earmark.realtime.ring import GAP_MARKS, Gap, Lapped, Ring

from .reader import Lap, Reader

CHANNELS = 3


def ramp(start: int, stop: int, channels: int = CHANNELS) -> NDArray[np.float32]:
    """[channels, n]: sample n of channel c is (c + 1) x (n + 1), never 0."""
    return np.outer(np.arange(1, channels + 1), np.arange(start + 1, stop + 1)).astype(np.float32)


def write_ramp(ring: Ring, frames: int) -> None:
    ring.write(ramp(ring.written, ring.written + frames, ring.channels).T)


@settings(deadline=None)
@given(capacity=st.integers(1, 50), sizes=st.lists(st.integers(0, 120), max_size=20))
def test_the_newest_samples_are_there_whatever_the_block_sizes(capacity: int, sizes: list[int]) -> None:
    ring = Ring(CHANNELS, capacity)
    for size in sizes:
        write_ramp(ring, size)
        oldest = max(0, ring.written - capacity)
        assert np.array_equal(ring.read(oldest, ring.written), ramp(oldest, ring.written))
        if oldest:
            with pytest.raises(Lapped) as lapped:
                ring.read(oldest - 1, ring.written)
            assert lapped.value.oldest == oldest
    assert ring.written == sum(sizes)


@settings(deadline=None)
@given(
    capacity=st.integers(5, 40),
    steps=st.lists(st.tuples(st.sampled_from(["write", "lose", "read"]), st.integers(0, 60)), max_size=40),
)
def test_a_reader_that_follows_the_gaps_gets_every_sample_or_knows_that_it_is_lost(
    capacity: int, steps: list[tuple[str, int]]
) -> None:
    ring = Ring(CHANNELS, capacity)
    reader = Reader(ring)
    heard: list[int] = []
    lost: list[int] = []
    position = 0
    for what, count in [*steps, ("read", 0)]:
        if what == "write":
            write_ramp(ring, count)
        elif what == "lose":
            ring.lose(count)
        else:
            for found in reader.take():
                if isinstance(found, Gap | Lap):
                    assert found.sample == position
                    lost.extend(range(position, position + found.lost))
                    position += found.lost
                else:
                    stop = position + found.shape[1]
                    assert np.array_equal(found, ramp(position, stop))
                    heard.extend(range(position, stop))
                    position = stop
            assert position == reader.position == ring.taken == ring.written
    assert sorted(heard + lost) == list(range(ring.written))


def test_a_reader_that_was_lapped_goes_on_with_the_oldest_that_is_whole() -> None:
    ring = Ring(1, 10)
    reader = Reader(ring)
    write_ramp(ring, 4)
    ring.lose(2)
    write_ramp(ring, 11)
    *gaps, block = reader.take()
    assert gaps == [Lap(0, 4), Gap(4, 2), Lap(6, 1)]
    assert np.array_equal(block, ramp(7, 17, 1))
    assert reader.take() == []
    assert not ring.wake_at(reader.position + 1)
    write_ramp(ring, 1)
    assert ring.take_wake()


def test_a_hole_reads_as_silence_and_is_told_of_once() -> None:
    ring = Ring(1, 20)
    write_ramp(ring, 15)
    ring.lose(8)
    write_ramp(ring, 2)
    assert ring.gaps_until(15) == ()
    assert ring.gaps_until(16) == (Gap(15, 8),)
    assert ring.gaps_until(ring.written) == ()
    assert np.array_equal(ring.read(15, 23), np.zeros((1, 8), np.float32))
    assert np.array_equal(ring.read(23, 25), ramp(23, 25, 1))


def test_a_discontinuity_loses_nothing_but_is_marked() -> None:
    ring = Ring(1, 20)
    write_ramp(ring, 5)
    ring.lose(0)
    assert ring.written == 5
    assert ring.gaps_until(5) == ()  # nothing has come after it yet
    write_ramp(ring, 1)
    assert ring.gaps_until(6) == (Gap(5, 0),)


def test_more_gaps_than_marks_keeps_the_newest() -> None:
    ring = Ring(1, 20)
    for _ in range(GAP_MARKS + 5):
        ring.lose(1)
    gaps = ring.gaps_until(ring.written)
    assert gaps == tuple(Gap(sample, 1) for sample in range(5, GAP_MARKS + 5))


def test_a_hole_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        Ring(1, 20).lose(-1)


@pytest.mark.parametrize(("start", "stop"), [(0, 6), (-1, 3), (4, 3)])
def test_only_what_is_written_can_be_read(start: int, stop: int) -> None:
    ring = Ring(1, 20)
    write_ramp(ring, 5)
    with pytest.raises(ValueError, match="not in the stream"):
        ring.read(start, stop)


def test_the_reader_is_woken_once_for_each_time_it_asks() -> None:
    ring = Ring(1, 20)
    assert not ring.wake_at(10)
    write_ramp(ring, 9)
    assert not ring.take_wake()
    write_ramp(ring, 1)
    assert ring.take_wake()
    write_ramp(ring, 1)
    assert not ring.take_wake()
    assert ring.wake_at(11)


def test_room_is_what_the_reader_has_taken() -> None:
    ring = Ring(1, 20)
    assert ring.room == 20
    write_ramp(ring, 15)
    assert ring.room == 5
    ring.taken = 12
    assert ring.room == 17


@settings(max_examples=5, deadline=None)
@given(capacity=st.integers(2_000, 6_000), frames=st.integers(100, 1_500))
def test_a_reader_beside_a_writer_never_takes_a_torn_copy(capacity: int, frames: int) -> None:
    """The writer runs freely; copies large enough for NumPy to let go of the interpreter lock stay whole."""
    channels = 8
    ring = Ring(channels, capacity)
    done = threading.Event()

    def write() -> None:
        block = np.empty((frames, channels), np.float32)
        while not done.is_set() and ring.written < 2**24 - 2 * frames:  # float32 counts exactly up to there
            block[:] = np.arange(ring.written, ring.written + frames, dtype=np.float32)[:, np.newaxis]
            ring.write(block)

    writer = threading.Thread(target=write)
    writer.start()
    whole = 0
    try:
        for _ in range(2_000):
            stop = ring.written
            start = max(0, stop - capacity + frames)
            try:
                block = ring.read(start, stop)
            except Lapped:
                continue
            whole += 1
            assert np.array_equal(block, np.tile(np.arange(start, stop, dtype=np.float32), (channels, 1)))
    finally:
        done.set()
        writer.join()
    assert whole
