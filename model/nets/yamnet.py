"""YAMNet, a second teacher: a MobileNetV1 on mel frames of sound up to 8 kHz.

Plakal and Ellis's network (TensorFlow Model Garden, Apache-2.0; Howard et al., "MobileNets", 2017), with its batch
norms folded into the convolutions. It was trained at 16 kHz on frames of 25 ms every 10 ms; at 48 kHz every length is
three times that, so the FFT's bins stay 31.25 Hz apart and those up to 8 kHz hold the same, three times as large.
"""

import torch
from torch import Tensor, nn

from .mel import FRAME_HOP, FRAME_SIZE, mel_bank
from .network import Network, check_name

NAMES = ("yamnet",)
HEAD = "fc"
"""The last layer in the checkpoint."""

WINDOW = 1_200
FRAMES = 96
BANDS = 64
LOW_HZ, TOP_HZ = 125.0, 7_500.0
FLOOR = 0.001
"""Added to a band's magnitude before the logarithm."""
LARGER = 3.0
"""Samples of one frame here for each where the network was trained."""

FIRST = 32
STAGES = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
)
"""Channels and stride of each depthwise separable convolution."""


class MelFrames(nn.Module):
    """Sound `[batch, samples]` float32 at 48 kHz to its last 96 log-mel frames, `[batch, FRAMES, BANDS]` float32."""

    weights: Tensor
    window: Tensor

    def __init__(self) -> None:
        super().__init__()
        side = (FRAME_SIZE - WINDOW) // 2
        self.register_buffer("window", nn.functional.pad(torch.hann_window(WINDOW), (side, side)))
        self.register_buffer("weights", mel_bank(BANDS, LOW_HZ, TOP_HZ))
        self.size, self.hop, self.frames = FRAME_SIZE, FRAME_HOP, FRAMES
        self.floor, self.larger = FLOOR, LARGER

    def forward(self, audio: Tensor) -> Tensor:
        frames = audio.float().unfold(-1, self.size, self.hop)[:, -self.frames :] * self.window.float()
        magnitude = torch.fft.rfft(frames)[..., : self.weights.shape[0]].abs() / self.larger
        return torch.log(torch.matmul(magnitude, self.weights.float()) + self.floor)


class Convolution(nn.Module):
    """Convolution padded as TensorFlow pads, so that the output is the input divided by the stride, and a ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, groups: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups)
        self.kernel, self.stride = kernel, stride

    def forward(self, x: Tensor) -> Tensor:
        high = max(self.kernel - 1 - (x.shape[2] - 1) % self.stride, 0)
        wide = max(self.kernel - 1 - (x.shape[3] - 1) % self.stride, 0)
        padded = nn.functional.pad(x, (wide // 2, wide - wide // 2, high // 2, high - high // 2))
        return torch.relu(self.conv(padded))


class YAMNet(nn.Module):
    """Log-mel frames `[batch, frames, bands]` to logits `[batch, labels]`. Keys are those of the checkpoint."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [Convolution(1, FIRST, 3, 2, 1)]
        channels = FIRST
        for outputs, stride in STAGES:
            layers += [Convolution(channels, channels, 3, stride, channels), Convolution(channels, outputs, 1, 1, 1)]
            channels = outputs
        self.layers = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(channels, labels))

    def embed(self, mel: Tensor) -> Tensor:
        """Means of the last feature maps, `[batch, 1024]`."""
        return self.layers(mel.unsqueeze(1)).mean((2, 3))

    def forward(self, mel: Tensor) -> Tensor:
        return self.classifier(self.embed(mel))


def renamed(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The checkpoint's weights under the names of `YAMNet`; its last layer keeps its own name, `HEAD`."""
    return {name: value for name, value in state.items() if name not in ("mel", "win")}


def build(name: str, labels: int) -> Network:
    """The network with fresh weights and `labels` outputs.

    Raises ValueError for a name that is not in `NAMES`.
    """
    check_name(name, NAMES)
    return Network(MelFrames(), YAMNet(labels), labels)
