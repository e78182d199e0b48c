"""The two tables of the systems that came before, computed by hand."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.model.judging import sweep

SCORES = np.array([[0.9, 0.6, 0.1], [0.2, 0.3, 0.4], [0.7, 0.8, 0.2]])
TARGET = np.array([[1, 0, 0], [0, 0, 1], [1, 1, 0]], float)
KNOWN = np.ones_like(TARGET)


def test_a_row_for_each_threshold() -> None:
    low, high = sweep.by_threshold(SCORES, TARGET, KNOWN, steps=(0.5, 0.75))
    # at 0.5: window 0 finds one right and one wrong, window 1 nothing (precision 1, recall 0), window 2 both
    assert low.recall == pytest.approx((1 + 0 + 1) / 3)
    assert low.precision == pytest.approx((0.5 + 1 + 1) / 3)
    assert low.accuracy == pytest.approx(7 / 9)
    assert (low.identified, low.false_positives) == pytest.approx((3 / 4, 1 / 3))
    assert low.micro_f1 == pytest.approx(2 * 3 / (2 * 3 + 1 + 1))
    assert (high.identified, high.false_positives) == pytest.approx((2 / 4, 0))


def test_the_highest() -> None:
    one, two = sweep.by_top(SCORES, TARGET, KNOWN, (1, 2))
    assert astuple(one) == pytest.approx((1, 3 / 4, 0))
    assert astuple(two) == pytest.approx((2, 1, 2 / 3))


def test_unknown_labels_are_neither_found_nor_false() -> None:
    weight = KNOWN.copy()
    weight[0, 1] = 0
    (row,) = sweep.by_threshold(SCORES, TARGET, weight, steps=(0.5,))
    assert row.false_positives == 0
    assert sweep.by_top(SCORES, TARGET, weight, (2,))[0].false_positives == pytest.approx(2 / 3)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_a_higher_threshold_finds_no_more(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores, target = random.random((8, 5)), random.integers(0, 2, (8, 5)) * 1.0
    rows = sweep.by_threshold(scores, target, np.ones_like(target))
    for name in ("recall", "identified", "false_positives"):
        column = [getattr(row, name) for row in rows]
        assert column == sorted(column, reverse=True)
