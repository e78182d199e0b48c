"""A one-dimensional CNN on raw samples, and its transfer head.

Six convolutions and one linear layer, after the "Multi-Label Instrument Classification in Audio Recordings" project
(University of Toronto, 2020; trained on IRMAS). Stage 1 tells single instruments apart; stage 2 keeps its convolutions
as they are and trains three linear layers on mixtures of two.
"""

from collections.abc import Mapping
from typing import NamedTuple, cast

from torch import Tensor, nn

from .body import Body, fill
from .network import Network, check_name

SAMPLE_RATE = 44_100
WINDOW = 44_100
"""One second. The project itself took 132,299 samples, a little less than three seconds."""
PEAK = 0.5
SILENCE = 1e-6
"""A channel whose peak is lower is not raised any further than one with this peak."""
DROPOUT = 0.3
TRANSFER = (100, 50)
"""Widths of the transfer head's hidden layers."""


class Variant(NamedTuple):
    """What a name stands for."""

    channels: int
    transfer: bool


VARIANTS = {
    "irmas_cnn": Variant(1, False),
    "irmas_cnn-stereo": Variant(2, False),
    "irmas_cnn-transfer": Variant(1, True),
    "irmas_cnn-stereo-transfer": Variant(2, True),
}
NAMES = tuple(VARIANTS)


class Stage(NamedTuple):
    """One convolution, the ReLU and the pooling after it, and a batch norm."""

    outputs: int
    kernel: int
    pool: int


STAGES = (Stage(64, 11, 2), Stage(64, 9, 2), Stage(64, 7, 4), Stage(32, 5, 4), Stage(16, 5, 4), Stage(2, 5, 4))


class Peak(nn.Module):
    """Sound `[batch, samples]` or `[batch, channels, samples]` to `[batch, channels, samples]`, each peak at 0.5.

    One channel stands for all where more are wanted.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.peak, self.silence = PEAK, SILENCE

    def forward(self, audio: Tensor) -> Tensor:
        sound = audio.float()
        if sound.dim() == 2:
            sound = sound.unsqueeze(1).expand(-1, self.channels, -1)
        return sound * (self.peak / sound.abs().amax(-1, keepdim=True).clamp_min(self.silence))


def pooled(window: int) -> int:
    """Samples that `window` samples have shrunk to behind the last pooling."""
    for stage in STAGES:
        window = (window - stage.kernel + 1) // stage.pool
    return window


def convolutions(channels: int) -> Body:
    """All six stages: `[batch, channels, window]` to `[batch, 2 * pooled(window)]`."""
    layers: list[nn.Module] = []
    inputs = channels
    for outputs, kernel, pool in STAGES:
        layers += [nn.Conv1d(inputs, outputs, kernel), nn.ReLU(), nn.MaxPool1d(pool), nn.BatchNorm1d(outputs)]
        inputs = outputs
    return Body(*layers, nn.Flatten())


def head(inputs: int, labels: int, transfer: bool) -> nn.Sequential:
    """`[batch, inputs]` to logits `[batch, labels]`: one linear layer, or three for stage 2."""
    if not transfer:
        return nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(inputs, labels))
    layers: list[nn.Module] = []
    for width in TRANSFER:
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, labels))


class SampleCnn(nn.Module):
    """Samples `[batch, channels, window]` to logits `[batch, labels]`."""

    def __init__(self, variant: Variant, labels: int, window: int = WINDOW) -> None:
        super().__init__()
        self.convolutions = convolutions(variant.channels)
        self.classifier = head(STAGES[-1].outputs * pooled(window), labels, variant.transfer)

    def freeze(self) -> None:
        """Train the head only: stage 2."""
        self.convolutions.freeze()

    def embed(self, sound: Tensor) -> Tensor:
        """What the convolutions leave: `[batch, 2 * pooled(window)]`."""
        return self.convolutions(sound)

    def forward(self, sound: Tensor) -> Tensor:
        return self.classifier(self.embed(sound))


def take_over(network: Network, stage_1: Mapping[str, Tensor]) -> None:
    """Give a network of stage 2 the convolutions of a trained stage 1 (the state of its `SampleCnn`), and freeze them.

    Raises ValueError, in one line, where `stage_1` is the state of something else.
    """
    stage_2 = cast(SampleCnn, network.features)
    body = {name: value for name, value in stage_1.items() if not name.startswith("classifier.")}
    fill(stage_2, body, "stage 1")
    stage_2.freeze()


def build(name: str, labels: int) -> Network:
    """The network called `name` with fresh weights and `labels` outputs.

    Raises ValueError for a name that is not in `NAMES`.
    """
    check_name(name, NAMES)
    variant = VARIANTS[name]
    features = SampleCnn(variant, labels)
    return Network(Peak(variant.channels), features, labels, sample_rate=SAMPLE_RATE, window=WINDOW)
