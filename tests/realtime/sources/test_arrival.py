import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.sources.arrival import ArrivalClock

MS = 1_000_000
RATE = 48_000
PACKET = 480  # 10 ms


def run(arrivals_ms: list[float], drift: float = 0.0) -> list[int]:
    """What `ArrivalClock` says to packets of 10 ms of the sender's clock."""
    clock = ArrivalClock(RATE)
    return [clock.arrived(round(at * MS * (1 + drift)), PACKET) for at in arrivals_ms]


@settings(deadline=None)
@given(delays_ms=st.lists(st.floats(0, 45), min_size=100, max_size=300))
def test_delays_are_not_losses(delays_ms: list[float]) -> None:
    at, arrivals = 0.0, list[float]()
    for n, delay in enumerate(delays_ms):
        at = max(at, 10 * n + delay)  # in order
        arrivals.append(at)
    assert not any(run(arrivals))


@pytest.mark.parametrize("pause_ms", [30, 200, 1_000, 1_900])
def test_a_burst_after_a_pause_is_not_a_loss(pause_ms: int) -> None:
    steady = [10.0 * n for n in range(600)]
    assert not any(run([max(at, 1_500.0 + pause_ms) if at > 1_500 else at for at in steady]))


@pytest.mark.parametrize("drift", [-9e-4, -1e-4, 1e-4, 9e-4])
def test_a_clock_that_is_off_is_not_a_loss(drift: float) -> None:
    assert not any(run([10.0 * n for n in range(60_000)], drift))


@settings(deadline=None)
@given(lost=st.integers(7, 190), begin=st.integers(10, 400), delays_ms=st.lists(st.floats(0, 20), min_size=50))
def test_what_is_missing_is_counted_once(lost: int, begin: int, delays_ms: list[float]) -> None:
    kept = [n for n in range(900) if not begin <= n < begin + lost]
    arrivals = [10.0 * n + delays_ms[n % len(delays_ms)] for n in kept]
    arrivals = [max(arrivals[: k + 1][-30:]) for k in range(len(arrivals))]  # in order
    found = run(arrivals)
    assert sum(found) == pytest.approx(lost * PACKET, abs=0.021 * RATE)
    assert sum(1 for part in found if part) == 1
    at = next(k for k, part in enumerate(found) if part)
    assert arrivals[at] <= 10 * (begin + lost) + 2 * 250 + 40


def test_after_a_long_pause_the_hole_is_known_at_once() -> None:
    found = run([10.0 * n for n in range(100)] + [60_000 + 10.0 * n for n in range(100)])
    assert found[100] == 59_000 * 48
    assert sum(found) == found[100]


def test_a_sender_that_is_ahead_stays_so() -> None:
    assert not any(run([5.0 * n for n in range(1_000)]))
