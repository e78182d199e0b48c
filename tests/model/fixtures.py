"""Tiny scripted models for tests: one that keeps the contract and is easy to foretell, and some that break it."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from earmark.model import torchscript

RATE = 48_000
WINDOW = 48_000
LABELS = ("electric_bass", "piano", "flute")
EDGES_HZ = (250.0, 2_000.0)
"""Where one label's band ends and the next one's begins."""


def meta(**changes: Any) -> dict[str, Any]:
    """Meta data of a model that keeps the contract; None as a value takes a key out."""
    whole = {
        "labels": list(LABELS),
        "sample_rate": RATE,
        "window": WINDOW,
        "thresholds": [0.5] * len(LABELS),
        "name": "tones",
        "version": "1",
        "license": "Apache-2.0",
        "torch": torch.__version__,
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


class Tones(nn.Module):
    """Tells low, middle and high tones apart: near 1 for the band that holds the power, near 0 for the others.

    Silence gives 0.02 for every label.
    """

    def __init__(self) -> None:
        super().__init__()
        self.window = WINDOW
        self.low, self.high = (int(edge * WINDOW / RATE) for edge in EDGES_HZ)
        self.gain = nn.Parameter(torch.tensor(8.0))

    @torch.jit.export
    def mel(self, audio: Tensor) -> Tensor:
        """Power in three bands `[batch, 3, 1]`."""
        power = torch.view_as_real(torch.fft.rfft(audio)).square().sum(-1)
        bands = [power[:, : self.low], power[:, self.low : self.high], power[:, self.high :]]
        return torch.stack([band.sum(-1) for band in bands], 1).unsqueeze(2)

    @torch.jit.export
    def body(self, mel: Tensor) -> Tensor:
        power = mel.squeeze(2)
        share = power / (power.sum(1, keepdim=True) + 1e-3)
        return torch.sigmoid(self.gain * (share - 0.5))

    def forward(self, audio: Tensor) -> Tensor:
        return self.body(self.mel(audio))


class Bent(nn.Module):
    """`Tones` with a fault in its output."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.tones = Tones()
        self.fault = fault

    def forward(self, audio: Tensor) -> Tensor:
        out = self.tones(audio)
        if self.fault == "nan":
            out = out * float("nan")
        if self.fault == "over":
            out = out + 1.0
        if self.fault == "shape":
            out = out[:, :2]
        if self.fault == "double":
            out = out.double()
        if self.fault == "batch":
            out = out / out.shape[0]
        if self.fault == "single" and out.shape[0] > 1:
            raise ValueError("one window at a time")
        if self.fault == "loud" and bool((audio.abs() > 0.9).any()):
            out = out * float("nan")
        if self.fault == "hot" and bool((audio.abs() > 0.9).any()):
            raise ValueError("too hot")
        return out


class OtherBody(Tones):
    """`body` does not belong to `forward`."""

    def forward(self, audio: Tensor) -> Tensor:
        return 0.5 * self.body(self.mel(audio))


class OnDevice(Tones):
    """Names a device in its graph."""

    def forward(self, audio: Tensor) -> Tensor:
        return self.body(self.mel(audio)) + torch.zeros(1, device="cpu")


def write(path: Path, module: nn.Module | None = None, freeze: bool = False, **changes: Any) -> Path:
    """A model file at `path` (`Tones` unless `module` is given), its meta data with `changes`."""
    scripted = torchscript.script(module or Tones())
    torchscript.save(torchscript.freeze(scripted, []) if freeze else scripted, path, meta(**changes))
    return path
