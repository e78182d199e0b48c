"""The loss teaches what is known and leaves alone what is not."""

import torch

from earmark.model.corpus.targets import COLUMN, GROUP_COLUMN, GROUPS
from earmark.model.training.losses import group_members, tagging_loss

LABELS = len(COLUMN)


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
