"""All figures together, on a few windows without sound."""

import numpy as np
import pytest

from earmark.model.corpus.targets import COLUMN
from earmark.model.judging.cases import Cases
from earmark.model.judging.figures import Figures, judge
from earmark.model.labels import MODEL_LABELS

ONE = ("piano", "violin", "flute", "clarinet", "piano")
TWO = (("piano", "flute"), ("violin", "tuba"))
NEGATIVE = ("speech", "noise", "silence", "noise")


def cases() -> Cases:
    """Windows of `ONE`, `TWO` and `NEGATIVE`, in this order; all is known."""
    wanted = [(label,) for label in ONE] + list(TWO) + [("speech",), (), (), ()]
    target = np.zeros((len(wanted), len(MODEL_LABELS)))
    for row, labels in enumerate(wanted):
        target[row, [COLUMN[label] for label in labels]] = 1
    kind = np.array(["one"] * len(ONE) + ["several"] * len(TWO) + list(NEGATIVE))
    return Cases(np.zeros((len(wanted), 0), np.int16), target, np.ones_like(target), target, kind)


def judged(scores: np.ndarray) -> Figures:
    return judge(scores, np.full(len(MODEL_LABELS), 0.5), cases())


def test_the_truth_is_perfect() -> None:
    found = judged(cases().target)
    assert (found.naming.top1, found.naming.family, found.naming.ece) == (1, 1, 0)
    for part in (found.one, found.several):
        assert (part.micro_f1, part.lrap, part.exact_match, part.hamming_score) == (1, 1, 1, 1)
    assert (found.cod.windows, found.cod.micro_f1) == (3, 1)
    assert found.alarms == {"any": 0, "speech": 0, "noise": 0, "silence": 0}
    assert np.array(found.confusion).trace() == 4


def test_a_few_mistakes() -> None:
    scores = cases().target * 0.8
    scores[2] = 0
    scores[2, COLUMN["clarinet"]] = 0.6  # the flute is called a clarinet
    scores[6, COLUMN["tuba"]] = 0.4  # a tuba below its threshold
    scores[8, COLUMN["drum_set"]] = 0.9  # drums in noise
    found = judged(scores)
    assert (found.naming.top1, found.naming.family) == (4 / 5, 1)
    assert found.naming.ece == pytest.approx((4 * 0.2 + 0.6) / 5)
    assert found.one.micro_f1 == pytest.approx(4 / 5)
    assert (found.several.micro_recall, found.several.exact_match) == (3 / 4, 1 / 2)
    assert found.several.lrap == 1
    assert found.alarms == {"any": 1 / 4, "speech": 0, "noise": 1 / 2, "silence": 0}
    assert found.confusion[COLUMN["flute"]][COLUMN["clarinet"]] == 1
    by_label = {one.label: one for one in found.labels}
    assert (by_label["clarinet"].precision, by_label["clarinet"].recall) == (1 / 2, 1)
    assert by_label["tuba"].top1 is None
    assert "speech" not in by_label


def test_speech_is_no_instrument() -> None:
    scores = cases().target.copy()
    scores[:, COLUMN["speech"]] = 0.9
    found = judged(scores)
    assert found.one.micro_f1 == 1
    assert found.alarms["any"] == 0
    assert found.naming.top1 == 1
    scores *= 0.8
    scores[:, COLUMN["speech"]] = 0.9
    assert judged(scores).naming.top1 == 0


def test_a_label_that_the_model_lacks_is_missed() -> None:
    scores, thresholds = cases().target.copy(), np.full(len(MODEL_LABELS), 0.5)
    scores[:, COLUMN["flute"]], thresholds[COLUMN["flute"]] = 0, np.inf
    found = judge(scores, thresholds, cases())
    assert found.naming.top1 == 4 / 5
    assert next(one for one in found.labels if one.label == "flute").threshold is None


def test_curves_are_thinned_over_recall() -> None:
    scores = np.random.default_rng(1).random((11, len(MODEL_LABELS)))
    curve = judged(scores).curves[0]
    assert curve.label == "all labels"
    assert list(curve.recall) == pytest.approx([found / 9 for found in range(10)], abs=1e-4)
    assert judged(cases().target).curves[0].precision == (1,)
