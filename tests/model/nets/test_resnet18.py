"""ResNet-18 on spectrograms: the contract, its pictures, what stays frozen, weights from a file."""

from pathlib import Path

import pytest
import torch
import torchaudio

from ...real import package

package("torchvision", "train")

from torchvision import models

from earmark.model.nets import resnet18
from earmark.model.nets.network import Network
from earmark.model.nets.resnet18 import NAMES, SAMPLE_RATE, WINDOW, Spectrogram

from .sizes import LABELS, check, learn, write_state


def build(name: str) -> Network:
    torch.manual_seed(0)
    return resnet18.build(name, len(LABELS)).eval()


# The frozen one is the same but for its gradients.
@pytest.fixture(scope="module", params=["resnet18", "resnet18-seed"])
def network(request: pytest.FixtureRequest) -> Network:
    return build(request.param)


def test_keeps_the_contract_and_scripts_to_the_same(network: Network) -> None:
    audio = 0.1 * torch.randn(2, network.window)
    scripted = check(network)
    with torch.inference_mode():
        torch.testing.assert_close(scripted(audio), network(audio))


def test_is_a_classifier_on_an_embedding(network: Network) -> None:
    mel = network.mel(0.1 * torch.randn(2, 10_240))
    with torch.inference_mode():
        torch.testing.assert_close(network.features.classifier(network.features.embed(mel)), network.features(mel))


def test_the_seed_keeps_its_window_and_the_classes_of_pictures() -> None:
    network = build("resnet18-seed")
    assert (network.sample_rate, network.window, WINDOW["resnet18"]) == (SAMPLE_RATE, 10_240, SAMPLE_RATE)
    assert network.features.classifier.in_features == 1_000
    assert network.mel(torch.zeros(1, 10_240)).shape == (1, 201, 52)


def test_plain_power_is_torchaudios() -> None:
    audio = 0.3 * torch.randn(2, 10_240)
    torch.testing.assert_close(Spectrogram(log=False)(audio), torchaudio.transforms.Spectrogram()(audio))


def test_decibels_lie_about_zero() -> None:
    time_s = torch.arange(SAMPLE_RATE) / SAMPLE_RATE
    front = Spectrogram(log=True)
    assert float(front(torch.sin(6_283.2 * time_s).unsqueeze(0)).max()) == pytest.approx(2.0, abs=0.1)
    assert torch.equal(front(torch.zeros(1, 4_410)).unique(), torch.tensor([-2.0]))


def test_every_layer_learns() -> None:
    touched = learn(build("resnet18"))
    assert {"body.0.conv1.weight", "body.0.bn1.running_mean", "classifier.weight"} <= touched


@pytest.mark.parametrize("name", ["resnet18-frozen", "resnet18-seed"])
def test_a_frozen_body_stays_as_it_is(name: str) -> None:
    assert learn(build(name)) == {"classifier.weight", "classifier.bias"}


@pytest.mark.parametrize("name", NAMES)
def test_takes_weights_from_a_file(name: str, tmp_path: Path) -> None:
    network, path = build(name), tmp_path / "pictures.pth"
    head = network.features.classifier.weight.clone()
    values = write_state(models.resnet18(weights=None), path)
    resnet18.load(network, path)
    state = network.features.state_dict()
    for weight in ("conv1.weight", "layer3.0.downsample.1.running_var"):
        assert state[f"body.0.{weight}"].unique().item() == pytest.approx(values[weight])
    assert ("body.0.fc.weight" in state) == (name == "resnet18-seed")
    assert torch.equal(network.features.classifier.weight, head)


def test_a_file_that_lacks_a_weight_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.pth"
    write_state(models.resnet18(weights=None), path, leave_out="layer1.0.conv1.weight")
    with pytest.raises(ValueError, match=r"half\.pth: it lacks the weight body\.0\.layer1\.0\.conv1\.weight"):
        resnet18.load(build("resnet18"), path)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="known are resnet18, resnet18-frozen, resnet18-seed"):
        resnet18.build("resnet50", 3)
