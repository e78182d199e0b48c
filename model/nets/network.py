"""Sound in, calibrated probabilities out: the module that a model file holds (see `contract`)."""

import torch
from torch import Tensor, nn

from .mel import LogMel


class Network(nn.Module):
    """Front end, body and calibration as one module: `forward(audio) = body(mel(audio))`.

    `features` is any module from log-mel bands `[batch, bands, frames]` to logits `[batch, labels]`. `scale` and `bias`
    `[labels]` turn its logits into calibrated ones; they start at 1 and 0.
    """

    scale: Tensor
    bias: Tensor

    def __init__(self, features: nn.Module, labels: int) -> None:
        super().__init__()
        self.front = LogMel()
        self.features = features
        self.register_buffer("scale", torch.ones(labels))
        self.register_buffer("bias", torch.zeros(labels))

    @torch.jit.export
    def mel(self, audio: Tensor) -> Tensor:
        """Sound `[batch, samples]` to log-mel bands `[batch, bands, frames]`, float32 both."""
        return self.front(audio)

    @torch.jit.export
    def body(self, mel: Tensor) -> Tensor:
        """Log-mel bands to probabilities `[batch, labels]` float32; the layers run in the type of their weights."""
        logits = self.features(mel.to(self.scale.dtype)).float()
        return torch.sigmoid(logits * self.scale.float() + self.bias.float())

    def forward(self, audio: Tensor) -> Tensor:
        return self.body(self.mel(audio))
