"""Figures over an earlier system's classes, computed by hand."""

import numpy as np
import pytest

from earmark.model.corpus.targets import COLUMN
from earmark.model.judging import classes
from earmark.model.judging.single import one_of
from earmark.model.labels import MODEL_LABELS

CLASSES = {"guitar": "any_guitar", "piano": "piano", "cymbals": "cymbals"}


def row(label: str, present: str = "", absent: str = "") -> dict[str, str]:
    return {"label": label, "present": present, "absent": absent}


def test_a_class_without_a_column_is_left_out() -> None:
    assert list(classes.heard(CLASSES)) == ["guitar", "piano"]


def test_a_group_scores_what_its_highest_member_does() -> None:
    scores = np.zeros((1, len(MODEL_LABELS)))
    scores[0, [COLUMN["acoustic_guitar"], COLUMN["distorted_electric_guitar"], COLUMN["piano"]]] = 0.2, 0.7, 0.1
    assert classes.class_scores(scores, classes.heard(CLASSES)).tolist() == [[0.7, 0.1]]


@pytest.mark.parametrize(
    ("given", "target", "weight"),
    [
        (row("acoustic_guitar"), [1, 0, 0], [1, 1, 1]),
        (row("mix", "any_guitar"), [1, 0, 0], [1, 0, 0]),
        (row("mix", "piano", "any_guitar"), [0, 1, 0], [1, 1, 0]),
        (row("mix", "cymbals", "*"), [0, 0, 1], [1, 1, 1]),
        (row("mix", "any_keyboard", "*"), [0, 0, 0], [1, 0, 1]),
        (row("mix", "", "acoustic_guitar;clean_electric_guitar;distorted_electric_guitar"), [0, 0, 0], [1, 0, 0]),
        (row("mix", "", "acoustic_guitar"), [0, 0, 0], [0, 0, 0]),
        (row("mix", "", "any_keyboard"), [0, 0, 0], [0, 1, 0]),
    ],
)
def test_truth_of_a_row(given: dict[str, str], target: list[float], weight: list[float]) -> None:
    found = classes.class_truth(given, tuple(CLASSES.values()))
    assert [side.tolist() for side in found] == [target, weight]


def test_shares_are_the_softmax_of_the_logits() -> None:
    logits = np.array([[2.0, 0.0, -1.0], [-3.0, -3.0, -3.0]])
    powers = np.exp(logits)
    np.testing.assert_allclose(classes.shares(1 / (1 + np.exp(-logits))), powers / powers.sum(1, keepdims=True))
    assert np.isfinite(classes.shares(np.array([[0.0, 1.0, 0.5]]))).all()


def test_figures() -> None:
    scores = np.array([[0.9, 0.2], [0.6, 0.5], [0.7, 0.6], [0.1, 0.2]])
    target = np.array([[1.0, 0], [0, 1], [1, 1], [0, 0]])
    found = classes.judge("mine", "windows", CLASSES, scores, target, np.ones((4, 2)))
    assert (found.judged, found.single, found.accuracy) == (4, 2, 0.5)
    assert found.ece == one_of(classes.shares(scores), target, (0, 1)).ece
    assert (found.classes, found.left_out) == (("guitar", "piano"), ("cymbals",))
    assert (found.label_accuracy, found.exact_match) == (7 / 8, 3 / 4)
    at_half = next(step for step in found.sweep if step.threshold == 0.5)
    assert (at_half.recall, at_half.identified, at_half.false_positives) == (1, 1, 0.25)
    assert found.top_n[0].identified == 0.5
