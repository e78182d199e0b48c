"""All that changes while a run goes on, saved so that a run which stopped goes on from there."""

import logging
import math
import os

import torch
from torch import Tensor, nn

from ..nets.network import Network
from .config import RunConfig
from .pretrained import State, read_state

log = logging.getLogger(__name__)

FILE = "last.pt"
WARM_UP = 0.03
"""Share of the run over which the learning rate rises."""
FINAL_RATE = 0.01
"""The cosine ends at this share of the learning rate."""
EMA_DECAY = 0.998
CLIP_NORM = 5.0


def copied(network: nn.Module) -> State:
    """The network's weights and statistics as they are now."""
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


class Average:
    """Exponential moving average of a network's weights and batch statistics, quick at first."""

    def __init__(self, network: nn.Module) -> None:
        self.state = copied(network)

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Move towards `network` after optimiser step `step` (from 0)."""
        share = 1 - min(EMA_DECAY, (1 + step) / (10 + step))
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[name].lerp_(value, share)
            else:
                self.state[name].copy_(value)


def rate_at(step: int, steps: int) -> float:
    """Factor of the learning rate at `step`: a linear rise, then half a cosine."""
    rise = max(1, int(WARM_UP * steps))
    if step < rise:
        return (step + 1) / rise
    done = (step - rise) / max(1, steps - rise)
    return FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + math.cos(math.pi * done))


def optimiser_for(network: Network, config: RunConfig) -> torch.optim.AdamW:
    """AdamW on what is not frozen, the classifier at `head_rate` times the rate; biases and norms do not decay."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.features.named_parameters():
        if parameter.requires_grad:
            rate = config.rate * (config.head_rate if name.startswith("classifier.") else 1.0)
            decay = config.weight_decay if parameter.ndim > 1 else 0.0
            groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW([{"params": p, "lr": rate, "weight_decay": d} for (rate, d), p in groups.items()])


class Progress:
    """A network on its way: its weights, their average, the optimiser and the schedule.

    `network` has its starting weights, and is on the device that it learns on.
    """

    def __init__(self, network: Network, config: RunConfig, steps: int) -> None:
        self.config = config
        self.path = config.out / FILE
        self.network = network.train()
        self.start = copied(network.features)
        self.average = Average(network.features)
        self.optimiser = optimiser_for(network, config)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, lambda step: rate_at(step, steps))
        self.done = 0
        if self.path.exists():
            self._resume()

    def learn(self, loss: Tensor) -> None:
        """One step of the optimiser down the gradient of `loss`."""
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.features.parameters(), CLIP_NORM)
        self.optimiser.step()
        self.schedule.step()
        self.average.update(self.network.features, self.done)
        self.done += 1

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        state = {
            "step": self.done,
            "start": self.start,
            "network": self.network.features.state_dict(),
            "average": self.average.state,
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "config": self.config.model_dump(mode="json"),
        }
        part = self.path.with_name(self.path.name + ".part")
        torch.save(state, part)
        os.replace(part, self.path)

    def _resume(self) -> None:
        state = read_state(self.path)
        self.network.features.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        for name, value in state["average"].items():
            self.average.state[name].copy_(value)
        self.done = int(state["step"])
        log.info("resumed at step %d", self.done)
