"""Losses: small pure functions of logits, targets and weights.

`logits`, `target` and `weight` are `[n, labels]` float32. Targets are 0 or 1, or a probability between. A weight of 0
marks a label of which nothing is known: it is neither a positive nor a negative, and gives no gradient. Every loss is
summed over the labels (or families) of a window and then averaged over the windows of the batch, so that windows of
which little is known do not weigh more than others.
"""

from collections.abc import Callable, Mapping
from typing import Final

import torch
from torch import Tensor, nn

from ..corpus.targets import COLUMN, GROUPS
from ..labels import FAMILIES, family_of

SMOOTHING = 0.003
"""Targets are moved this far from 0 and 1."""

SURE = 0.5
"""A member with at least this target makes its family sound, whatever is known of the other members."""

LEAST_ANY = 1e-6
"""P(any) is kept above this, where its logarithm would run away."""


def group_members() -> Tensor:
    """Which columns belong to which group: `[groups, labels]`, 0 or 1."""
    members = torch.zeros(len(GROUPS), len(COLUMN))
    for row, labels in enumerate(GROUPS.values()):
        members[row, [COLUMN[label] for label in labels]] = 1
    return members


def family_members() -> Tensor:
    """Which columns belong to which family of the table of labels: `[families, labels]`, 0 or 1."""
    members = torch.zeros(len(FAMILIES), len(COLUMN))
    for label, column in COLUMN.items():
        members[FAMILIES.index(family_of(label)), column] = 1
    return members


def tagging_loss(logits: Tensor, target: Tensor, weight: Tensor, any_of: Tensor, members: Tensor) -> Tensor:
    """Cross-entropy of each label, and of "any of these" of each group that is known to sound.

    `any_of` is `[n, groups]`, `members` from `group_members`. Where a group sounds and which member is not known, its
    labels have weight 0 and P(any) = 1 - prod(1 - p) over the members is pushed towards 1.
    """
    smooth = target * (1 - 2 * SMOOTHING) + SMOOTHING
    each = nn.functional.binary_cross_entropy_with_logits(logits, smooth, reduction="none")
    log_none = nn.functional.logsigmoid(-logits) @ members.T
    return ((each * weight).sum(1) - (_log_any(log_none) * any_of).sum(1)).mean()


def binary(logits: Tensor, target: Tensor, weight: Tensor, *, positive: Tensor | None = None) -> Tensor:
    """Cross-entropy of each label by itself; `positive` `[labels]` multiplies the share of its positives."""
    each = nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none", pos_weight=positive)
    return (each * weight).sum(1).mean()


def cross_entropy(logits: Tensor, target: Tensor, weight: Tensor, *, classes: Tensor | None = None) -> Tensor:
    """Cross-entropy of one label against all others (softmax); `classes` `[labels]` weighs a window by its label.

    The softmax runs over the known labels only. A target that sums to more than 1 is shared out among its labels; a
    window without a known positive counts 0.
    """
    unknown = weight == 0
    log_share = nn.functional.log_softmax(logits.masked_fill(unknown, torch.finfo(logits.dtype).min), dim=1)
    right = (target * weight).masked_fill(unknown, 0)
    right = right / right.sum(1, keepdim=True).clamp_min(1)
    if classes is not None:
        right = right * classes
    return -(right * log_share.masked_fill(unknown, 0)).sum(1).mean()


def focal(logits: Tensor, target: Tensor, weight: Tensor, *, gamma: float = 2.0) -> Tensor:
    """Focal loss: a positive counts by (1 - p)^gamma, a negative by p^gamma, so that what is right already fades out.

    Lin et al., "Focal loss for dense object detection" (ICCV 2017), without its class weight. `gamma` is 0 (plain
    cross-entropy) or at least 1, below which its gradient is not bounded.
    """
    on, off = torch.sigmoid(logits), torch.sigmoid(-logits)
    missed = target * off.pow(gamma) * nn.functional.logsigmoid(logits)
    false = (1 - target) * on.pow(gamma) * nn.functional.logsigmoid(-logits)
    return -((missed + false) * weight).sum(1).mean()


def iou(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Mean squared error of a window's positives plus that of its negatives, like an intersection over union.

    sum (p - 1)^2 / N_pos + sum p^2 / N_neg: a window's few positives count as much as its many negatives. A window
    without known positives, or without known negatives, has the other term only.
    """
    on = torch.sigmoid(logits)
    positives, negatives = target * weight, (1 - target) * weight
    missed = (positives * (on - 1).square()).sum(1) / _count(positives)
    false = (negatives * on.square()).sum(1) / _count(negatives)
    return (missed + false).mean()


def family(logits: Tensor, target: Tensor, weight: Tensor, *, members: Tensor | None = None) -> Tensor:
    """Cross-entropy of "any member of this family" for each family, P(any) = 1 - prod(1 - p) over its known members.

    `members` `[families, labels]` is 0 or 1; left out, it is `family_members`. A family is taught where a known member
    sounds, or where every member is known.
    """
    belongs = (family_members() if members is None else members).to(logits)
    known = (weight != 0).to(logits.dtype)
    log_none = (nn.functional.logsigmoid(-logits) * known) @ belongs.T
    sounding = ((target * known).unsqueeze(1) * belongs).amax(2)
    whole = known @ belongs.T == belongs.sum(1)
    taught = ((sounding >= SURE) | whole).to(logits.dtype)
    each = -sounding * _log_any(log_none) - (1 - sounding) * log_none
    return (each * taught).sum(1).mean()


def distillation(logits: Tensor, soft: Tensor, weight: float | Tensor) -> Tensor:
    """Cross-entropy towards a teacher's probabilities `soft` `[n, labels]`, for every label, known or not.

    `weight` is one number, or a tensor that fits `[n, labels]`: how much the teacher is heard.
    """
    each = nn.functional.binary_cross_entropy_with_logits(logits, soft, reduction="none")
    return (each * weight).sum(1).mean()


LOSSES: Final[Mapping[str, Callable[..., Tensor]]] = {
    "binary": binary,
    "cross_entropy": cross_entropy,
    "family": family,
    "focal": focal,
    "iou": iou,
}
"""Losses of known labels by name, each called with logits, target and weight, and with its options by keyword."""


def _log_any(log_none: Tensor) -> Tensor:
    """log(1 - exp(log_none)): of the probability of any, from the logarithm of that of none."""
    return torch.log((-torch.expm1(log_none)).clamp_min(LEAST_ANY))


def _count(share: Tensor) -> Tensor:
    """Sum of each row `[n]`, 1 where it is 0, to divide by."""
    total = share.sum(1)
    return torch.where(total > 0, total, torch.ones_like(total))
