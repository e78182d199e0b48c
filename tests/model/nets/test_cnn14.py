"""CNN14: both front ends against librosa's formulas, the published size, and the published weights' names."""

from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor

from earmark.model.errors import ConfigError
from earmark.model.nets import cnn14
from earmark.model.nets.network import Network
from earmark.model.training.pretrained import load_into, read_state

from .sizes import LABELS, check
from .sound import fading_sweep

WIDTH = 2
"""A narrow network, for what does not depend on the width."""
AUDIOSET_CLASSES = 527


def narrow(name: str) -> Network:
    torch.manual_seed(0)
    features = cnn14.Cnn14(len(LABELS), WIDTH)
    return Network(cnn14.DecibelMel(name), features, len(LABELS), sample_rate=32_000, window=32_000).eval()


def panns_state() -> dict[str, Tensor]:
    """A narrow checkpoint with the names of a published one, its front end among them."""
    torch.manual_seed(1)
    widths = [1, 2, 4, 8, 16, 32, 64]
    sizes = {"bn0": 64}
    state = {
        "spectrogram_extractor.stft.conv_real.weight": torch.zeros(513, 1, 1_024),
        "logmel_extractor.melW": torch.zeros(513, 64),
        "fc1.weight": torch.randn(64, 64),
        "fc1.bias": torch.randn(64),
        "fc_audioset.weight": torch.randn(AUDIOSET_CLASSES, 64),
        "fc_audioset.bias": torch.randn(AUDIOSET_CLASSES),
    }
    for number, (inputs, outputs) in enumerate(pairwise(widths), 1):
        state[f"conv_block{number}.conv1.weight"] = torch.randn(outputs, inputs, 3, 3)
        state[f"conv_block{number}.conv2.weight"] = torch.randn(outputs, outputs, 3, 3)
        sizes |= {f"conv_block{number}.bn1": outputs, f"conv_block{number}.bn2": outputs}
    for name, size in sizes.items():
        for part in ("weight", "bias", "running_mean", "running_var"):
            state[f"{name}.{part}"] = torch.rand(size)
    return state


@pytest.mark.parametrize(
    ("name", "frames", "places"),
    [
        ("cnn14", 101, [(3, 0, 16.244), (10, 30, -65.109), (40, 60, -100.0), (55, 80, -100.0), (63, 100, -65.610)]),
        ("cnn14-seed", 63, [(3, 0, 14.081), (10, 20, -61.396), (40, 30, -61.396), (55, 50, -12.274)]),
    ],
)
def test_front_end_against_a_reference(name: str, frames: int, places: list[tuple[int, int, float]]) -> None:
    level = cnn14.DecibelMel(name)(fading_sweep(32_000))
    assert level.shape == (1, 64, frames)
    for band, frame, expected in places:
        assert level[0, band, frame].item() == pytest.approx(expected, abs=0.1)


def test_only_the_seeds_front_end_looks_at_the_loudest_band() -> None:
    sound = fading_sweep(32_000)
    assert cnn14.DecibelMel("cnn14")(sound).min().item() == pytest.approx(-100.0)
    level = cnn14.DecibelMel("cnn14-seed")(sound)
    assert (level.max() - level.min()).item() == pytest.approx(80.0)
    assert cnn14.DecibelMel("cnn14-seed")(torch.zeros(1, 32_000)).unique().tolist() == [-100.0]


def test_as_many_weights_as_published() -> None:
    with torch.device("meta"):
        network = cnn14.Cnn14(AUDIOSET_CLASSES)
    assert sum(weight.numel() for weight in network.parameters()) == 80_753_615


@pytest.mark.parametrize("name", cnn14.NAMES)
def test_keeps_the_contract(name: str) -> None:
    network = narrow(name)
    check(network)
    assert (network.sample_rate, network.window, network.frame_hop) == (32_000, 32_000, 0)


def test_embeds() -> None:
    network = narrow("cnn14")
    with torch.inference_mode():
        mel = network.mel(fading_sweep(32_000))
        embedding = network.features.embed(mel)
        assert embedding.shape == (1, 32 * WIDTH)
        torch.testing.assert_close(network.features.classifier(embedding), network.features(mel))


@pytest.mark.parametrize("whole", [True, False], ids=["file", "weights"])
def test_takes_published_weights(whole: bool, tmp_path: Path) -> None:
    given = panns_state()
    torch.save({"iteration": 600_000, "model": given} if whole else given, tmp_path / "cnn14.pth")
    features = narrow("cnn14").features
    own = features.classifier.weight.clone()
    load_into(features, "cnn14", read_state(tmp_path / "cnn14.pth"), [])
    loaded = features.state_dict()
    assert torch.equal(loaded["blocks.conv_block6.bn2.running_var"], given["conv_block6.bn2.running_var"])
    assert torch.equal(loaded["bn0.weight"], given["bn0.weight"])
    assert torch.equal(loaded["fc1.bias"], given["fc1.bias"])
    assert torch.equal(loaded["classifier.weight"], own)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"features.0.weight": torch.zeros(1)}, "not a checkpoint of 'cnn14': .*"),
        (panns_state() | {"fc1.bias": torch.zeros(2_048)}, "not a checkpoint of 'cnn14': .*fc1.bias.*"),
    ],
    ids=["another network", "another width"],
)
def test_refuses_another_checkpoint_in_one_line(state: dict[str, Tensor], message: str) -> None:
    with pytest.raises(ConfigError, match=f"^{message}$"):
        load_into(narrow("cnn14").features, "cnn14", state, [])


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match="unknown network 'cnn10': known are cnn14, cnn14-seed"):
        cnn14.build("cnn10", 2)
