"""Windows at a network's own rate and length: the newest sound, whole."""

import pytest
import torch
from torch import nn

from earmark.model.nets.network import Network
from earmark.model.training.resampling import windows_for


def network(sample_rate: int, window: int) -> Network:
    return Network(nn.Identity(), nn.Identity(), 1, sample_rate=sample_rate, window=window)


def test_the_same_rate_is_left_alone() -> None:
    audio = torch.randn(2, 48_000)
    assert torch.equal(windows_for(network(48_000, 48_000), audio), audio)


@pytest.mark.parametrize(("rate", "window"), [(16_000, 16_000), (44_100, 10_240), (32_000, 32_000)])
def test_another_rate_keeps_the_tone_and_the_newest_samples(rate: int, window: int) -> None:
    time_s = torch.arange(48_000) / 48_000
    given = windows_for(network(rate, window), torch.sin(2 * torch.pi * 440 * time_s)[None])
    assert given.shape == (1, window)
    newest = (torch.arange(rate)[-window:]) / rate
    middle = slice(window // 4, -window // 4)
    torch.testing.assert_close(given[0, middle], torch.sin(2 * torch.pi * 440 * newest)[middle], atol=0.02, rtol=0)


def test_a_longer_window_begins_with_zeros() -> None:
    given = windows_for(network(48_000, 60_000), torch.ones(1, 48_000))
    assert given[0, :12_000].abs().max() == 0
    assert given[0, 12_000:].min() == 1
