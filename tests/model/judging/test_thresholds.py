"""Thresholds on scores whose heaps are known."""

import numpy as np
import pytest

from earmark.model.judging import thresholds as judged


def test_best_f1_parts_two_heaps() -> None:
    scores = np.array([0.1, 0.2, 0.3, 0.7, 0.8])
    assert judged.best_f1(scores, scores > 0.5) == pytest.approx(0.5)
    assert judged.best_f1(scores, scores > 2) == 0.5


def test_a_precision_is_kept_at_the_lowest_threshold() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    positive = np.array([True, True, False, True, False, False])
    assert judged.of_precision(scores, positive, 1.0) == pytest.approx(0.75)
    assert judged.of_precision(scores, positive, 0.75) == pytest.approx(0.55)
    assert judged.of_precision(scores, scores > 2, 0.9) == 0.5


def test_a_precision_out_of_reach_is_come_near() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.6])
    positive = np.array([False, True, True, False])
    assert judged.of_precision(scores, positive, 0.9) == pytest.approx(0.65)


def test_more_precision_never_lowers_a_threshold() -> None:
    random = np.random.default_rng(1)
    target = (random.uniform(size=(2_000, 3)) < 0.3).astype(np.float64)
    scores = np.clip(random.normal(0.3 + 0.3 * target, 0.15), 0, 1)
    none = np.zeros(len(scores), bool)
    loose, strict = (judged.thresholds(scores, target, np.ones_like(target), none, aim) for aim in (0.7, 0.95))
    assert all(low < high for low, high in zip(loose, strict, strict=True))
    passed = scores >= np.array(strict)
    assert target[passed].mean() == pytest.approx(0.95, abs=0.03)


def test_thresholds_rise_above_what_negatives_reach() -> None:
    random = np.random.default_rng(0)
    scores = random.uniform(0, 0.3, (400, 2))
    target, negative = np.zeros((400, 2)), np.zeros(400, bool)
    target[:100], scores[:100] = 1, random.uniform(0.4, 1, (100, 2))
    negative[300:] = True
    scores[300:, 1] = 0.6
    plain, raised = judged.thresholds(scores, target, np.ones_like(target), negative)
    assert 0.25 < plain < 0.6
    assert raised >= 0.6


def test_thresholds_stay_in_their_range() -> None:
    scores = np.full((10, 1), 0.99)
    low, high = judged.LIMITS
    found = judged.thresholds(scores, np.zeros((10, 1)), np.ones((10, 1)), np.ones(10, bool))
    assert low <= found[0] <= high
