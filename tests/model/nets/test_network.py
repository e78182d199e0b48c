"""Front end, body and calibration as one module."""

import torch

from earmark.model.nets import earmark
from earmark.model.nets.network import Network, channels_last


def network() -> Network:
    torch.manual_seed(0)
    return earmark.build("earmark", 3).eval()


def test_forward_is_body_of_mel() -> None:
    module, audio = network(), 0.1 * torch.randn(2, 48_000)
    with torch.inference_mode():
        torch.testing.assert_close(module(audio), module.body(module.mel(audio)))


def test_scale_and_bias_move_the_logits() -> None:
    module, mel = network(), torch.randn(2, 128, 97)
    with torch.inference_mode():
        before = torch.logit(module.body(mel))
        module.scale.fill_(0.5)
        module.bias.copy_(torch.tensor([1.0, 0.0, -1.0]))
        after = torch.logit(module.body(mel))
    torch.testing.assert_close(after, before * 0.5 + module.bias, atol=1e-4, rtol=1e-4)


def test_filters_of_one_channel_lie_channels_last_too() -> None:
    filters = [weight for weight in channels_last(network()).parameters() if weight.ndim == 4]
    assert {weight.stride() for weight in filters if weight.shape == (8, 1, 3, 3)} == {(9, 1, 3, 1)}
    assert all(weight.stride(1) == 1 for weight in filters)
