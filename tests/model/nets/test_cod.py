"""COD's network: front end as kapre computes it, sizes as published, OpenL3's weights by name."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor

from earmark.model.nets import cod
from earmark.model.nets.network import Network

from .sizes import LABELS, check
from .sound import fading_sweep, learn, state_of

OPENL3_WEIGHTS = 4_687_042
"""Of the embedding: 1 and 7 batch norms, 8 convolutions of 3 × 3 with their biases."""
CHANNELS = 2
"""A narrow network, for what does not depend on the width."""


def narrow() -> Network:
    torch.manual_seed(0)
    return Network(cod.DecibelMel(), cod.OpenL3("cod", len(LABELS), CHANNELS), len(LABELS)).eval()


def torchopenl3_state() -> dict[str, Tensor]:
    """A narrow checkpoint with the names that torchopenl3's `OpenL3Embedding` has, its front end among them."""
    torch.manual_seed(1)
    widths = [1, 2, 2, 4, 4, 8, 8, 16]
    state = {"filters.mel_filters": torch.zeros(128, 1_025), "filters.conv1d_real.weight": torch.zeros(1, 1, 2_048)}
    for number, width in enumerate(widths, 1):
        for part in ("weight", "bias", "running_mean", "running_var"):
            state[f"openl3.batch_normalization_{number}.{part}"] = torch.rand(width)
    for number, (inputs, outputs) in enumerate(pairwise(widths), 1):
        state[f"openl3.conv2d_{number}.weight"] = torch.randn(outputs, inputs, 3, 3)
        state[f"openl3.conv2d_{number}.bias"] = torch.randn(outputs)
    state["openl3.audio_embedding_layer.weight"] = torch.randn(16, 16, 3, 3)
    state["openl3.audio_embedding_layer.bias"] = torch.randn(16)
    return state


def test_front_end_against_a_reference() -> None:
    level = cod.DecibelMel()(fading_sweep(48_000))
    assert level.shape == (1, 128, 199)
    for band, frame, expected in [(5, 0, -7.572), (104, 150, -80.0), (127, 198, -37.532)]:
        assert level[0, band, frame].item() == pytest.approx(expected, abs=0.02)


def test_front_end_measures_from_the_loudest() -> None:
    sound, front = fading_sweep(48_000), cod.DecibelMel()
    both = front(torch.cat([sound, 0.125 * sound]))
    assert both.amax((1, 2)).tolist() == [0.0, 0.0]
    assert both.min().item() == -80.0
    loud = both[0] > -40
    torch.testing.assert_close(both[0][loud], both[1][loud], atol=0.01, rtol=0)
    assert front(torch.zeros(1, 48_000)).unique().tolist() == [0.0]


@pytest.mark.parametrize(("name", "size"), [("cod", 6_144), ("cod-512", 512)])
def test_sizes(name: str, size: int) -> None:
    network = cod.build(name, 20).eval()
    features = network.features
    assert sum(weight.numel() for weight in features.embedding.parameters()) == OPENL3_WEIGHTS
    widths = [size, *cod.HIDDEN[name], 20]
    expected = sum(2 * a + a * b + b for a, b in pairwise(widths))
    assert sum(weight.numel() for weight in features.classifier.parameters()) == expected
    with torch.inference_mode():
        embedding = features.embed(network.mel(fading_sweep(48_000)))
        assert embedding.shape == (1, size)
        assert features.classifier(embedding).shape == (1, 20)


def test_keeps_the_contract() -> None:
    network = narrow()
    check(network)
    assert network.frame_hop == 0


def test_takes_torchopenl3_weights(tmp_path: Path) -> None:
    torch.save(torchopenl3_state(), tmp_path / "openl3.pt")
    network = narrow()
    head = state_of(network.features.classifier)
    cod.load(network, tmp_path / "openl3.pt")
    loaded, given = network.features.state_dict(), torchopenl3_state()
    for name in ("conv2d_7.weight", "batch_normalization_8.running_var", "audio_embedding_layer.bias"):
        assert torch.equal(loaded[f"embedding.{name}"], given[f"openl3.{name}"])
    assert all(torch.equal(value, head[name]) for name, value in network.features.classifier.state_dict().items())


def test_takes_the_embedding_alone() -> None:
    bare = {name.removeprefix("openl3."): value for name, value in torchopenl3_state().items()}
    assert cod.renamed(bare).keys() == cod.renamed(torchopenl3_state()).keys()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"features.0.weight": torch.zeros(1)}, "it lacks the weight embedding.batch_normalization_1.weight"),
        (
            torchopenl3_state() | {"openl3.conv2d_1.bias": torch.zeros(64)},
            "embedding.conv2d_1.bias has the shape [64], not [2]",
        ),
    ],
    ids=["another network", "another width"],
)
def test_refuses_another_checkpoint_in_one_line(state: dict[str, Tensor], message: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.pt"
    torch.save(state, file)
    with pytest.raises(ValueError, match=f"^{re.escape(f'{file}: {message}')}$"):
        cod.load(narrow(), file)


def test_published_weights_stay_as_they_are_in_training(tmp_path: Path) -> None:
    torch.save(torchopenl3_state(), tmp_path / "openl3.pt")
    network = narrow()
    cod.load(network, tmp_path / "openl3.pt")
    embedding, head = state_of(network.features.embedding), state_of(network.features.classifier)
    learn(network, torch.cat([fading_sweep(48_000), torch.zeros(1, 48_000)]))
    assert all(torch.equal(value, embedding[name]) for name, value in network.features.embedding.state_dict().items())
    assert not torch.equal(network.features.classifier[-1].weight, head["9.weight"])


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match="unknown network 'cod-7': known are cod, cod-512"):
        cod.build("cod-7", 2)
