"""Small helpers for tests of networks that are large."""

from pathlib import Path

import torch
from torch import Tensor, nn

from earmark.model import contract, torchscript
from earmark.model.nets.network import Network

LABELS = ("piano", "violin", "flute")


def check(network: Network) -> torch.jit.ScriptModule:
    """The network as TorchScript, once every rule of the contract has been tried."""
    scripted = torchscript.script(network)
    meta = {
        "labels": LABELS,
        "sample_rate": network.sample_rate,
        "window": network.window,
        "thresholds": [0.5] * len(LABELS),
        "name": "large",
        "version": "1",
        "license": "none",
        "torch": torch.__version__,
    }
    contract.check(scripted, meta, "large.ts")
    return scripted


def write_state(network: nn.Module, path: Path, leave_out: str = "") -> dict[str, float]:
    """A checkpoint for `network` that is small on disk: each weight is one value throughout. Returns the values."""
    values: dict[str, float] = {}
    state: dict[str, Tensor] = {}
    for number, (name, weight) in enumerate(network.state_dict().items()):
        if name != leave_out:
            values[name] = (number % 50) / 100
            state[name] = torch.tensor(values[name]).to(weight.dtype).expand(weight.shape)
    torch.save(state, path)
    return values


def changed(before: dict[str, Tensor], after: dict[str, Tensor]) -> set[str]:
    """Names of the weights and statistics that differ."""
    return {name for name, value in after.items() if not torch.equal(value, before[name])}


def learn(network: Network) -> set[str]:
    """One step of training on short noise; returns the names of the weights and statistics that it changed."""
    torch.manual_seed(1)
    before = {name: value.clone() for name, value in network.features.state_dict().items()}
    trained = [parameter for parameter in network.features.parameters() if parameter.requires_grad]
    network.train()
    mel = network.mel(0.1 * torch.randn(2, network.window // 3))
    network.features(mel).square().sum().backward()
    torch.optim.SGD(trained, lr=0.1).step()
    network.eval()
    return changed(before, network.features.state_dict())
