"""One head for each instrument: the contract, the heads' independence, the front end, weights from a file."""

import sys
from pathlib import Path

import pytest
import torch
import torchaudio

from ...real import package

package("torchvision", "train")

from torchvision import models

from earmark.model.nets import fluffy
from earmark.model.nets.fluffy import BANDS, CENTRE, HIDDEN, LEAST_PEAK, SAMPLE_RATE, SPREAD, Heads, Mel
from earmark.model.nets.network import Network

from .sizes import LABELS, check, learn, write_state

MAKERS = {"fluffy": models.convnext_tiny, "fluffy-efficientnet": models.efficientnet_v2_s}
WEIGHT = {"fluffy": "features.1.0.block.0.weight", "fluffy-efficientnet": "features.2.1.block.0.1.running_var"}


def build(name: str) -> Network:
    torch.manual_seed(0)
    return fluffy.build(name, len(LABELS)).eval()


@pytest.fixture(scope="module", params=MAKERS)
def network(request: pytest.FixtureRequest) -> Network:
    return build(request.param)


def test_keeps_the_contract_and_scripts_to_the_same(network: Network) -> None:
    audio = 0.1 * torch.randn(2, network.window)
    scripted = check(network)
    with torch.inference_mode():
        torch.testing.assert_close(scripted(audio), network(audio))


def test_is_a_classifier_on_an_embedding(network: Network) -> None:
    mel = network.mel(0.1 * torch.randn(2, 6_400))
    with torch.inference_mode():
        torch.testing.assert_close(network.features.classifier(network.features.embed(mel)), network.features(mel))


def test_the_transformer_keeps_the_contract_too() -> None:
    pytest.importorskip("transformers", reason="needs the package transformers")
    network = build("fluffy-ast")
    ast = network.features.body.ast
    # One of twelve layers, all alike, so that the test is quick.
    ast.layers = ast.layers[:1]
    audio = 0.1 * torch.randn(5, network.window)
    with torch.inference_mode():
        before = network(audio)
        scripted = check(network)
        torch.testing.assert_close(scripted(audio), before, atol=1e-5, rtol=1e-5)


def test_a_missing_package_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ValueError, match=r"^fluffy-ast needs the package transformers: pip install transformers$"):
        build("fluffy-ast")


def test_a_head_is_its_labels_alone() -> None:
    torch.manual_seed(0)
    heads, embedding = Heads(8, 3).eval(), torch.randn(4, 8)
    heads(embedding)[:, 1].sum().backward()
    for gradient in (heads.hidden.weight.grad.reshape(3, HIDDEN, 8), heads.weight.grad, heads.bias.grad):
        assert [bool(own.any()) for own in gradient] == [False, True, False]


def test_heads_run_as_one_equal_heads_one_by_one() -> None:
    torch.manual_seed(0)
    heads, embedding = Heads(8, 3).eval(), torch.randn(4, 8)
    normed = (embedding - embedding.mean(1, keepdim=True)) / embedding.std(1, correction=0, keepdim=True)
    weight, shift = heads.hidden.weight.reshape(3, HIDDEN, 8), heads.hidden.bias.reshape(3, HIDDEN)
    each = [torch.relu(normed @ weight[k].T + shift[k]) @ heads.weight[k] + heads.bias[k] for k in range(3)]
    torch.testing.assert_close(heads(embedding), torch.stack(each, 1), atol=1e-4, rtol=1e-4)


def test_front_is_mel_power_of_sound_whose_peak_is_1() -> None:
    audio = 0.1 * torch.randn(2, SAMPLE_RATE)
    theirs = torchaudio.transforms.MelSpectrogram(
        SAMPLE_RATE, 400, hop_length=160, n_mels=BANDS, norm="slaney", mel_scale="slaney", pad_mode="constant"
    )(audio / audio.abs().amax(1, keepdim=True))
    ours = Mel(log=False)(audio)
    assert ours.shape == (2, BANDS, 101)
    torch.testing.assert_close(ours, (theirs - CENTRE) / SPREAD, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("log", [False, True])
def test_front_does_not_hear_the_level_but_of_near_silence(log: bool) -> None:
    front, audio = Mel(log), torch.randn(1, SAMPLE_RATE).clamp(-4, 4) / 8
    torch.testing.assert_close(front(audio), front(audio * 0.1), atol=1e-3, rtol=1e-3)
    assert front(audio * LEAST_PEAK / 10).mean() < front(audio).mean()
    assert len(front(torch.zeros(1, SAMPLE_RATE)).unique()) == 1


def test_learns_from_the_first_layer_to_the_last(network: Network) -> None:
    # Not each layer between them in one step: these bodies leave out blocks by chance while they train.
    ends = {"body.features.0.0.weight", "classifier.hidden.weight", "classifier.weight", "classifier.bias"}
    assert ends <= learn(network)


@pytest.mark.parametrize("name", MAKERS)
def test_takes_weights_from_a_file(name: str, tmp_path: Path) -> None:
    network, path = build(name), tmp_path / "pictures.pth"
    head = network.features.classifier.weight.clone()
    values = write_state(MAKERS[name](weights=None), path)
    fluffy.load(network, path)
    loaded = network.features.state_dict()[f"body.{WEIGHT[name]}"]
    assert loaded.unique().item() == pytest.approx(values[WEIGHT[name]])
    assert torch.equal(network.features.classifier.weight, head)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.pth"
    write_state(models.efficientnet_v2_s(weights=None), path)
    with pytest.raises(ValueError, match=r"other\.pth: .*body\.features\.") as error:
        fluffy.load(build("fluffy"), path)
    assert "\n" not in str(error.value)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="known are fluffy, fluffy-efficientnet, fluffy-ast"):
        fluffy.build("hydra", 3)
