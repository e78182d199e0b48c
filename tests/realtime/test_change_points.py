"""Change points in made-up log-odds: a new player is found, a wavering is not one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from earmark.realtime.change_points import CHANGE_COST, best_path, change_points

NOTHING = np.empty(0, np.int64)


def sound(windows: int, **odds: float) -> np.ndarray:
    """[windows, 3] log-odds of labels a, b and c; -4 where not given."""
    return np.tile([odds.get(label, -4.0) for label in "abc"], (windows, 1))


def found(*parts: np.ndarray, also: tuple[int, ...] = ()) -> list[int]:
    odds = np.concatenate(parts)
    return change_points(odds, np.ones(len(odds)), np.array(also, np.int64)).tolist()


def test_one_player_has_no_change() -> None:
    assert found(sound(40, a=2)) == []


def test_a_new_player_begins_at_its_first_window() -> None:
    assert found(sound(20, a=2), sound(20, b=2), sound(12, c=1)) == [20, 40]


def test_two_likely_labels_that_waver_for_long_are_one_player() -> None:
    wavering = [sound(30, a=0.5, b=-0.5), sound(30, a=-0.5, b=0.5)]
    assert found(*wavering, *wavering) == []


def test_a_single_window_is_no_player() -> None:
    assert found(sound(20, a=2), sound(1, b=2), sound(20, a=2)) == []


def test_a_rest_is_a_change_only_if_its_sides_contradict_each_other() -> None:
    assert found(sound(8, a=1), sound(8, a=2), also=(8,)) == []
    assert found(sound(8, a=2), sound(1, b=3), also=(8,)) == [8], "too short for the path, but after a rest"


def test_windows_of_little_weight_are_not_heard() -> None:
    odds = np.concatenate([sound(20, a=2), sound(8, b=2), sound(20, a=2)])
    weights = np.where((np.arange(48) >= 20) & (np.arange(48) < 28), 0.01, 1.0)
    assert change_points(odds, weights, NOTHING).tolist() == []


@pytest.mark.parametrize("windows", [0, 1])
def test_what_is_too_short_to_change_does_not(windows: int) -> None:
    assert found(sound(windows, a=1)) == []


ODDS = st.integers(1, 40).flatmap(
    lambda n: arrays(np.float64, (n, 3), elements=st.integers(-16, 16).map(lambda k: k / 4))
)


@settings(max_examples=40, deadline=None)
@given(ODDS)
def test_no_path_of_one_change_is_better_than_the_best(odds: np.ndarray) -> None:
    def worth(path: np.ndarray) -> float:
        return float(odds[np.arange(len(odds)), path].sum() - CHANGE_COST * np.count_nonzero(np.diff(path)))

    best = worth(best_path(odds, CHANGE_COST))
    for first in range(3):
        for second in range(3):
            for at in range(len(odds)):
                assert worth(np.where(np.arange(len(odds)) < at, first, second)) <= best + 1e-9


@settings(max_examples=40, deadline=None)
@given(ODDS, st.data())
def test_changes_ascend_and_lie_inside(odds: np.ndarray, data: st.DataObject) -> None:
    also = sorted(data.draw(st.sets(st.integers(1, max(1, len(odds) - 1)), max_size=3))) if len(odds) > 1 else []
    changes = change_points(odds, np.ones(len(odds)), np.array(also, np.int64)).tolist()
    assert changes == sorted(set(changes))
    assert all(0 < change < len(odds) for change in changes)
