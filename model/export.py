"""Writes a trained network as a model file that keeps the contract: scripted, calibrated, with its meta data."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from . import torchscript
from .judging import calibrate, validation
from .labels import MODEL_LABELS
from .nets import mn
from .nets.mel import FRAME_HOP, FRAME_SIZE, SAMPLE_RATE
from .nets.network import Network

log = logging.getLogger(__name__)

WINDOW = SAMPLE_RATE
NAME = "earmark-1"
VERSION = "1.0.0"
LICENSE = "MIT for the starting weights; sources and their licences, some of them NC, in MODEL_CARD.md"
UNCALIBRATED_THRESHOLD = 0.5
BATCH = 64
SHARE = 0.6
"""How far from the starting weights towards the tuned ones: the best on validation recordings (see EXPERIMENTS.md)."""

State = dict[str, Tensor]


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


def blended(start: State, tuned: list[State], share: float) -> State:
    """Weights between those that the runs started from and the mean of those that they ended with.

    `share` is how far the way is gone, 0 to 1. What AudioSet taught and the recordings do not hold comes back, at
    hardly any cost: Wortsman et al., "Robust fine-tuning of zero-shot models" (CVPR 2022), and "Model soups" (ICML
    2022) for the mean of several runs.
    """
    out: State = {}
    for name, value in start.items():
        if value.dtype.is_floating_point:
            mean = torch.stack([state[name] for state in tuned]).mean(0)
            out[name] = value + share * (mean - value)
        else:
            out[name] = value
    return out


def network_of(checkpoints: list[Path]) -> Network:
    """The network of training runs that started from the same weights, blended, not calibrated.

    Raises ValueError where the runs started from different weights.
    """
    states = [torch.load(checkpoint, map_location="cpu", weights_only=True) for checkpoint in checkpoints]
    start: State = states[0]["start"]
    for state in states[1:]:
        if any(not torch.equal(value, start[name]) for name, value in state["start"].items()):
            raise ValueError("the runs started from different weights: they cannot be blended")
    features = mn.build(states[0]["plan"]["network"], len(MODEL_LABELS))
    features.load_state_dict(blended(start, [state["average"] for state in states], SHARE))
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


def export(checkpoints: list[Path], out: Path, recordings: Path | None) -> None:
    """Write the checkpoints' network to `out`, calibrated on the windows of `recordings` where given."""
    network = network_of(checkpoints)
    thresholds = [UNCALIBRATED_THRESHOLD] * len(MODEL_LABELS)
    if recordings is not None:
        thresholds = calibrated(network, validation.windows(recordings))
    out.parent.mkdir(parents=True, exist_ok=True)
    torchscript.save(torchscript.script(network), out, meta_of(thresholds))
    log.info("wrote %s", out)
