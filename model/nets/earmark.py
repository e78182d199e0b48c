"""Our own network: a MobileNetV3 on log-mel frames, into which EfficientAT's AudioSet checkpoints load.

Howard et al., "Searching for MobileNetV3" (ICCV 2019), in the form of Schmid et al., "Efficient large-scale audio
tagging" (ICASSP 2023): one input channel, squeeze-and-excitation by sigmoid, a two-layer head. Names of submodules
(`features`, `block`, `conc_se_layers`, `classifier`) are those of the checkpoints.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from .mel import LogMel
from .network import Network, check_name

NAMES = ("earmark",)
WIDTH = 0.4
"""Of EfficientAT's `mn04`, whose weights a run starts from."""
HEAD = "classifier.5"
"""The last layer in the checkpoints."""

DIVISOR = 8


class Stage(NamedTuple):
    """One inverted residual block at width 1: channels after expansion and at the output, and its options."""

    kernel: int
    expanded: int
    out: int
    gate: bool
    hard: bool
    stride: int


STEM = 16
HIDDEN = 1280
STAGES = (
    Stage(3, 16, 16, False, False, 1),
    Stage(3, 64, 24, False, False, 2),
    Stage(3, 72, 24, False, False, 1),
    Stage(5, 72, 40, True, False, 2),
    Stage(5, 120, 40, True, False, 1),
    Stage(5, 120, 40, True, False, 1),
    Stage(3, 240, 80, False, True, 2),
    Stage(3, 200, 80, False, True, 1),
    Stage(3, 184, 80, False, True, 1),
    Stage(3, 184, 80, False, True, 1),
    Stage(3, 480, 112, True, True, 1),
    Stage(3, 672, 112, True, True, 1),
    Stage(5, 672, 160, True, True, 2),
    Stage(5, 960, 160, True, True, 1),
    Stage(5, 960, 160, True, True, 1),
)


def divisible(channels: float) -> int:
    """The multiple of 8 nearest to `channels`, at least 8 and never more than a tenth below it."""
    rounded = max(DIVISOR, int(channels + DIVISOR / 2) // DIVISOR * DIVISOR)
    return rounded + DIVISOR if rounded < 0.9 * channels else rounded


def convolution(
    inputs: int, outputs: int, kernel: int, stride: int, groups: int, activation: nn.Module | None
) -> nn.Sequential:
    """Convolution, batch norm and, where given, an activation."""
    layers: list[nn.Module] = [
        nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=0.001, momentum=0.01),
    ]
    return nn.Sequential(*layers, *([activation] if activation is not None else []))


class Squeeze(nn.Module):
    """A factor in 0–1 for each channel, from the channels' means."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        narrow = divisible(channels // 4)
        self.fc1 = nn.Linear(channels, narrow)
        self.fc2 = nn.Linear(narrow, channels)

    def forward(self, x: Tensor) -> Tensor:
        factor = torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3))))))
        return x * factor.unsqueeze(2).unsqueeze(3)


class Gate(nn.Module):
    """Holds one `Squeeze` under the name that the checkpoints use."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conc_se_layers = nn.Sequential(Squeeze(channels))

    def forward(self, x: Tensor) -> Tensor:
        return self.conc_se_layers(x)


class Block(nn.Module):
    """Inverted residual: expand, filter each channel, weigh the channels, project; add the input where shapes agree."""

    def __init__(self, inputs: int, stage: Stage, width: float) -> None:
        super().__init__()
        expanded, outputs = divisible(stage.expanded * width), divisible(stage.out * width)
        activation = nn.Hardswish if stage.hard else nn.ReLU
        layers: list[nn.Module] = []
        if expanded != inputs:
            layers.append(convolution(inputs, expanded, 1, 1, 1, activation()))
        layers.append(convolution(expanded, expanded, stage.kernel, stage.stride, expanded, activation()))
        if stage.gate:
            layers.append(Gate(expanded))
        layers.append(convolution(expanded, outputs, 1, 1, 1, None))
        self.block = nn.Sequential(*layers)
        self.shortcut = stage.stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        out = self.block(x)
        return out + x if self.shortcut else out


class MobileNet(nn.Module):
    """Log-mel bands `[batch, bands, frames]` to logits `[batch, labels]`, for any number of frames from 32 on."""

    def __init__(self, width: float, labels: int) -> None:
        super().__init__()
        channels = divisible(STEM * width)
        layers: list[nn.Module] = [convolution(1, channels, 3, 2, 1, nn.Hardswish())]
        for stage in STAGES:
            layers.append(Block(channels, stage, width))
            channels = divisible(stage.out * width)
        layers.append(convolution(channels, 6 * channels, 1, 1, 1, nn.Hardswish()))
        self.features = nn.Sequential(*layers)
        hidden = divisible(HIDDEN * width)
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(6 * channels, hidden),
            nn.Hardswish(),
            nn.Dropout(0.2),
            nn.Linear(hidden, labels),
        )

    def embed(self, mel: Tensor) -> Tensor:
        """Feature maps `[batch, channels, bands, frames]` of log-mel bands `[batch, bands, frames]`."""
        return self.features(mel.unsqueeze(1))

    def forward(self, mel: Tensor) -> Tensor:
        return self.classifier(self.embed(mel))


def build(name: str, labels: int) -> Network:
    """The network with fresh weights and `labels` outputs.

    Raises ValueError for a name that is not in `NAMES`.
    """
    check_name(name, NAMES)
    return Network(LogMel(), MobileNet(WIDTH, labels), labels)


def renamed(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The checkpoint's weights under the names of `MobileNet`: they are the same."""
    return dict(state)
