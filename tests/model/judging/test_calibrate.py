"""Calibration of made-up logits whose truth is known."""

import numpy as np
import pytest
import torch

from earmark.model.judging import calibrate


def drawn(scale: float, bias: float, count: int = 4_000, labels: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits, and targets drawn with the probability that `scale` and `bias` make of them."""
    random = torch.Generator().manual_seed(3)
    logits = torch.randn(count, labels, generator=random) * 2
    chance = torch.sigmoid(logits * scale + bias)
    return logits, (torch.rand(count, labels, generator=random) < chance).float()


def test_finds_the_scaling_that_made_the_targets() -> None:
    logits, target = drawn(0.5, -1.0)
    scaling = calibrate.fit(logits, target, torch.ones_like(target))
    assert scaling.scale.tolist() == pytest.approx([0.5] * 3, abs=0.08)
    assert scaling.bias.tolist() == pytest.approx([-1.0] * 3, abs=0.15)


def test_a_label_without_examples_follows_the_others() -> None:
    logits, target = drawn(0.5, -1.0)
    weight = torch.ones_like(target)
    weight[:, 2] = 0
    scaling = calibrate.fit(logits, target, weight)
    assert float(scaling.scale[2]) == pytest.approx(float(scaling.scale[:2].mean()), abs=0.05)
    assert float(scaling.bias[2]) == pytest.approx(float(scaling.bias[:2].mean()), abs=0.1)


def test_best_f1_parts_two_heaps() -> None:
    scores = np.array([0.1, 0.2, 0.3, 0.7, 0.8])
    assert calibrate.best_f1(scores, scores > 0.5) == pytest.approx(0.5)
    assert calibrate.best_f1(scores, scores > 2) == 0.5


def test_thresholds_rise_above_what_negatives_reach() -> None:
    random = np.random.default_rng(0)
    scores = random.uniform(0, 0.3, (400, 2))
    target, negative = np.zeros((400, 2)), np.zeros(400, bool)
    target[:100], scores[:100] = 1, random.uniform(0.4, 1, (100, 2))
    negative[300:] = True
    scores[300:, 1] = 0.6
    plain, raised = calibrate.thresholds(scores, target, np.ones_like(target), negative)
    assert 0.25 < plain < 0.5
    assert raised >= 0.6


def test_thresholds_stay_in_their_range() -> None:
    scores = np.full((10, 1), 0.99)
    low, high = calibrate.THRESHOLDS
    found = calibrate.thresholds(scores, np.zeros((10, 1)), np.ones((10, 1)), np.ones(10, bool))
    assert low <= found[0] <= high
