"""The network's shape: its keys are the checkpoints' keys, and any number of frames will do."""

import pytest
import torch

from earmark.model import torchscript
from earmark.model.nets import earmark

# The size of EfficientAT's mn04 checkpoint for 527 classes, and weights that show how its parts are named and wide.
PARAMETERS_527 = 983_599
SHAPES = {
    "features.0.0.weight": (8, 1, 3, 3),
    "features.1.block.1.0.weight": (8, 8, 1, 1),
    "features.4.block.2.conc_se_layers.0.fc1.weight": (8, 32),
    "features.11.block.2.conc_se_layers.0.fc2.weight": (192, 48),
    "features.15.block.3.1.running_var": (64,),
    "features.16.0.weight": (384, 64, 1, 1),
    "classifier.2.weight": (512, 384),
    "classifier.5.bias": (527,),
}


def test_names_and_shapes_are_the_checkpoints() -> None:
    network = earmark.build("earmark", 527).features
    state = network.state_dict()
    assert {name: tuple(state[name].shape) for name in SHAPES} == SHAPES
    assert sum(parameter.numel() for parameter in network.parameters()) == PARAMETERS_527


@pytest.mark.parametrize("frames", [32, 97, 1000])
def test_any_number_of_frames(frames: int) -> None:
    network = earmark.build("earmark", 5).features.eval()
    assert network(torch.randn(2, 128, frames)).shape == (2, 5)


def test_a_window_does_not_depend_on_its_batch() -> None:
    network, mel = earmark.build("earmark", 5).features.eval(), torch.randn(4, 128, 97)
    with torch.inference_mode():
        torch.testing.assert_close(network(mel)[2:3], network(mel[2:3]), atol=1e-5, rtol=1e-4)


def test_scripts() -> None:
    network, mel = earmark.build("earmark", 5).features.eval(), torch.randn(1, 128, 97)
    torch.testing.assert_close(torchscript.script(network)(mel), network(mel))


@pytest.mark.parametrize(("channels", "expected"), [(6.4, 8), (9.6, 16), (44.8, 48), (68, 72), (512.0, 512)])
def test_divisible(channels: float, expected: int) -> None:
    assert earmark.divisible(channels) == expected


def test_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="known are earmark"):
        earmark.build("mn99", 5)
