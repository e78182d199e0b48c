"""ResNet-18, made for pictures, on spectrograms as pictures.

He, Zhang, Ren, Sun, "Deep residual learning for image recognition" (CVPR 2016), as torchvision has it. The spectrogram
stands in all three colour channels. Three variants:

- `resnet18`: decibels of 1 s; every layer learns;
- `resnet18-frozen`: the same, but only the classifier learns. Of use with weights from pictures (`load`);
- `resnet18-seed`: as in a student project on MusicNet, kept to set beside it. Plain power of 10,240 samples (232 ms);
  frozen, with its layer of 1,000 classes of pictures, and the classifier on top of those.
"""

from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torchvision.models import resnet18

from .body import Body, fill
from .fronts import Power, decibels
from .network import Network, check_name

NAMES = ("resnet18", "resnet18-frozen", "resnet18-seed")

SAMPLE_RATE = 44_100
WINDOW = {"resnet18": 44_100, "resnet18-frozen": 44_100, "resnet18-seed": 10_240}
FRAME_SIZE = 400
FRAME_HOP = 200

FLOOR = 1e-6
"""Power below this counts as this; a full-scale tone has 1e4."""
CENTRE_DB, SPREAD_DB = -10.0, 25.0
"""Decibels are moved and scaled to about zero mean and unit spread, as pictures are."""

CLASSES = 1_000
"""Of the pictures that public weights were trained on."""
EMBEDDING = 512
BODY = "body.0."
"""Where torchvision's own names of weights stand in `Resnet18`."""


class Spectrogram(nn.Module):
    """Sound `[batch, samples]` at 44.1 kHz to `[batch, bins, frames]` float32, 201 bins, 1 + samples // 200 frames.

    The power spectrum by torchaudio's defaults, or with `log` its decibels, moved and scaled.
    """

    def __init__(self, log: bool) -> None:
        super().__init__()
        self.power = Power(torch.hann_window(FRAME_SIZE), FRAME_HOP, FRAME_SIZE // 2, "reflect")
        self.log = log
        self.floor, self.centre_db, self.spread_db = FLOOR, CENTRE_DB, SPREAD_DB

    def forward(self, audio: Tensor) -> Tensor:
        power = self.power(audio).transpose(1, 2)
        if not self.log:
            return power
        return (decibels(power, self.floor) - self.centre_db) / self.spread_db


class Resnet18(nn.Module):
    """Spectrograms `[batch, bins, frames]` to logits `[batch, labels]`, for any number of bins and frames.

    With `classes` the embedding is the 1,000 classes of pictures, else the 512 channels below them.
    """

    def __init__(self, labels: int, *, frozen: bool, classes: bool) -> None:
        super().__init__()
        network = resnet18(weights=None)
        if not classes:
            network.add_module("fc", nn.Identity())
        self.body = Body(network)
        if frozen:
            self.body.freeze()
        self.classifier = nn.Linear(CLASSES if classes else EMBEDDING, labels)

    def embed(self, spectrogram: Tensor) -> Tensor:
        """The embedding `[batch, 512]`, or `[batch, 1000]`."""
        return self.body(spectrogram.unsqueeze(1).expand(-1, 3, -1, -1))

    def forward(self, spectrogram: Tensor) -> Tensor:
        return self.classifier(self.embed(spectrogram))


def load(network: Network, checkpoint: Path) -> None:
    """Fill the body of `network` from torchvision's own file of ResNet-18 weights (its `state_dict`).

    Raises ValueError, in one line, for a weight that is missing, unknown or of another shape.
    """
    state = cast(dict[str, Tensor], torch.load(checkpoint, map_location="cpu", weights_only=True))
    own = network.features.state_dict()
    named = {f"{BODY}{name}": value for name, value in state.items()}
    if f"{BODY}fc.weight" not in own:
        named = {name: value for name, value in named.items() if not name.startswith(f"{BODY}fc.")}
    fill(network.features, named, str(checkpoint))


def build(name: str, labels: int) -> Network:
    """The network called `name` with fresh weights and `labels` outputs.

    Raises ValueError for a name that is not in `NAMES`.
    """
    check_name(name, NAMES)
    seed = name == "resnet18-seed"
    features = Resnet18(labels, frozen=name != "resnet18", classes=seed)
    return Network(Spectrogram(log=not seed), features, labels, sample_rate=SAMPLE_RATE, window=WINDOW[name])
