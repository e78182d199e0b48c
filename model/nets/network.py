"""Sound in, calibrated probabilities out: the module that a model file holds (see `contract`)."""

from typing import cast

import torch
from torch import Tensor, nn


class Network(nn.Module):
    """Front end, body and calibration as one module: `forward(audio) = body(mel(audio))`.

    `front` turns sound `[batch, window]` float32 in [-1, 1], mono, at `sample_rate`, into what `features` takes;
    `features` turns that into logits `[batch, labels]`. It has a method `embed` and a submodule `classifier`, the
    layers that are new for these labels, with `features(x) = classifier(embed(x))`. `scale` and `bias` `[labels]` turn
    logits into calibrated ones; they start at 1 and 0. `frame_hop` and `frame_size`, in samples, are those of a front
    end whose frames do not depend on the window around them, and 0 for any other.
    """

    scale: Tensor
    bias: Tensor

    def __init__(
        self, front: nn.Module, features: nn.Module, labels: int, *, sample_rate: int = 48_000, window: int = 48_000
    ) -> None:
        super().__init__()
        self.front = front
        self.features = features
        self.sample_rate = sample_rate
        self.window = window
        self.frame_hop = cast(int, getattr(front, "frame_hop", 0))
        self.frame_size = cast(int, getattr(front, "frame_size", 0))
        self.register_buffer("scale", torch.ones(labels))
        self.register_buffer("bias", torch.zeros(labels))

    @torch.jit.export
    def mel(self, audio: Tensor) -> Tensor:
        """What `front` makes of sound `[batch, window]`, float32."""
        return self.front(audio)

    @torch.jit.export
    def body(self, mel: Tensor) -> Tensor:
        """What `front` made to probabilities `[batch, labels]` float32; layers run in the type of their weights."""
        logits = self.features(mel.to(self.scale.dtype)).float()
        return torch.sigmoid(logits * self.scale.float() + self.bias.float())

    def forward(self, audio: Tensor) -> Tensor:
        return self.body(self.mel(audio))


def check_name(name: str, known: tuple[str, ...]) -> None:
    """Raises ValueError where `name` is not one of the `known` networks."""
    if name not in known:
        raise ValueError(f"unknown network {name!r}: known are {', '.join(known)}")


def channels_last(network: Network) -> Network:
    """The same network with its filters laid out channels last, in which CPUs convolve in half the time.

    `to` and not `contiguous`: the latter leaves the strides of filters with one channel or one tap as they were, and
    PyTorch chooses the way to convolve by the strides.
    """
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.to(memory_format=torch.channels_last)
    return network
