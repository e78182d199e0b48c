from hypothesis import given
from hypothesis import strategies as st

from earmark.realtime.check.asking import Asking


def everybody(_channel: int) -> bool:
    return True


def test_each_is_asked_in_turn_and_who_missed_it_once_more_at_the_end() -> None:
    asking, asked = Asking([1, 2, 3], 100), []
    for sample in range(0, 2000, 50):
        if asking.missed(sample) is not None:
            asking.skip()
        if (one := asking.go_on(sample, everybody)) is not None:
            asked.append((sample, one))
    assert asked == [(0, 1), (100, 2), (200, 3), (300, 1), (400, 2), (500, 3)]
    assert asking.asked is None


def test_who_has_played_already_is_not_asked() -> None:
    asking = Asking([1, 2, 3], 100)
    assert asking.go_on(0, everybody) == 1
    assert asking.go_on(10, lambda channel: channel == 3) == 3


def test_one_who_is_wanted_again_comes_next_and_the_other_after_that() -> None:
    asking = Asking([1, 2, 3], 100)
    asking.go_on(0, everybody)
    asking.go_on(5, lambda channel: channel != 1)
    asking.ask(1)
    assert asking.go_on(10, everybody) == 1
    assert asking.go_on(20, lambda channel: channel != 1) == 2


@given(st.lists(st.integers(1, 5), unique=True), st.lists(st.sampled_from(["skip", "wait", "good"]), max_size=30))
def test_nobody_is_asked_more_than_twice_nor_when_good(channels: list[int], happenings: list[str]) -> None:
    asking, good, asked, sample = Asking(channels, 10), set[int](), list[int](), 0
    for happening in happenings:
        if (one := asking.go_on(sample, lambda channel: channel not in good)) is not None:
            assert one not in good
            asked.append(one)
        if happening == "skip":
            asking.skip()
        elif happening == "good" and asking.asked is not None:
            good.add(asking.asked)
        sample += 4
    assert all(asked.count(channel) <= 2 for channel in channels)
    assert set(asked) <= set(channels)
