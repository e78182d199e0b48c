"""YAMNet's shape and its front end; the weights themselves are tried by `test_pretrained`."""

import pytest
import torch

from earmark.model import contract, export, torchscript
from earmark.model.nets import yamnet

# Of the file with its 521 classes, batch norms folded into the convolutions.
PARAMETERS_521 = 3_729_481


def test_size_and_names_are_the_checkpoints() -> None:
    features = yamnet.build("yamnet", 521).features
    state = features.state_dict()
    assert tuple(state["layers.26.conv.weight"].shape) == (1024, 1024, 1, 1)
    assert sum(value.numel() for value in features.parameters()) == PARAMETERS_521


def test_layers_halve_as_tensorflow_does() -> None:
    layers = yamnet.build("yamnet", 2).features.layers
    assert layers(torch.randn(1, 1, 96, 64)).shape == (1, 1024, 3, 2)


@pytest.mark.parametrize("hertz", [200.0, 1_000.0, 5_000.0])
def test_a_tone_is_loudest_in_its_own_band(hertz: float) -> None:
    audio = torch.sin(2 * torch.pi * hertz * torch.arange(48_000) / 48_000)[None]
    frames = yamnet.MelFrames()(audio)
    assert frames.shape == (1, 96, 64)
    mel = 1127 * torch.log1p(torch.tensor([125.0, hertz, 7_500.0]) / 700)
    band = float((mel[1] - mel[0]) / (mel[2] - mel[0]) * 65 - 1)
    assert frames.mean(1).argmax().item() == pytest.approx(band, abs=1)


def test_keeps_the_contract() -> None:
    torch.manual_seed(0)
    network = yamnet.build("yamnet", 38).eval()
    module = torchscript.script(network)
    assert contract.check(module, export.meta_of(network, [0.5] * 38, "yamnet"), "yamnet").sample_rate == 48_000
