"""Mixup: pairs of examples mixed in a random proportion, their labels with them (Zhang et al., ICLR 2018).

What is unknown of either of a pair is unknown of the mixture: it must not become a negative in part.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor


class Taught(NamedTuple):
    """What `n` examples teach: `target` and `weight` `[n, labels]`, `any_of` `[n, groups]`, all in 0..1."""

    target: Tensor
    weight: Tensor
    any_of: Tensor


class Pairing(NamedTuple):
    """Example `i` keeps `share[i]` (at least half) and gets the rest of example `partner[i]`."""

    share: Tensor
    partner: Tensor


def pairing(examples: int, alpha: float, random: np.random.Generator) -> Pairing:
    """Shares by Beta(alpha, alpha), or all 1 where `alpha` is 0, and partners for `examples` examples.

    The larger share stays with the example itself: which of a pair is called the first means nothing.
    Raises ValueError for a negative `alpha`.
    """
    if alpha < 0:
        raise ValueError(f"alpha must not be negative, not {alpha}")
    partner = torch.from_numpy(random.permutation(examples))
    if alpha == 0:
        return Pairing(torch.ones(examples), partner)
    share = torch.from_numpy(random.beta(alpha, alpha, examples).astype(np.float32))
    return Pairing(torch.maximum(share, 1 - share), partner)


def mixed(values: Tensor, pairs: Pairing) -> Tensor:
    """Sound, features or embeddings `[n, …]`, each mixed with its partner's; same shape and dtype."""
    share = pairs.share.to(values).reshape(-1, *[1] * (values.ndim - 1))
    return share * values + (1 - share) * values[pairs.partner]


def mixed_labels(taught: Taught, pairs: Pairing) -> Taught:
    """Labels of the mixtures; a weight is the lower of the pair's where both have a share in the mixture."""
    share = pairs.share.to(taught.weight)[:, None]
    both = torch.minimum(taught.weight, taught.weight[pairs.partner])
    return Taught(
        mixed(taught.target, pairs),
        torch.where(share < 1, both, taught.weight),
        mixed(taught.any_of, pairs),
    )
