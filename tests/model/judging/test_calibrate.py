"""Calibration of made-up logits whose truth is known."""

import numpy as np
import numpy.typing as npt
import pytest

from earmark.model.judging import calibrate

Floats = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]


def drawn(scale: float, bias: float, count: int = 4_000, labels: int = 3) -> tuple[Floats, Floats]:
    """Logits, and targets drawn with the probability that `scale` and `bias` make of them."""
    random = np.random.default_rng(3)
    logits = random.normal(0, 2, (count, labels))
    chance = 1 / (1 + np.exp(-(logits * scale + bias)))
    return logits, (random.uniform(size=chance.shape) < chance).astype(np.float64)


def groups(count: int, size: int = 40) -> Groups:
    """Groups of `size` windows each."""
    return np.stack([np.arange(count) // size] * 2, 1)


def test_finds_the_scaling_that_made_the_targets() -> None:
    logits, target = drawn(0.5, -1.0)
    scaling = calibrate.fit(logits, target, np.ones_like(target), groups(len(target)))
    assert scaling.scale.tolist() == pytest.approx([0.5] * 3, abs=0.08)
    assert scaling.bias.tolist() == pytest.approx([-1.0] * 3, abs=0.15)
    truth = 1 / (1 + np.exp(-(logits * 0.5 - 1)))
    np.testing.assert_allclose(scaling.probabilities(logits), truth, atol=0.04)


def test_a_label_without_examples_follows_the_others() -> None:
    logits, target = drawn(0.5, -1.0)
    weight = np.ones_like(target)
    weight[:, 2] = 0
    scaling = calibrate.fit(logits, target, weight, groups(len(target)))
    assert scaling.scale[2] == pytest.approx(scaling.scale[:2].mean(), abs=0.05)
    assert scaling.bias[2] == pytest.approx(scaling.bias[:2].mean(), abs=0.1)


def test_a_label_with_a_bias_of_its_own_gets_platt() -> None:
    logits, target = drawn(1.0, -1.0, count=8_000, labels=6)
    logits[:, 0] += 3
    scaling = calibrate.fit(logits, target, np.ones_like(target), groups(len(target)))
    assert scaling.kinds[0] == "platt"
    assert scaling.bias[0] < scaling.bias[1:].min() - 1


def test_what_holds_within_one_group_only_is_not_chosen() -> None:
    """Label 0 is shifted by another amount in every group: no bias of its own holds in the next."""
    logits, target = drawn(1.0, 0.0, count=2_000)
    of = groups(len(target), 200)
    shift = np.random.default_rng(7).permutation(np.linspace(-6, 6, 10))
    logits[:, 0] += shift[of[:, 0]]
    scaling = calibrate.fit(logits, target, np.ones_like(target), of)
    assert scaling.kinds[0] == "temperature"


def test_a_sum_is_heard_only_where_both_its_groups_are(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    fitted = calibrate._fit  # pyright: ignore[reportPrivateUsage]

    def spy(logits: Floats, target: Floats, weight: Floats, pulls: tuple[float, float]) -> Floats:
        seen.append(len(logits))
        return fitted(logits, target, weight, pulls)

    monkeypatch.setattr(calibrate, "_fit", spy)
    logits, target = drawn(1.0, 0.0, count=50)
    of = np.stack([np.arange(50) % 5, (np.arange(50) + 1) % 5], 1)  # each window of two neighbouring groups
    calibrate.fit(logits, target, np.ones_like(target), of)
    assert set(seen) == {50}  # nothing lies wholly in one group: no turn can be judged


def test_one_group_alone_can_still_be_fitted() -> None:
    logits, target = drawn(0.5, -1.0)
    scaling = calibrate.fit(logits, target, np.ones_like(target), np.zeros((len(target), 2), np.int64))
    assert scaling.kinds == ("temperature",) * 3
    assert np.isfinite(scaling.scale).all()


def test_a_label_parted_without_fault_stays_finite() -> None:
    logits = np.where(np.arange(400) % 2, 20.0, -20.0)[:, None] * np.ones((1, 2))
    target = (logits > 0).astype(np.float64)
    scaling = calibrate.fit(logits, target, np.ones_like(target), groups(400))
    assert np.isfinite(scaling.scale).all()
    assert np.isfinite(scaling.bias).all()
    assert scaling.probabilities(logits)[:, 0] == pytest.approx(target[:, 0], abs=0.01)


def test_sums_weigh_as_much_as_the_others() -> None:
    several = np.array([True, False, False, False])
    weight = np.array([[1.0, 0.0]] * 4)
    np.testing.assert_array_equal(calibrate.balanced(weight, several), [[3, 0], [1, 0], [1, 0], [1, 0]])
    np.testing.assert_array_equal(calibrate.balanced(weight, np.zeros(4, bool)), weight)
