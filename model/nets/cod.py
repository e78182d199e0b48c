"""COD's network: the audio half of OpenL3, and a small classifier on its embedding.

Front end and embedding are those of Cramer, Wu, Salamon, Bello, "Look, listen, and learn more" (ICASSP 2019), 128 mel
bands, as kapre computes them; head and sizes are those of the COD Instrument Labeler (Barth, Flores García, Wiig, 2020;
MIT licence). The layers have the names that the torchopenl3 package gives them, so that its weights load by name.
"""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from .body import Body, fill
from .fronts import MelPower, Power, decibels, mel_bank
from .network import Network, check_name

SAMPLE_RATE = 48_000
WINDOW = 48_000
FRAME_SIZE = 2_048
FRAME_HOP = 242
SIDE = 1_101
"""Zeros before and after the sound: with them one second has 199 frames."""
BANDS = 128
TOP_HZ = 24_000.0
RANGE_DB = 80.0

EPS = 1e-3
"""Batch norm's addition to the variance in the embedding."""
DROPOUT = 0.1
CHANNELS = 64
"""Channels after the first convolution; they double with each halving of the map."""

POOLING = {"cod": (4, 8), "cod-512": (16, 24)}
"""Last pooling, in bands and frames: it leaves 4 × 3 or 1 × 1 places of 512 channels each."""
HIDDEN = {"cod": (512, 128), "cod-512": (128,)}
"""Widths of the head's hidden layers."""
NAMES = tuple(POOLING)

PREFIX = "embedding."
LAYERS = ("conv2d_", "batch_normalization_", "audio_embedding_layer")
"""How the names of the embedding's layers begin in a checkpoint."""


class DecibelMel(nn.Module):
    """Sound `[batch, samples]` at 48 kHz to `[batch, BANDS, frames]` float32, decibels below the window's loudest.

    From -80 to 0. As in kapre, 10 log10 is taken of the root of the power. A window of zeros gives 0 everywhere.
    """

    def __init__(self) -> None:
        super().__init__()
        window = torch.hann_window(FRAME_SIZE, periodic=True, dtype=torch.float32)
        bank = mel_bank(SAMPLE_RATE, FRAME_SIZE, BANDS, 0.0, TOP_HZ, "htk")
        self.power = MelPower(Power(window, FRAME_HOP, SIDE, "constant"), bank)
        self.range_db = RANGE_DB

    def forward(self, audio: Tensor) -> Tensor:
        level = decibels(self.power(audio).sqrt())
        return (level - level.amax([1, 2], keepdim=True)).clamp_min(-self.range_db)


def embedding(pooling: tuple[int, int], channels: int) -> Body:
    """OpenL3's audio network: `[batch, 1, BANDS, 199]` to `[batch, 8 * channels * places]`."""
    layers: OrderedDict[str, nn.Module] = OrderedDict(batch_normalization_1=nn.BatchNorm2d(1, eps=EPS))
    inputs = 1
    outputs = [channels, channels, 2 * channels, 2 * channels, 4 * channels, 4 * channels, 8 * channels]
    for number, width in enumerate(outputs, 1):
        layers[f"conv2d_{number}"] = nn.Conv2d(inputs, width, 3, padding=1)
        layers[f"batch_normalization_{number + 1}"] = nn.BatchNorm2d(width, eps=EPS)
        layers[f"activation_{number}"] = nn.ReLU()
        if number % 2 == 0:
            layers[f"max_pooling2d_{number // 2}"] = nn.MaxPool2d(2)
        inputs = width
    layers["audio_embedding_layer"] = nn.Conv2d(inputs, inputs, 3, padding=1)
    layers["max_pooling2d_4"] = nn.MaxPool2d(pooling)
    layers["flatten"] = nn.Flatten()
    return Body(layers)


def head(inputs: int, hidden: tuple[int, ...], labels: int) -> nn.Sequential:
    """Fully connected layers, each behind a batch norm: `[batch, inputs]` to logits `[batch, labels]`."""
    layers: list[nn.Module] = []
    for width in hidden:
        layers += [nn.BatchNorm1d(inputs), nn.Linear(inputs, width), nn.ReLU(), nn.Dropout(DROPOUT)]
        inputs = width
    return nn.Sequential(*layers, nn.BatchNorm1d(inputs), nn.Linear(inputs, labels))


class OpenL3(nn.Module):
    """Decibels `[batch, BANDS, 199]` to logits `[batch, labels]`; `name` is one of `NAMES`."""

    def __init__(self, name: str, labels: int, channels: int = CHANNELS) -> None:
        super().__init__()
        self.embedding = embedding(POOLING[name], channels)
        high, wide = POOLING[name]
        places = (16 // high) * (24 // wide)
        self.classifier = head(8 * channels * places, HIDDEN[name], labels)

    def freeze(self) -> None:
        """Train the head only, as COD does on OpenL3's published weights."""
        self.embedding.freeze()

    def embed(self, mel: Tensor) -> Tensor:
        """The embedding `[batch, 6144]`, for `cod-512` `[batch, 512]`."""
        return self.embedding(mel.unsqueeze(1))

    def forward(self, mel: Tensor) -> Tensor:
        return self.classifier(self.embed(mel))


def renamed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state of torchopenl3's `OpenL3Embedding` or `OpenL3Mel128`, under the names of `OpenL3`.

    Its front end is left out.
    """
    short = {name.removeprefix("openl3."): value for name, value in state.items()}
    return {PREFIX + name: value for name, value in short.items() if name.startswith(LAYERS)}


def load(network: Network, checkpoint: Path) -> None:
    """Fill the embedding from a saved state of torchopenl3, and freeze it: only the head learns, as with COD.

    Raises ValueError, in one line, for a weight that is missing or of another shape.
    """
    state = cast(dict[str, Tensor], torch.load(checkpoint, map_location="cpu", weights_only=True))
    features = cast(OpenL3, network.features)
    fill(features, renamed(state), str(checkpoint))
    features.freeze()


def build(name: str, labels: int) -> Network:
    """The network called `name` with fresh weights and `labels` outputs.

    Raises ValueError for a name that is not in `NAMES`.
    """
    check_name(name, NAMES)
    return Network(DecibelMel(), OpenL3(name, labels), labels, sample_rate=SAMPLE_RATE, window=WINDOW)
