"""The learning rate's way, what learns how fast, and the running average."""

import pytest
import torch

from earmark.model.nets import earmark
from earmark.model.training import checkpoint
from earmark.model.training.config import RunConfig


def test_rate_rises_and_falls() -> None:
    rates = [checkpoint.rate_at(step, 1_000) for step in range(1_000)]
    peak = rates.index(max(rates))
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert max(rates) == pytest.approx(1)
    assert rates[-1] == pytest.approx(checkpoint.FINAL_RATE, abs=1e-3)


def test_classifier_learns_faster_and_norms_do_not_decay() -> None:
    network, config = earmark.build("earmark", 5), RunConfig()
    groups = checkpoint.optimiser_for(network, config).param_groups
    of = {id(parameter): group for group in groups for parameter in group["params"]}
    features = network.features
    head, body = of[id(features.classifier[5].weight)], of[id(features.features[0][0].weight)]
    assert head["lr"] == pytest.approx(config.head_rate * body["lr"])
    assert of[id(features.features[0][1].weight)]["weight_decay"] == 0
    assert body["weight_decay"] > 0
    assert len(of) == len(list(features.parameters()))


def test_what_is_frozen_does_not_learn() -> None:
    network = earmark.build("earmark", 5)
    network.features.features.requires_grad_(False)
    groups = checkpoint.optimiser_for(network, RunConfig()).param_groups
    learning = {id(parameter) for group in groups for parameter in group["params"]}
    assert learning == {id(parameter) for parameter in network.features.classifier.parameters()}


def test_average_follows_slowly_after_a_quick_start() -> None:
    network = torch.nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        network.weight.fill_(0.0)
    average = checkpoint.Average(network)
    with torch.no_grad():
        network.weight.fill_(1.0)
    average.update(network, 0)
    assert average.state["weight"].item() == pytest.approx(0.9)
    average.update(network, 1_000_000)
    assert average.state["weight"].item() == pytest.approx(0.9 + 0.1 * (1 - checkpoint.EMA_DECAY))
