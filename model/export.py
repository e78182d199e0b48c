"""Writes a trained network as a model file that keeps the contract: scripted, calibrated, with its meta data."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from . import calibrate, torchscript, validation
from .labels import MODEL_LABELS
from .mel import FRAME_HOP, FRAME_SIZE, SAMPLE_RATE
from .nets import mn
from .network import Network

log = logging.getLogger(__name__)

WINDOW = SAMPLE_RATE
NAME = "earmark-1"
VERSION = "1.0.0"
LICENSE = "MIT for the starting weights; sources and their licences, some of them NC, in MODEL_CARD.md"
UNCALIBRATED_THRESHOLD = 0.5
BATCH = 64


def meta_of(thresholds: list[float]) -> dict[str, Any]:
    """Meta data of the model file; `thresholds` in the order of the labels."""
    return {
        "name": NAME,
        "version": VERSION,
        "license": LICENSE,
        "torch": torch.__version__,
        "labels": list(MODEL_LABELS),
        "sample_rate": SAMPLE_RATE,
        "window": WINDOW,
        "frame_hop": FRAME_HOP,
        "frame_size": FRAME_SIZE,
        "thresholds": thresholds,
    }


def network_of(checkpoint: Path) -> Network:
    """The averaged network of a training run's checkpoint, not calibrated."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    features = mn.build(state["plan"]["network"], len(MODEL_LABELS))
    features.load_state_dict(state["average"])
    return Network(features.eval(), len(MODEL_LABELS)).eval()


@torch.inference_mode()
def logits_of(network: Network, audio: "np.ndarray[Any, np.dtype[np.int16]]") -> Tensor:
    """Logits `[n, labels]` of windows `[n, samples]` int16."""
    parts = [audio[start : start + BATCH].astype(np.float32) / 32768 for start in range(0, len(audio), BATCH)]
    return torch.cat([network.features(network.mel(torch.from_numpy(part))) for part in parts])


def calibrated(network: Network, windows: validation.LabelledWindows) -> list[float]:
    """Fit the network's scale and bias on the windows, in place; returns a threshold for each label."""
    logits = logits_of(network, windows.audio)
    scaling = calibrate.fit(logits, torch.from_numpy(windows.target), torch.from_numpy(windows.weight))
    network.scale.copy_(scaling.scale)
    network.bias.copy_(scaling.bias)
    scores = torch.sigmoid(logits * scaling.scale + scaling.bias).double().numpy()
    return calibrate.thresholds(
        scores, windows.target.astype(np.float64), windows.weight.astype(np.float64), windows.negative
    )


def export(checkpoint: Path, out: Path, recordings: Path | None) -> None:
    """Write the checkpoint's network to `out`, calibrated on the windows of `recordings` where given."""
    network = network_of(checkpoint)
    thresholds = [UNCALIBRATED_THRESHOLD] * len(MODEL_LABELS)
    if recordings is not None:
        thresholds = calibrated(network, validation.windows(recordings))
    out.parent.mkdir(parents=True, exist_ok=True)
    torchscript.save(torchscript.script(network), out, meta_of(thresholds))
    log.info("wrote %s", out)
