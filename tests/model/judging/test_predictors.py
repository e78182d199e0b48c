"""Which labels are on, by each of the predictors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from earmark.model.judging.predictors import above, above_each, top, top_within

SCORES = np.array([[0.9, 0.2, 0.5, 0.4], [0.1, 0.3, 0.2, 0.3]])
THRESHOLDS = np.array([0.95, 0.1, 0.5, 0.3])
EVEN = arrays(np.float64, (3, 5), elements=st.floats(0, 1))


def columns(on: np.ndarray) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in on]


def test_one_threshold() -> None:
    assert columns(above(SCORES, 0.4)) == [[0, 2, 3], []]


def test_a_threshold_for_each_label() -> None:
    assert columns(above_each(SCORES, THRESHOLDS)) == [[1, 2, 3], [1, 3]]


def test_the_highest() -> None:
    assert columns(top(SCORES, 2)) == [[0, 2], [1, 3]]
    assert columns(top(SCORES, 1)) == [[0], [1]]
    assert not top(SCORES, 0).any()
    assert top(SCORES, 9).all()


def test_the_highest_within_thresholds() -> None:
    assert columns(top_within(SCORES, THRESHOLDS, most=2)) == [[2], [1, 3]]
    assert columns(top_within(SCORES, THRESHOLDS, most=2, least=1)) == [[0, 2], [1, 3]]
    assert columns(top_within(SCORES, np.ones(4), most=3, least=1)) == [[0], [1]]


def test_no_windows_no_answers() -> None:
    assert top_within(np.zeros((0, 4)), THRESHOLDS, most=3, least=1).shape == (0, 4)


@given(EVEN, arrays(np.float64, 5, elements=st.floats(0, 1)), st.integers(0, 5), st.integers(0, 6))
def test_never_more_than_most_nor_fewer_than_least(
    scores: np.ndarray, thresholds: np.ndarray, least: int, more: int
) -> None:
    most = least + more
    on = top_within(scores, thresholds, most=most, least=least)
    assert on.sum(1).max() <= most
    assert on.sum(1).min() >= least
    assert not (on & ~above_each(scores, thresholds) & ~top(scores, least)).any()


@given(EVEN, st.integers(0, 6))
def test_what_is_on_is_never_lower_than_what_is_off(scores: np.ndarray, count: int) -> None:
    on = top(scores, count)
    assert (on.sum(1) == min(count, 5)).all()
    for row, chosen in zip(scores, on, strict=True):
        assert min(row[chosen], default=1.0) >= max(row[~chosen], default=0.0)


def test_faults_are_said() -> None:
    with pytest.raises(ValueError, match="3 thresholds for 4 labels"):
        above_each(SCORES, THRESHOLDS[:3])
    with pytest.raises(ValueError, match=r"least must be in 0\.\.most, they are 3 and 2"):
        top_within(SCORES, THRESHOLDS, most=2, least=3)
    with pytest.raises(ValueError, match="count must not be negative, it is -1"):
        top(SCORES, -1)
