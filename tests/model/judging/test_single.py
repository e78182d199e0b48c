"""Top-1, families, calibration error and confusions, computed by hand."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.model.judging import single

SCORES = np.array([[0.9, 0.2, 0.1], [0.3, 0.6, 0.5], [0.1, 0.2, 0.8], [0.0, 0.0, 0.0]])
TARGET = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1], [1, 0, 0]], float)
KNOWN = np.ones_like(TARGET)


def test_top() -> None:
    found = single.top(SCORES, TARGET, KNOWN)
    assert found.column.tolist() == [0, 1, 2, 0]
    assert found.confidence.tolist() == [0.9, 0.6, 0.8, 0]
    assert found.right.tolist() == [True, False, True, False]


def test_a_column_that_nobody_knows_does_not_compete() -> None:
    weight = KNOWN.copy()
    weight[1, 1] = 0
    assert single.top(SCORES, TARGET, weight).right.tolist() == [True, True, True, False]


def test_any_member_of_a_group_is_right() -> None:
    accepted, weight = np.array([[0.0, 1, 1]]), np.array([[1.0, 0, 0]])
    assert single.top(np.array([[0.3, 0.2, 0.4]]), accepted, weight).right.tolist() == [True]
    assert single.top(np.array([[0.5, 0.2, 0.4]]), accepted, weight).right.tolist() == [False]


def test_family() -> None:
    found = single.top(SCORES, TARGET, KNOWN)
    assert single.family_right(found, TARGET, ("keys", "wind", "wind")).tolist() == [True, True, True, False]
    assert single.family_right(found, TARGET, ("keys", "wind", "brass")).tolist() == [True, False, True, False]


def test_calibration_error_by_hand() -> None:
    confidence, right = np.array([0.95, 0.9, 0.6, 0.55, 1.0]), np.array([True, False, True, True, True])
    curve = single.reliability(confidence, right, 10)
    assert curve.windows.tolist() == [0, 0, 0, 0, 0, 1, 1, 0, 0, 3]
    assert curve.confidence[9] == pytest.approx(0.95)
    assert curve.accuracy[[5, 6, 9]].tolist() == pytest.approx([1, 1, 2 / 3])
    assert single.calibration_error(curve) == pytest.approx((0.45 + 0.4 + 3 * (0.95 - 2 / 3)) / 5)


def test_no_windows_no_error() -> None:
    assert single.calibration_error(single.reliability(np.zeros(0), np.zeros(0, bool), 15)) == 0


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1), st.integers(1, 40))
def test_calibration_error_is_at_least_the_whole_gap(pairs: list[tuple[float, bool]], bins: int) -> None:
    confidence, right = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    error = single.calibration_error(single.reliability(confidence, right, bins))
    assert abs(confidence.mean() - right.mean()) - 1e-9 <= error <= 1


def test_confusion() -> None:
    found = single.confusion(np.array([0, 0, 2]), np.array([0, 1, 2]), 3)
    assert found.tolist() == [[0.5, 0.5, 0], [0, 0, 0], [0, 0, 1]]


def test_cod_counts_only_its_labels() -> None:
    # Of labels 0 and 1 alone: window 0 is right and 0.9 sure; windows 1 and 2 are of another label; window 3 is right
    # by the first of equal scores, and 0.0 sure. Each lies in a bin of its own.
    found = single.one_of(SCORES, TARGET, (0, 1))
    assert astuple(found) == pytest.approx((2, 1.0, (0.1 + 1.0) / 2))
    assert single.one_of(SCORES, np.zeros_like(TARGET), (0, 1)) == single.Single(0, 0, 0)


def test_cod_leaves_out_windows_of_two() -> None:
    target = TARGET.copy()
    target[0, 1] = 1
    assert single.one_of(SCORES, target, (0, 1)).windows == 1
