"""Figures computed by hand, laws that hold for any scores, and scikit-learn's word where it is installed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.model.judging import metrics
from earmark.model.judging.metrics import Floats

SCORES = np.array([[0.9, 0.2, 0.1], [0.8, 0.7, 0.3], [0.4, 0.6, 0.3], [0.1, 0.3, 0.2]])
TARGET = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 0], [0, 0, 0]], float)
KNOWN = np.ones_like(TARGET)
PASSED = SCORES >= 0.5
"""Passed: label 0 in windows 0 and 1 (one wrong), label 1 in 1 and 2 (both right), label 2 never."""


def arrays(seed: int, windows: int = 12, labels: int = 4) -> tuple[Floats, Floats, Floats]:
    random = np.random.default_rng(seed)
    scores = random.integers(0, 6, (windows, labels)) / 5
    return scores, random.integers(0, 2, (windows, labels)) * 1.0, random.integers(0, 2, (windows, labels)) * 1.0


def everything(scores: Floats, target: Floats, weight: Floats) -> list[float]:
    passed = scores >= 0.5
    counts = metrics.count(passed, target, weight)
    return [
        *metrics.micro(counts),
        *metrics.macro(counts),
        metrics.mean_average_precision(scores, target, weight),
        metrics.ranking_precision(scores, target, weight),
        metrics.exact_match(passed, target, weight),
        metrics.hamming_score(passed, target, weight),
    ]


def test_counts() -> None:
    counts = metrics.count(PASSED, TARGET, KNOWN)
    assert [part.tolist() for part in counts] == [[1, 2, 0], [1, 0, 0], [1, 0, 1]]


def test_micro_and_macro() -> None:
    counts = metrics.count(PASSED, TARGET, KNOWN)
    assert metrics.micro(counts) == pytest.approx((3 / 4, 3 / 5, 6 / 9))
    assert metrics.macro(counts) == pytest.approx(((0.5 + 1 + 0) / 3, (0.5 + 1 + 0) / 3, (0.5 + 1 + 0) / 3))
    assert metrics.macro(counts, least=2) == pytest.approx((0.75, 0.75, 0.75))


def test_average_precision_by_hand() -> None:
    # label 0, ranked: right, wrong, right, wrong; label 1: right, right; label 2: two equal scores, one of them right
    found = metrics.average_precisions(SCORES, TARGET, KNOWN)
    assert found.tolist() == pytest.approx([0.5 * 1 + 0.5 * 2 / 3, 1.0, 0.5])
    assert metrics.mean_average_precision(SCORES, TARGET, KNOWN, least=2) == pytest.approx((5 / 6 + 1) / 2)


def test_equal_scores_do_not_depend_on_their_order() -> None:
    scores, positive = np.full(4, 0.5), np.array([True, False, False, False])
    assert metrics.average_precision(scores, positive) == metrics.average_precision(scores, positive[::-1]) == 0.25


def test_a_label_without_a_right_window_has_no_average_precision() -> None:
    assert np.isnan(metrics.average_precision(np.array([0.1, 0.2]), np.array([False, False])))
    assert metrics.mean_average_precision(SCORES, np.zeros_like(TARGET), KNOWN) == 0


def test_precision_recall_curve() -> None:
    curve = metrics.precision_recall_curve(SCORES[:, 0], TARGET[:, 0] > 0)
    assert curve.threshold.tolist() == [0.9, 0.8, 0.4, 0.1]
    assert curve.recall.tolist() == [0.5, 0.5, 1, 1]
    assert curve.precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3, 1 / 2])


def test_ranking_precision_by_hand() -> None:
    # window 0: 1; window 1: ranks 2 and 3 of 3 give 1/2 and 2/3; window 2: ranks 1 and 2 give 1 and 1
    assert metrics.ranking_precision(SCORES, TARGET, KNOWN) == pytest.approx((1 + (1 / 2 + 2 / 3) / 2 + 1) / 3)


def test_exact_match_and_accuracy() -> None:
    assert metrics.exact_match(PASSED, TARGET, KNOWN) == 2 / 4
    assert metrics.hamming_score(PASSED, TARGET, KNOWN) == pytest.approx(9 / 12)
    assert metrics.label_accuracy(PASSED, TARGET, KNOWN).tolist() == [2 / 4, 1, 3 / 4]


def test_an_unknown_cell_can_make_a_window_right() -> None:
    weight = KNOWN.copy()
    weight[2, 0] = 0
    assert metrics.exact_match(PASSED, TARGET, weight) == 3 / 4
    assert metrics.micro(metrics.count(PASSED, TARGET, weight)).recall == 3 / 4
    assert metrics.average_precisions(SCORES, TARGET, weight)[0] == 1


def test_nothing_known_gives_no_figure_above_0() -> None:
    assert everything(SCORES, TARGET, np.zeros_like(KNOWN)) == [0.0] * 10


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_bounds(seed: int) -> None:
    assert all(0 <= figure <= 1 for figure in everything(*arrays(seed)))


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_windows_does_not_matter(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(12)
    whole = arrays(seed)
    assert everything(*(part[order] for part in whole)) == pytest.approx(everything(*whole))


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0.2, 5))
def test_ranks_alone_count_where_no_threshold_is(seed: int, power: float) -> None:
    scores, target, weight = arrays(seed)
    for figure in (metrics.mean_average_precision, metrics.ranking_precision):
        assert figure(scores**power, target, weight) == pytest.approx(figure(scores, target, weight))


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_unknown_cells_change_nothing(seed: int) -> None:
    scores, target, weight = arrays(seed)
    random = np.random.default_rng(seed + 1)
    other = np.where(weight > 0, scores, random.random(scores.shape))
    flipped = np.where(weight > 0, target, 1 - target)
    assert everything(other, flipped, weight) == pytest.approx(everything(scores, target, weight))


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_the_truth_as_scores_is_perfect(seed: int) -> None:
    _, target, weight = arrays(seed)
    figures = everything(target, target, weight)
    wanted = 1.0 if (target * weight).any() else 0.0
    assert figures[:8] == [wanted] * 8
    assert figures[8:] == [1.0 if weight.any() else 0.0] * 2


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_scikit_learn_where_all_is_known(seed: int) -> None:
    theirs = pytest.importorskip("sklearn.metrics", reason="pip install scikit-learn")
    scores, target, _ = arrays(seed)
    target[0] = 1  # scikit-learn warns of labels without a right window
    weight, passed = np.ones_like(target), scores >= 0.5
    counts = metrics.count(passed, target, weight)
    ours = [metrics.micro(counts).f1, metrics.macro(counts).f1]
    assert ours == pytest.approx(
        [theirs.f1_score(target, passed, average=mean, zero_division=0) for mean in ("micro", "macro")]
    )
    assert metrics.average_precisions(scores, target, weight) == pytest.approx(
        theirs.average_precision_score(target, scores, average=None)
    )
    rows = target.any(1)
    assert metrics.ranking_precision(scores, target, weight) == pytest.approx(
        theirs.label_ranking_average_precision_score(target[rows], scores[rows])
    )
    assert metrics.hamming_score(passed, target, weight) == pytest.approx(1 - theirs.hamming_loss(target, passed))
    assert metrics.exact_match(passed, target, weight) == pytest.approx(theirs.accuracy_score(target, passed))


def test_arrays_that_break_the_conventions() -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        metrics.validate(SCORES, TARGET[:2], KNOWN)
    with pytest.raises(ValueError, match="finite"):
        metrics.validate(SCORES * np.nan, TARGET, KNOWN)
    with pytest.raises(ValueError, match="0 or 1"):
        metrics.validate(SCORES, TARGET * 2, KNOWN)
