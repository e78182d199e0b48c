"""Mixtures of pairs and of their labels."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.model.augment.mixup import Pairing, Taught, mixed, mixed_labels, pairing

SEEDS = st.integers(0, 2**31)
ALPHAS = st.floats(0.05, 5)


def pairs_of(examples: int, alpha: float, seed: int) -> Pairing:
    return pairing(examples, alpha, np.random.default_rng(seed))


def lessons(examples: int, seed: int) -> Taught:
    generator = torch.Generator().manual_seed(seed)
    target = (torch.rand(examples, 5, generator=generator) < 0.3).float()
    weight = (torch.rand(examples, 5, generator=generator) < 0.6).float().maximum(target)
    return Taught(target, weight, (torch.rand(examples, 2, generator=generator) < 0.3).float())


@settings(deadline=None)
@given(st.integers(1, 12), ALPHAS, SEEDS)
def test_pairs_are_a_permutation_and_shares_at_least_half(examples: int, alpha: float, seed: int) -> None:
    pairs = pairs_of(examples, alpha, seed)
    assert sorted(pairs.partner.tolist()) == list(range(examples))
    assert pairs.share.shape == (examples,)
    assert ((pairs.share >= 0.5) & (pairs.share <= 1)).all()
    again = pairs_of(examples, alpha, seed)
    assert torch.equal(pairs.share, again.share)
    assert torch.equal(pairs.partner, again.partner)


@settings(deadline=None)
@given(st.integers(1, 12), ALPHAS, SEEDS)
def test_what_is_unknown_of_one_is_unknown_of_the_mixture(examples: int, alpha: float, seed: int) -> None:
    taught, pairs = lessons(examples, seed), pairs_of(examples, alpha, seed)
    out = mixed_labels(taught, pairs)
    shared = pairs.share < 1
    unknown = (taught.weight == 0) | ((taught.weight[pairs.partner] == 0) & shared[:, None])
    assert (out.weight[unknown] == 0).all()
    assert (out.weight[~unknown] == 1).all()
    assert ((out.target >= 0) & (out.target <= 1)).all()
    both = (taught.target == 1) & (taught.target[pairs.partner] == 1)
    assert out.target[both].numpy() == pytest.approx(1)


@settings(deadline=None)
@given(st.sampled_from([(6, 9), (6, 2, 3, 4)]), ALPHAS, SEEDS)
def test_mixtures_lie_between_their_pair(shape: tuple[int, ...], alpha: float, seed: int) -> None:
    values = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
    pairs = pairs_of(6, alpha, seed)
    out, other = mixed(values, pairs), values[pairs.partner]
    assert out.shape == values.shape
    assert (out <= torch.maximum(values, other) + 1e-5).all()
    assert (out >= torch.minimum(values, other) - 1e-5).all()


def test_alpha_0_mixes_nothing() -> None:
    taught, pairs = lessons(6, 1), pairs_of(6, 0, 1)
    for before, after in zip(taught, mixed_labels(taught, pairs), strict=True):
        assert torch.equal(before, after)
    with pytest.raises(ValueError, match="negative"):
        pairs_of(6, -1, 1)


def test_embeddings_keep_their_gradient() -> None:
    embedding = torch.randn(4, 3, requires_grad=True)
    mixed(embedding, pairs_of(4, 0.4, 0)).sum().backward()
    assert embedding.grad is not None
    assert float(embedding.grad.sum()) == pytest.approx(12, rel=1e-5)
