"""Sound at the corpus's rate made into windows for a network of another rate."""

import torch
from torch import Tensor, nn
from torchaudio import functional

from ..corpus.decoded import SAMPLE_RATE
from ..nets.network import Network


def windows_for(network: Network, audio: Tensor) -> Tensor:
    """Sound `[batch, samples]` at `SAMPLE_RATE` as the network's own windows `[batch, network.window]` at its rate.

    The newest samples are kept; a sound that is shorter than the window begins with zeros.
    """
    if network.sample_rate != SAMPLE_RATE:
        audio = functional.resample(audio, SAMPLE_RATE, network.sample_rate)
    short = network.window - audio.shape[-1]
    if short > 0:
        audio = nn.functional.pad(audio, (short, 0))
    return audio[..., -network.window :]


@torch.no_grad()
def features_of(network: Network, audio: Tensor) -> Tensor:
    """What the network's front end makes of sound `[batch, samples]` at `SAMPLE_RATE`."""
    return network.mel(windows_for(network, audio))
