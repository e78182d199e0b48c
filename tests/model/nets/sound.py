"""A sound for front ends, and a step of training on it."""

import math

import torch
from torch import Tensor

from earmark.model.nets.network import Network


def fading_sweep(rate: int) -> Tensor:
    """One second `[1, rate]`: a sweep from 200 Hz to 3.2 kHz that fades, and a soft tone at 9 kHz."""
    time_s = torch.arange(rate, dtype=torch.float64) / rate
    sweep = 0.3 * torch.sin(2 * math.pi * (200 * time_s + 1500 * time_s**2)) * torch.exp(-2 * time_s)
    return (sweep + 0.05 * torch.sin(2 * math.pi * 9000 * time_s)).float()[None]


def learn(network: Network, audio: Tensor) -> None:
    """One large step of training on `audio`, in train mode."""
    network.train()
    learning = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.SGD(learning, lr=1.0)
    network.features(network.mel(audio)).square().sum().backward()
    optimiser.step()


def state_of(module: torch.nn.Module) -> dict[str, Tensor]:
    """A copy of the module's weights and statistics."""
    return {name: value.clone() for name, value in module.state_dict().items()}
