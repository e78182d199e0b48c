"""The loss of a batch: every network's parts, mixing and masking of the config's choice."""

from typing import Any

import pytest
import torch

from earmark.model.corpus.targets import COLUMN, GROUPS
from earmark.model.nets import earmark
from earmark.model.training.config import RunConfig
from earmark.model.training.step import Step

N, LABELS = 8, len(COLUMN)


@pytest.fixture(scope="module")
def batch() -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(1)
    audio, target = 0.1 * torch.randn(N, 48_000, generator=generator), torch.zeros(N, LABELS)
    target[torch.arange(N), torch.arange(N)] = 1
    return audio, target, torch.ones(N, LABELS), torch.zeros(N, len(GROUPS))


def loss(batch: tuple[torch.Tensor, ...], number: int = 0, **settings: Any) -> float:
    torch.manual_seed(0)
    network = earmark.build("earmark", LABELS).eval()
    step = Step(RunConfig.model_validate(settings), network, torch.full((LABELS,), 0.1), torch.device("cpu"))
    value = step(number, *batch)
    value.backward()
    assert all(torch.isfinite(p.grad).all() for p in network.features.parameters() if p.grad is not None)
    return float(value.detach())


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": {"name": "binary", "balanced": True}},
        {"loss": {"name": "cross_entropy", "balanced": True}},
        {"loss": {"name": "focal"}},
        {"loss": {"name": "iou"}},
        {"loss": {"family": 0.5}},
        {"mixup": {"input_alpha": 4.0}},
        {"mixup": {"embedding_alpha": 4.0}},
    ],
    ids=str,
)
def test_each_choice_changes_the_loss(batch: tuple[torch.Tensor, ...], settings: dict[str, Any]) -> None:
    assert loss(batch, **settings) != pytest.approx(loss(batch), rel=1e-6)


def test_a_batch_is_mixed_alike_every_time(batch: tuple[torch.Tensor, ...]) -> None:
    mixup = {"input_alpha": 0.4, "embedding_alpha": 0.4}
    assert loss(batch, 5, mixup=mixup) == pytest.approx(loss(batch, 5, mixup=mixup))
    assert loss(batch, 5, mixup=mixup) != pytest.approx(loss(batch, 6, mixup=mixup), rel=1e-6)
