"""One head for each instrument on a body that all share, as a team at LUMEN Data Science 2023 built it.

The heads know nothing of each other: each norms, weighs and judges the shared embedding by itself. The bodies are
networks for pictures, and the picture is a mel spectrogram in all three colour channels at its own size, 128 by 101
(the team stretched it to the size of the body's first pictures). Three variants:

- `fluffy`: ConvNeXt-T (Liu et al., "A ConvNet for the 2020s", CVPR 2022), by torchvision;
- `fluffy-efficientnet`: EfficientNetV2-S (Tan, Le, "EfficientNetV2", ICML 2021), by torchvision;
- `fluffy-ast`: Audio Spectrogram Transformer (Gong, Chung, Glass, Interspeech 2021), by transformers, which has to be
  installed for it.
"""

import warnings
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torchvision.models import convnext_tiny, efficientnet_v2_s

from .body import fill
from .fronts import MelPower, Power, decibels, mel_bank
from .network import Network, check_name

NAMES = ("fluffy", "fluffy-efficientnet", "fluffy-ast")

SAMPLE_RATE = 16_000
WINDOW = 16_000
FRAME_SIZE = 400
FRAME_HOP = 160
FRAMES = 1 + WINDOW // FRAME_HOP
BANDS = 128

LEAST_PEAK = 1e-3
"""A window is brought to a peak of 1, but one softer than this is raised no more than this one."""
CENTRE, SPREAD = 0.413, 2.582
"""The team's mean and standard deviation of the power in a band, for the bodies by torchvision."""
FLOOR = 1e-8
CENTRE_DB, SPREAD_DB = -20.0, 20.0
"""The transformer takes decibels, moved and scaled to about zero mean and unit spread."""

WIDTH = {"fluffy": 768, "fluffy-efficientnet": 1_280, "fluffy-ast": 768}
"""Of the embedding."""
HIDDEN = 64
"""Units of each head."""
DROPOUT = 0.3

FEATURES = "features."
"""How the names of the weights of torchvision's bodies begin, below their classifiers."""


class Mel(nn.Module):
    """Sound `[batch, samples]` at 16 kHz to `[batch, BANDS, frames]` float32, 1 + samples // 160 frames.

    The power in each band of sound whose peak is 1, or with `log` its decibels; moved and scaled either way.
    """

    def __init__(self, log: bool) -> None:
        super().__init__()
        bank = mel_bank(SAMPLE_RATE, FRAME_SIZE, BANDS, 0.0, SAMPLE_RATE / 2, "slaney")
        self.power = MelPower(Power(torch.hann_window(FRAME_SIZE), FRAME_HOP, FRAME_SIZE // 2, "constant"), bank)
        self.log = log
        self.least_peak, self.floor = LEAST_PEAK, FLOOR
        self.centre, self.spread = (CENTRE_DB, SPREAD_DB) if log else (CENTRE, SPREAD)

    def forward(self, audio: Tensor) -> Tensor:
        audio = audio.float()
        peak = audio.abs().amax(1, keepdim=True).clamp_min(self.least_peak)
        power = self.power(audio / peak)
        return ((decibels(power, self.floor) if self.log else power) - self.centre) / self.spread


class Picture(nn.Module):
    """A spectrogram `[batch, bands, frames]` in three colour channels `[batch, 3, bands, frames]`."""

    def forward(self, mel: Tensor) -> Tensor:
        return mel.unsqueeze(1).expand(-1, 3, -1, -1)


class Transformer(nn.Module):
    """A spectrogram `[batch, BANDS, FRAMES]` to the transformer's embedding `[batch, 768]`.

    Raises ValueError where transformers is not installed.
    """

    def __init__(self) -> None:
        super().__init__()
        try:
            from transformers import ASTConfig, ASTModel
        except ImportError:
            raise ValueError("fluffy-ast needs the package transformers: pip install transformers") from None
        self.ast = ASTModel(ASTConfig(num_mel_bins=BANDS, max_length=FRAMES))

    def forward(self, mel: Tensor) -> Tensor:
        return self.ast(mel.transpose(1, 2)).pooler_output

    def __prepare_scriptable__(self) -> torch.jit.ScriptModule:
        # torch.jit.script calls this. It cannot compile the transformer's own code; what one pass does is recorded.
        weight = next(self.parameters())
        example = torch.zeros(2, BANDS, FRAMES, dtype=weight.dtype, device=weight.device)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="transformers")
            return cast(torch.jit.ScriptModule, torch.jit.trace(self, example, check_trace=False))


class Heads(nn.Module):
    """One head for each label: an embedding `[batch, width]` to logits `[batch, labels]`.

    All heads run as one: the same norm, then for each label its own hidden layer and its own judgement of that.
    """

    def __init__(self, width: int, labels: int) -> None:
        super().__init__()
        self.labels = labels
        # A scale and a shift of its own for each label would say nothing that its hidden layer cannot say.
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.hidden = nn.Linear(width, labels * HIDDEN)
        self.dropout = nn.Dropout(DROPOUT)
        self.weight = nn.Parameter(torch.empty(labels, HIDDEN).uniform_(-1, 1) / HIDDEN**0.5)
        self.bias = nn.Parameter(torch.zeros(labels))

    def forward(self, embedding: Tensor) -> Tensor:
        hidden = self.dropout(torch.relu(self.hidden(self.norm(embedding))))
        return (hidden.unflatten(1, [self.labels, -1]) * self.weight).sum(2) + self.bias


class Fluffy(nn.Module):
    """Spectrograms `[batch, BANDS, frames]` to logits `[batch, labels]`; `body` gives embeddings `[batch, width]`."""

    def __init__(self, body: nn.Module, width: int, labels: int) -> None:
        super().__init__()
        self.body = body
        self.classifier = Heads(width, labels)

    def embed(self, mel: Tensor) -> Tensor:
        """The embedding `[batch, width]`."""
        return self.body(mel)

    def forward(self, mel: Tensor) -> Tensor:
        return self.classifier(self.embed(mel))


def _body(name: str) -> nn.Module:
    if name == "fluffy-ast":
        return Transformer()
    network = convnext_tiny(weights=None) if name == "fluffy" else efficientnet_v2_s(weights=None)
    return nn.Sequential(
        OrderedDict(
            picture=Picture(),
            features=network.features,
            pool=nn.AdaptiveAvgPool2d(1),
            flatten=nn.Flatten(),
        )
    )


def renamed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A `state_dict` of torchvision's ConvNeXt or EfficientNet under the names of `Fluffy`, without its classifier."""
    return {f"body.{name}": value for name, value in state.items() if name.startswith(FEATURES)}


def load(network: Network, checkpoint: Path) -> None:
    """Fill the body of `fluffy` or `fluffy-efficientnet` from torchvision's own file of weights (its `state_dict`).

    Raises ValueError, in one line, for a weight that is missing, unknown or of another shape.
    """
    state = cast(dict[str, Tensor], torch.load(checkpoint, map_location="cpu", weights_only=True))
    fill(network.features, renamed(state), str(checkpoint))


def build(name: str, labels: int) -> Network:
    """The network called `name` with fresh weights and `labels` outputs.

    Raises ValueError for a name that is not in `NAMES`, or for `fluffy-ast` where transformers is not installed.
    """
    check_name(name, NAMES)
    features = Fluffy(_body(name), WIDTH[name], labels)
    return Network(Mel(log=name == "fluffy-ast"), features, labels, sample_rate=SAMPLE_RATE, window=WINDOW)
