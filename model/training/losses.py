"""The loss of one batch: cross-entropy per label, and per group the cross-entropy of "any of these"."""

import torch
from torch import Tensor, nn

from ..corpus.targets import COLUMN, GROUPS

SMOOTHING = 0.003
"""Targets are moved this far from 0 and 1."""


def group_members() -> Tensor:
    """Which columns belong to which group: `[groups, labels]`, 0 or 1."""
    members = torch.zeros(len(GROUPS), len(COLUMN))
    for row, labels in enumerate(GROUPS.values()):
        members[row, [COLUMN[label] for label in labels]] = 1
    return members


def tagging_loss(logits: Tensor, target: Tensor, weight: Tensor, any_of: Tensor, members: Tensor) -> Tensor:
    """Mean over the batch of the summed cross-entropies.

    Shapes as in `mixing.Batch`; `logits` `[n, labels]`, `members` from `group_members`. Where a group sounds and which
    member is not known, its labels have weight 0 and P(any) = 1 - prod(1 - p) over the members is pushed towards 1.
    """
    smooth = target * (1 - 2 * SMOOTHING) + SMOOTHING
    each = nn.functional.binary_cross_entropy_with_logits(logits, smooth, reduction="none")
    log_none = nn.functional.logsigmoid(-logits) @ members.T
    log_any = torch.log((-torch.expm1(log_none)).clamp_min(1e-6))
    return ((each * weight).sum(1) - (log_any * any_of).sum(1)).mean()
