"""The CNN on raw samples: sizes as its makers counted them, its normalisation, and the way from stage 1 to stage 2."""

import pytest
import torch

from earmark.model.nets import irmas_cnn
from earmark.model.nets.irmas_cnn import VARIANTS, Peak, SampleCnn, take_over
from earmark.model.nets.network import Network

from .sizes import LABELS, check
from .sound import learn, state_of

MAKERS_WINDOW = 132_299
SHORT_WINDOW = 4_410
"""For what does not depend on the length."""


def count(module: torch.nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters())


def test_sizes_as_published() -> None:
    assert irmas_cnn.pooled(MAKERS_WINDOW) == 127
    assert count(SampleCnn(VARIANTS["irmas_cnn-stereo"], 4, MAKERS_WINDOW)) == 81_650
    assert count(SampleCnn(VARIANTS["irmas_cnn"], 4, MAKERS_WINDOW)) == 81_650 - 64 * 11
    stage_2 = SampleCnn(VARIANTS["irmas_cnn-stereo-transfer"], 4, MAKERS_WINDOW)
    assert count(stage_2.classifier) == 30_754
    with torch.inference_mode():
        assert stage_2.eval().embed(torch.zeros(1, 2, MAKERS_WINDOW)).shape == (1, 254)


@pytest.mark.parametrize("name", irmas_cnn.NAMES)
def test_keeps_the_contract(name: str) -> None:
    variant = VARIANTS[name]
    features = SampleCnn(variant, len(LABELS), SHORT_WINDOW)
    front = Peak(variant.channels)
    check(Network(front, features, len(LABELS), sample_rate=44_100, window=SHORT_WINDOW).eval())


def test_takes_one_second_of_sound() -> None:
    network = irmas_cnn.build("irmas_cnn-stereo-transfer", 3).eval()
    assert (network.sample_rate, network.window, network.frame_hop) == (44_100, 44_100, 0)
    with torch.inference_mode():
        assert network(0.1 * torch.randn(1, 44_100)).shape == (1, 3)


def test_peak_of_each_channel() -> None:
    sound = torch.tensor([[[0.1, -0.2, 0.0], [0.0, 1.0, -0.5]], [[0.0, 0.0, 0.0], [-1e-3, 0.0, 5e-4]]])
    expected = [[[0.25, -0.5, 0.0], [0.0, 0.5, -0.25]], [[0.0, 0.0, 0.0], [-0.5, 0.0, 0.25]]]
    torch.testing.assert_close(Peak(2)(sound), torch.tensor(expected))


def test_mono_sound_stands_for_both_channels() -> None:
    given = Peak(2)(torch.tensor([[0.2, -0.1]]))
    torch.testing.assert_close(given, torch.tensor([[[0.5, -0.25], [0.5, -0.25]]]))


def test_a_stereo_network_takes_stereo_sound() -> None:
    network = irmas_cnn.build("irmas_cnn-stereo", 3).eval()
    with torch.inference_mode():
        assert network(0.1 * torch.randn(2, 2, 44_100)).shape == (2, 3)


def test_loudness_does_not_matter() -> None:
    network, sound = irmas_cnn.build("irmas_cnn", 3).eval(), 0.1 * torch.randn(1, 44_100)
    with torch.inference_mode():
        torch.testing.assert_close(network(sound), network(0.01 * sound), atol=1e-5, rtol=0)


def test_stage_2_keeps_the_convolutions_of_stage_1() -> None:
    stage_1 = SampleCnn(VARIANTS["irmas_cnn"], 4, SHORT_WINDOW)
    stage_2 = SampleCnn(VARIANTS["irmas_cnn-transfer"], 6, SHORT_WINDOW)
    network = Network(Peak(1), stage_2, 6, sample_rate=44_100, window=SHORT_WINDOW)
    take_over(network, stage_1.state_dict())
    head = state_of(stage_2.classifier)
    learn(network, torch.randn(4, SHORT_WINDOW))
    taken = stage_2.convolutions.state_dict()
    assert all(torch.equal(value, taken[name]) for name, value in stage_1.convolutions.state_dict().items())
    assert not torch.equal(stage_2.classifier[-1].weight, head["4.weight"])


def test_stage_2_refuses_another_state_in_one_line() -> None:
    stage_2 = irmas_cnn.build("irmas_cnn-transfer", 4)
    stereo = SampleCnn(VARIANTS["irmas_cnn-stereo"], 4).state_dict()
    with pytest.raises(
        ValueError, match=r"^stage 1: convolutions.0.weight has the shape \[64, 2, 11\], not \[64, 1, 11\]$"
    ):
        take_over(stage_2, stereo)
    with pytest.raises(ValueError, match=r"^stage 1: it lacks the weight convolutions.0.weight$"):
        take_over(stage_2, {"fc.weight": torch.zeros(1)})


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match="unknown network 'irmas'"):
        irmas_cnn.build("irmas", 2)
