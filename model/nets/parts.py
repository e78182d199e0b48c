"""A second head: which part of a drum set a close microphone stands on, from what the network computes anyway.

A hit is short and its pitch says much, which the mean over a whole window loses. So the head sees feature maps on their
way through the network, each as the mean and the highest value over time of every channel in every band.
"""

import torch
from torch import Tensor, nn

from .earmark import MobileNet
from .network import Network

TAPS = (6, 12)
"""Blocks of the network whose outputs the head sees: 16 channels in 16 bands, and 48 in 8."""
HIDDEN = 96


class PartsHead(nn.Module):
    """One hidden layer: pooled maps `[batch, inputs]` to logits `[batch, parts]`.

    `centre` and `spread` `[inputs]` bring all inputs to one level.
    """

    centre: Tensor
    spread: Tensor

    def __init__(self, inputs: int, parts: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(inputs))
        self.register_buffer("spread", torch.ones(inputs))
        self.layers = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(0.4), nn.Linear(hidden, parts)
        )

    def forward(self, pooled: Tensor) -> Tensor:
        return self.layers((pooled - self.centre) / self.spread)


def over_time(maps: Tensor) -> Tensor:
    """Mean and highest value over the last axis, time, of `[batch, ..., frames]`: `[batch, 2 × all others]`."""
    return torch.cat([maps.mean(-1).flatten(1), maps.amax(-1).flatten(1)], 1)


class TwoHeads(nn.Module):
    """A trained `MobileNet` with a second head, which changes nothing of what the first one says.

    Log-mel bands `[batch, bands, frames]` to logits `[batch, labels + parts]`.
    """

    def __init__(self, first: MobileNet, parts: PartsHead) -> None:
        super().__init__()
        self.features = first.features
        self.classifier = first.classifier
        self.parts = parts
        self.taps = TAPS

    def pooled(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """The last maps, for the first head, and what the second one sees."""
        maps = mel.unsqueeze(1)
        seen: list[Tensor] = []
        for number, block in enumerate(self.features):
            maps = block(maps)
            if number in self.taps:
                seen.append(over_time(maps))
        return maps, torch.cat(seen, 1)

    def forward(self, mel: Tensor) -> Tensor:
        maps, seen = self.pooled(mel)
        return torch.cat([self.classifier(maps), self.parts(seen)], 1)


class NetworkWithParts(Network):
    """A network with `TwoHeads`, of whose outputs the first `labels` are those of the first head, bit by bit."""

    def __init__(self, front: nn.Module, features: TwoHeads, labels: int, parts: int) -> None:
        super().__init__(front, features, labels + parts)
        self.labels = labels

    @torch.jit.export
    def body(self, mel: Tensor) -> Tensor:
        """What `front` made to probabilities `[batch, labels + parts]` float32."""
        logits, scale, bias = self.features(mel.to(self.scale.dtype)).float(), self.scale.float(), self.bias.float()
        # Each head by itself: how a sigmoid is rounded depends on where a row of the table begins in memory.
        first = logits[:, : self.labels] * scale[: self.labels] + bias[: self.labels]
        second = logits[:, self.labels :] * scale[self.labels :] + bias[self.labels :]
        return torch.cat([torch.sigmoid(first), torch.sigmoid(second)], 1)


def with_parts(network: Network, head: PartsHead, scale: Tensor, bias: Tensor) -> NetworkWithParts:
    """`network` followed by the outputs of `head`, which `scale` and `bias` `[parts]` calibrate.

    Raises TypeError where the network is not one whose maps the head can see.
    """
    if not isinstance(network.features, MobileNet):
        raise TypeError("a head for parts needs the maps of the network earmark")
    whole = NetworkWithParts(network.front, TwoHeads(network.features, head), len(network.scale), len(scale))
    whole.scale.copy_(torch.cat([network.scale, scale]))
    whole.bias.copy_(torch.cat([network.bias, bias]))
    return whole.eval()
