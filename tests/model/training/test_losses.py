"""The losses teach what is known and leave alone what is not."""

from math import exp, log

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from earmark.model.corpus.targets import COLUMN, GROUP_COLUMN, GROUPS
from earmark.model.labels import FAMILIES
from earmark.model.training import losses
from earmark.model.training.losses import LOSSES, group_members, tagging_loss

LABELS = len(COLUMN)

# Probabilities 0.8, 0.3, 0.6 and 0.1, a positive, two negatives and an unknown one.
P = (0.8, 0.3, 0.6, 0.1)
LOGITS = torch.logit(torch.tensor([P], dtype=torch.float64)).float()
TARGET = torch.tensor([[1.0, 0.0, 0.0, 1.0]])
KNOWN = torch.tensor([[1.0, 1.0, 1.0, 0.0]])
ALL = torch.ones(1, 4)
PAIRS = torch.tensor([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
"""Two families of two labels each."""


def one(logits: torch.Tensor, target: list[str], alone: list[str], groups: list[str]) -> torch.Tensor:
    wanted, weight, any_of = torch.zeros(1, LABELS), torch.ones(1, LABELS), torch.zeros(1, len(GROUPS))
    wanted[0, [COLUMN[label] for label in target]] = 1
    weight[0, [COLUMN[label] for label in alone]] = 0
    any_of[0, [GROUP_COLUMN[group] for group in groups]] = 1
    return tagging_loss(logits, wanted, weight, any_of, group_members())


def test_right_answer_costs_less_than_a_wrong_one() -> None:
    right, wrong = torch.full((1, LABELS), -6.0), torch.full((1, LABELS), -6.0)
    right[0, COLUMN["violin"]], wrong[0, COLUMN["viola"]] = 6.0, 6.0
    assert one(right, ["violin"], [], []) < one(wrong, ["violin"], [], []) - 5


def test_any_member_of_a_group_will_do() -> None:
    members = list(GROUPS["strings"])
    first, last, none = (torch.full((1, LABELS), -6.0) for _ in range(3))
    first[0, COLUMN[members[0]]], last[0, COLUMN[members[-1]]] = 6.0, 6.0
    losses = [one(logits, [], members, ["strings"]) for logits in (first, last, none)]
    torch.testing.assert_close(losses[0], losses[1])
    assert losses[2] > losses[0] + 3


def test_what_is_left_alone_has_no_gradient() -> None:
    logits = torch.zeros(1, LABELS, requires_grad=True)
    one(logits, ["violin"], ["viola"], []).backward()
    assert logits.grad is not None
    assert logits.grad[0, COLUMN["viola"]] == 0
    assert logits.grad[0, COLUMN["violin"]] < 0 < logits.grad[0, COLUMN["piano"]]


def test_extreme_logits_stay_finite() -> None:
    for value in (-80.0, 80.0):
        logits = torch.full((1, LABELS), value, requires_grad=True)
        loss = one(logits, [], list(GROUPS["vocals"]), ["vocals"])
        loss.backward()
        assert torch.isfinite(loss)
        assert logits.grad is not None
        assert torch.isfinite(logits.grad).all()


def test_binary_by_hand() -> None:
    assert float(losses.binary(LOGITS, TARGET, KNOWN)) == pytest.approx(-log(0.8) - log(0.7) - log(0.4), rel=1e-5)


def test_binary_counts_positives_by_their_weight() -> None:
    positive = torch.tensor([5.0, 7.0, 7.0, 7.0])
    wanted = -5 * log(0.8) - log(0.7) - log(0.4)
    assert float(losses.binary(LOGITS, TARGET, KNOWN, positive=positive)) == pytest.approx(wanted, rel=1e-5)


def test_cross_entropy_by_hand() -> None:
    odds = [p / (1 - p) for p in P]
    wanted = -log(odds[0] / sum(odds[:3]))
    assert float(losses.cross_entropy(LOGITS, TARGET, KNOWN)) == pytest.approx(wanted, rel=1e-5)
    weighted = losses.cross_entropy(LOGITS, TARGET, KNOWN, classes=torch.tensor([0.5, 9.0, 9.0, 9.0]))
    assert float(weighted) == pytest.approx(0.5 * wanted, rel=1e-5)


def test_cross_entropy_shares_out_several_labels_and_skips_windows_without() -> None:
    odds = [p / (1 - p) for p in P]
    both = -0.5 * log(odds[0] / sum(odds)) - 0.5 * log(odds[3] / sum(odds))
    assert float(losses.cross_entropy(LOGITS, TARGET, ALL)) == pytest.approx(both, rel=1e-5)
    assert float(losses.cross_entropy(LOGITS, torch.zeros(1, 4), ALL)) == 0
    assert float(losses.cross_entropy(LOGITS, TARGET, torch.zeros(1, 4))) == 0


def test_focal_by_hand() -> None:
    wanted = -(0.2**2) * log(0.8) - 0.3**2 * log(0.7) - 0.6**2 * log(0.4)
    assert float(losses.focal(LOGITS, TARGET, KNOWN)) == pytest.approx(wanted, rel=1e-5)


def test_focal_fades_out_negatives_that_are_right() -> None:
    low, high = torch.tensor([[-3.0]]), torch.tensor([[3.0]])
    off, on, known = torch.zeros(1, 1), torch.ones(1, 1), torch.ones(1, 1)
    torch.testing.assert_close(losses.focal(low, off, known), losses.focal(high, on, known))
    torch.testing.assert_close(losses.focal(high, off, known), losses.focal(low, on, known))
    share = float(losses.focal(low, off, known) / losses.binary(low, off, known))
    assert share == pytest.approx((1 / (1 + exp(3))) ** 2, rel=1e-4)


def test_focal_without_focus_is_binary() -> None:
    torch.testing.assert_close(losses.focal(LOGITS, TARGET, KNOWN, gamma=0.0), losses.binary(LOGITS, TARGET, KNOWN))


def test_iou_by_hand() -> None:
    assert float(losses.iou(LOGITS, TARGET, KNOWN)) == pytest.approx(0.2**2 + (0.3**2 + 0.6**2) / 2, rel=1e-5)
    both = (0.2**2 + 0.9**2) / 2 + (0.3**2 + 0.6**2) / 2
    assert float(losses.iou(LOGITS, TARGET, ALL)) == pytest.approx(both, rel=1e-5)
    negatives = (0.8**2 + 0.3**2 + 0.6**2 + 0.1**2) / 4
    assert float(losses.iou(LOGITS, torch.zeros(1, 4), ALL)) == pytest.approx(negatives, rel=1e-5)


def test_family_by_hand() -> None:
    wanted = -log(1 - 0.2 * 0.7)
    # Of the second family one member is off and the other unknown: whether it sounds is not known.
    assert float(losses.family(LOGITS, TARGET, KNOWN, members=PAIRS)) == pytest.approx(wanted, rel=1e-5)
    whole = wanted - log(1 - 0.4 * 0.9)
    assert float(losses.family(LOGITS, TARGET, ALL, members=PAIRS)) == pytest.approx(whole, rel=1e-5)
    neither = -log(0.2 * 0.7) - log(0.4 * 0.9)
    assert float(losses.family(LOGITS, torch.zeros(1, 4), ALL, members=PAIRS)) == pytest.approx(neither, rel=1e-5)


def test_a_family_sounds_by_its_known_member_alone() -> None:
    known = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    assert float(losses.family(LOGITS, TARGET, known, members=PAIRS)) == pytest.approx(-log(0.8), rel=1e-5)


def test_every_label_has_one_family_of_the_table() -> None:
    members = losses.family_members()
    assert members.shape == (len(FAMILIES), LABELS)
    assert torch.equal(members.sum(0), torch.ones(LABELS))
    assert members[FAMILIES.index("brass"), COLUMN["tuba"]] == 1


def test_distillation_by_hand() -> None:
    soft = torch.tensor([[0.5, 0.0, 0.25, 1.0]])
    each = [
        -0.5 * log(0.8) - 0.5 * log(0.2),
        -log(0.7),
        -0.25 * log(0.6) - 0.75 * log(0.4),
        -log(0.1),
    ]
    assert float(losses.distillation(LOGITS, soft, 0.3)) == pytest.approx(0.3 * sum(each), rel=1e-5)
    first = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    assert float(losses.distillation(LOGITS, soft, first)) == pytest.approx(each[0], rel=1e-5)


def test_distillation_rests_where_the_teacher_is() -> None:
    logits = torch.logit(torch.tensor([P])).requires_grad_()
    losses.distillation(logits, torch.tensor([P]), 1.0).backward()
    torch.testing.assert_close(logits.grad, torch.zeros(1, 4), atol=1e-6, rtol=0)


UNIT = st.floats(0, 1, width=32)


@pytest.mark.parametrize("name", LOSSES)
@settings(max_examples=30, deadline=None)
@given(
    arrays(np.float32, (3, LABELS), elements=st.floats(-100, 100, width=32)),
    arrays(np.float32, (3, LABELS), elements=UNIT),
    arrays(np.float32, (3, LABELS), elements=UNIT),
    arrays(np.float32, (3, LABELS), elements=st.sampled_from([0.0, 1.0])),
)
def test_what_is_unknown_changes_nothing(
    name: str, logits: np.ndarray, target: np.ndarray, other: np.ndarray, weight: np.ndarray
) -> None:
    given_, known = torch.from_numpy(logits).requires_grad_(), torch.from_numpy(weight)
    loss = LOSSES[name](given_, torch.from_numpy(target), known)
    changed = LOSSES[name](given_, torch.from_numpy(np.where(weight == 0, other, target)), known)
    assert torch.equal(loss, changed)
    loss.backward()
    assert torch.isfinite(loss)
    assert loss >= 0
    assert torch.isfinite(given_.grad).all()
    assert not given_.grad[known == 0].any()


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("value", [-1e4, -80.0, 80.0, 1e4])
def test_every_loss_and_its_gradient_stay_finite(name: str, value: float) -> None:
    for wanted in (0.0, 1.0):
        logits = torch.full((2, LABELS), value, requires_grad=True)
        loss = LOSSES[name](logits, torch.full((2, LABELS), wanted), torch.ones(2, LABELS))
        loss.backward()
        assert torch.isfinite(loss)
        assert torch.isfinite(logits.grad).all()


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_a_mean_over_the_batch(name: str) -> None:
    torch.manual_seed(0)
    logits, target = torch.randn(4, LABELS), (torch.rand(4, LABELS) > 0.8).float()
    known = (torch.rand(4, LABELS) > 0.3).float()
    alone = [LOSSES[name](logits[i : i + 1], target[i : i + 1], known[i : i + 1]) for i in range(4)]
    torch.testing.assert_close(LOSSES[name](logits, target, known), torch.stack(alone).mean())


@pytest.mark.parametrize("name", LOSSES)
def test_following_the_gradient_finds_the_target(name: str) -> None:
    logits = torch.zeros(1, LABELS, requires_grad=True)
    target, optimiser = torch.zeros(1, LABELS), torch.optim.Adam([logits], lr=0.3)
    target[0, COLUMN["oboe"]] = 1
    for _ in range(60):
        optimiser.zero_grad()
        LOSSES[name](logits, target, torch.ones(1, LABELS)).backward()
        optimiser.step()
    if name == "family":
        assert logits[0, COLUMN["flute"]] > 0 > logits[0, COLUMN["piano"]]
    else:
        assert int(logits.argmax()) == COLUMN["oboe"]
