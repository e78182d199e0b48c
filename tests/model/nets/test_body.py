"""A frozen body does not change while the rest trains; weights are taken over by name, or refused in one line."""

import pytest
import torch
from torch import Tensor, nn

from earmark.model.nets.body import Body, fill


class Small(nn.Module):
    def __init__(self, labels: int = 2) -> None:
        super().__init__()
        self.layers = Body(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5))
        self.classifier = nn.Linear(4, labels)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.layers(x))


def test_frozen_in_train_mode() -> None:
    network = Small()
    network.layers.freeze()
    network.train()
    assert network.training
    assert not any(layer.training for layer in network.layers.modules())
    assert [name for name, weight in network.named_parameters() if weight.requires_grad] == [
        "classifier.weight",
        "classifier.bias",
    ]
    before = network.layers[1].running_mean.clone()
    network(torch.randn(5, 3))
    assert torch.equal(network.layers[1].running_mean, before)


def test_trains_unless_frozen() -> None:
    network = Small().train()
    assert all(layer.training for layer in network.layers.modules())
    assert all(weight.requires_grad for weight in network.parameters())


def test_takes_over_all_but_the_head() -> None:
    first, second = Small(labels=7), Small()
    head = second.classifier.weight.clone()
    body = {name: value for name, value in first.state_dict().items() if not name.startswith("classifier.")}
    fill(second, body, "first.pt")
    assert torch.equal(second.layers[0].weight, first.layers[0].weight)
    assert torch.equal(second.classifier.weight, head)


def test_counters_may_be_missing() -> None:
    state = Small().state_dict()
    del state["layers.1.num_batches_tracked"]
    fill(Small(), state, "old.pt")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers.0.bias": None}, "wrong.pt: it lacks the weight layers.0.bias"),
        ({"layers.0.bias": torch.zeros(9)}, r"wrong.pt: layers.0.bias has the shape \[9\], not \[4\]"),
        ({"other": torch.zeros(1)}, "wrong.pt: the network has no weight other"),
    ],
)
def test_refuses_other_weights_in_one_line(change: dict[str, Tensor | None], message: str) -> None:
    network = Small()
    state = {name: value for name, value in (network.state_dict() | change).items() if value is not None}
    with pytest.raises(ValueError, match=f"^{message}$"):
        fill(network, state, "wrong.pt")
