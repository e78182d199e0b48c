"""What a run minimises: the loss of its labels, of what its teachers say, and of instrument families."""

from torch import Tensor, nn

from . import losses
from .config import RunConfig

MOST = 10.0
"""A rare label counts at most this many times more."""


class Objective(nn.Module):
    """The loss of one batch as the run's config wants it.

    `frequency` `[labels]` is the share of windows in which each label sounds.
    """

    groups: Tensor
    families: Tensor
    rarity: Tensor

    def __init__(self, config: RunConfig, frequency: Tensor) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("groups", losses.group_members())
        self.register_buffer("families", losses.family_members())
        self.register_buffer("rarity", (frequency.mean() / frequency.clamp_min(1e-6)).clamp(1 / MOST, MOST))

    def forward(
        self, logits: Tensor, target: Tensor, weight: Tensor, any_of: Tensor, soft: Tensor | None = None
    ) -> Tensor:
        """Shapes as in `mixer.Batch`; `logits` and the teachers' probabilities `soft` are `[n, labels]`."""
        loss = self._hard(logits, target, weight, any_of)
        if self.config.loss.family > 0:
            loss = loss + self.config.loss.family * losses.family(logits, target, weight, members=self.families)
        if soft is not None:
            share = self.config.teachers.share
            loss = (1 - share) * loss + losses.distillation(logits, soft, share)
        return loss

    def _hard(self, logits: Tensor, target: Tensor, weight: Tensor, any_of: Tensor) -> Tensor:
        settings = self.config.loss
        rarity = self.rarity if settings.balanced else None
        match settings.name:
            case "cross_entropy":
                return losses.cross_entropy(logits, target, weight, classes=rarity)
            case "focal":
                return losses.focal(logits, target, weight, gamma=settings.gamma)
            case "iou":
                return losses.iou(logits, target, weight)
            case "binary" if rarity is not None:
                return losses.binary(logits, target, weight, positive=rarity)
            case "binary":
                return losses.tagging_loss(logits, target, weight, any_of, self.groups)
