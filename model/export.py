"""Writes a trained network as a model file that keeps the contract: scripted, calibrated, with its meta data."""

import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from . import torchscript
from .errors import UsageError
from .judging import calibrate, validation
from .judging.thresholds import thresholds
from .labels import MODEL_LABELS
from .nets import catalogue
from .nets.network import Network, channels_last
from .training.config import RunConfig
from .training.pretrained import read_state
from .training.resampling import features_of

log = logging.getLogger(__name__)

VERSION = "1"
UNSTATED = "not stated"
UNCALIBRATED_THRESHOLD = 0.5
BATCH = 64
SHARE = 0.6
"""How far from the starting weights towards the tuned ones: the best on validation recordings (see EXPERIMENTS.md)."""

PT2 = ".pt2"

State = dict[str, Tensor]


def meta_of(network: Network, thresholds: list[float], name: str, licence: str = UNSTATED) -> dict[str, Any]:
    """Meta data of the network's model file; `thresholds` in the order of the labels."""
    frames = {"frame_hop": network.frame_hop, "frame_size": network.frame_size} if network.frame_hop else {}
    return {
        "name": name,
        "version": VERSION,
        "license": licence,
        "torch": torch.__version__,
        "labels": list(MODEL_LABELS),
        "sample_rate": network.sample_rate,
        "window": network.window,
        **frames,
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


def network_of(checkpoints: list[Path], share: float | None = None) -> Network:
    """The network of training runs that started from the same weights, blended, not calibrated.

    `share` is how far it goes from the starting weights to the tuned ones; if left out, `SHARE`, and all the way where
    the last layer set out from random weights.
    Raises ValueError where the runs started from different weights.
    """
    states = [read_state(checkpoint) for checkpoint in checkpoints]
    start: State = states[0]["start"]
    for state in states[1:]:
        if any(not torch.equal(value, start[name]) for name, value in state["start"].items()):
            raise ValueError("the runs started from different weights: they cannot be blended")
    config = RunConfig.model_validate(states[0]["config"])
    if share is None:
        earlier = config.start.run and not config.net.endswith("-transfer")
        share = SHARE if config.start.classes or earlier else 1.0
    network = catalogue.build(config.net, len(MODEL_LABELS))
    network.features.load_state_dict(blended(start, [state["average"] for state in states], share))
    return network.eval()


@torch.inference_mode()
def logits_of(network: Network, audio: "np.ndarray[Any, np.dtype[np.int16]]") -> Tensor:
    """Logits `[n, labels]` of windows `[n, samples]` int16."""
    parts = [audio[start : start + BATCH].astype(np.float32) / 32768 for start in range(0, len(audio), BATCH)]
    return torch.cat([network.features(features_of(network, torch.from_numpy(part))) for part in parts])


def calibrated(network: Network, windows: validation.LabelledWindows, precision: float | None = None) -> list[float]:
    """Fit the network's scale and bias on the windows, in place; returns a threshold for each label.

    The thresholds aim at the best F1, or at `precision` (0..1).
    """
    logits = logits_of(network, windows.audio).double().numpy()
    target, weight = windows.target.astype(np.float64), windows.weight.astype(np.float64)
    several = windows.groups[:, 0] != windows.groups[:, 1]
    scaling = calibrate.fit(logits, target, calibrate.balanced(weight, several), windows.groups)
    log.info("calibrated by %s", ", ".join(map(" ".join, zip(MODEL_LABELS, scaling.kinds, strict=True))))
    network.scale.copy_(torch.from_numpy(scaling.scale))
    network.bias.copy_(torch.from_numpy(scaling.bias))
    return thresholds(scaling.probabilities(logits), target, weight, windows.negative, precision)


def write_pt2(network: Network, out: Path) -> None:
    """Write `network` to `out` as a `torch.export` program, for those whose runtime has no TorchScript.

    It takes and gives what a model file's `forward` does, at any batch size; it holds no meta data. Raises UsageError
    where the name of `out` does not end in .pt2: PyTorch knows its own files by that.
    """
    if out.suffix != PT2:
        raise UsageError(f"{out} must end in {PT2}")
    part = out.with_suffix(f".part{PT2}")
    torch.export.save(exported(network), part)
    os.replace(part, out)


def exported(network: Network) -> torch.export.ExportedProgram:
    """`network` as a `torch.export` program with any batch size."""
    example = torch.zeros(2, network.window)
    batch = torch.export.Dim("batch", min=1)
    return torch.export.export(network.eval(), (example,), dynamic_shapes=({0: batch},))


def export(
    checkpoints: list[Path],
    out: Path,
    recordings: Path | None,
    *,
    licence: str = UNSTATED,
    share: float | None = None,
    precision: float | None = None,
    pt2: Path | None = None,
) -> None:
    """Write the checkpoints' network, blended by `share` as in `network_of`, to `out`, and to `pt2` where given.

    The model is called what the file is called; `licence` is for those who get it.

    Calibrated on the windows of `recordings` where given, with thresholds for the best F1 or for `precision` (0..1).
    """
    network = channels_last(network_of(checkpoints, share))
    passing = [UNCALIBRATED_THRESHOLD] * len(MODEL_LABELS)
    if recordings is not None:
        passing = calibrated(network, validation.windows(recordings), precision)
    out.parent.mkdir(parents=True, exist_ok=True)
    torchscript.save(torchscript.script(network), out, meta_of(network, passing, out.stem, licence))
    log.info("wrote %s", out)
    if pt2 is not None:
        write_pt2(network, pt2)
        log.info("wrote %s", pt2)
