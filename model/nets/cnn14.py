"""PANNs' CNN14 with a last layer for our labels.

Kong, Cao, Iqbal, Wang, Wang, Plumbley, "PANNs: large-scale pretrained audio neural networks for audio pattern
recognition" (IEEE/ACM TASLP 28, 2020). `cnn14` has the front end that the published weights were trained with;
`cnn14-seed` has the one of a project that tuned them on OpenMIC-2018 with other spectra, kept to set beside it. The
layers have the names of the published checkpoints.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .fronts import MelPower, Power, decibels, mel_bank
from .network import Network, check_name

NAMES = ("cnn14", "cnn14-seed")

SAMPLE_RATE = 32_000
WINDOW = 32_000
FRAME_SIZE = 1_024
BANDS = 64
HOP = {"cnn14": 320, "cnn14-seed": 512}
EDGES_HZ = {"cnn14": (50.0, 14_000.0), "cnn14-seed": (0.0, 16_000.0)}
RANGE_DB = {"cnn14": 0.0, "cnn14-seed": 80.0}
"""How far below the window's loudest band the softest is raised to; 0: it is left as it is."""

WIDTH = 64
"""Channels of the first block; each of the others has twice as many as the one before."""
BLOCKS = 6
BLOCK_DROPOUT = 0.2
DROPOUT = 0.5

HEAD = "fc_audioset"
"""The last layer, as the published checkpoints call it."""
FRONT = ("spectrogram_extractor.", "logmel_extractor.")
"""Fixed weights of the front end in the published checkpoints: ours has its own."""


class DecibelMel(nn.Module):
    """Sound `[batch, samples]` at 32 kHz to decibels `[batch, BANDS, frames]` float32, for the network `name`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        shape = torch.hann_window if name == "cnn14" else torch.blackman_window
        low_hz, high_hz = EDGES_HZ[name]
        bank = mel_bank(SAMPLE_RATE, FRAME_SIZE, BANDS, low_hz, high_hz, "slaney")
        window = shape(FRAME_SIZE, periodic=True, dtype=torch.float32)
        self.power = MelPower(Power(window, HOP[name], FRAME_SIZE // 2, "reflect"), bank)
        self.range_db = RANGE_DB[name]

    def forward(self, audio: Tensor) -> Tensor:
        level = decibels(self.power(audio))
        if self.range_db > 0:
            level = torch.maximum(level, level.amax([1, 2], keepdim=True) - self.range_db)
        return level


class Block(nn.Module):
    """Two convolutions, each with batch norm and ReLU; the mean of each `pool` × `pool` places; dropout."""

    def __init__(self, inputs: int, outputs: int, pool: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.pool = nn.AvgPool2d(pool)
        self.dropout = nn.Dropout(BLOCK_DROPOUT)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        return self.dropout(self.pool(x))


class Cnn14(nn.Module):
    """Decibels `[batch, BANDS, frames]` to logits `[batch, labels]`, for any number of frames from 32 on."""

    def __init__(self, labels: int, width: int = WIDTH) -> None:
        super().__init__()
        self.bn0 = nn.BatchNorm1d(BANDS)
        self.blocks = nn.Sequential()
        channels = 1
        for number in range(1, BLOCKS + 1):
            outputs = width * 2 ** (number - 1)
            self.blocks.add_module(f"conv_block{number}", Block(channels, outputs, 1 if number == BLOCKS else 2))
            channels = outputs
        self.dropout = nn.Dropout(DROPOUT)
        self.fc1 = nn.Linear(channels, channels)
        self.classifier = nn.Linear(channels, labels)
        self.apply(_initialise)

    def embed(self, mel: Tensor) -> Tensor:
        """The embedding `[batch, 2048]`: mean over the bands, then maximum plus mean over time, and one layer more."""
        x = self.blocks(self.bn0(mel).transpose(1, 2).unsqueeze(1)).mean(3)
        return torch.relu(self.fc1(self.dropout(x.amax(2) + x.mean(2))))

    def forward(self, mel: Tensor) -> Tensor:
        return self.classifier(self.embed(mel))


def _initialise(layer: nn.Module) -> None:
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.xavier_uniform_(layer.weight)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def renamed(state: Mapping[str, Any]) -> dict[str, Tensor]:
    """What a published CNN14's file holds, under the names of `Cnn14`.

    The weights are in the file's `model`, or are the file itself. Its front end is left out; its last layer keeps its
    own name, `HEAD`.
    """
    weights: Mapping[str, Tensor] = state.get("model", state)
    kept = {name: value for name, value in weights.items() if not name.startswith(FRONT)}
    return {f"blocks.{name}" if name.startswith("conv_block") else name: value for name, value in kept.items()}


def build(name: str, labels: int) -> Network:
    """The network called `name` with fresh weights and `labels` outputs.

    Raises ValueError for a name that is not in `NAMES`.
    """
    check_name(name, NAMES)
    return Network(DecibelMel(name), Cnn14(labels), labels, sample_rate=SAMPLE_RATE, window=WINDOW)
