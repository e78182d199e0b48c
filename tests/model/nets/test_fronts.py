"""Shared parts of front ends against what is known without them; bands as librosa lays them out."""

import math
from typing import Literal

import pytest
import torch

from earmark.model.nets.fronts import MelPower, Power, decibels, mel_bank

from .sound import fading_sweep

HTK = mel_bank(48_000, 2_048, 128, 0.0, 24_000.0, "htk")
SLANEY = mel_bank(32_000, 1_024, 64, 50.0, 14_000.0, "slaney")


def test_a_tone_has_its_power_in_its_bin() -> None:
    size, bin_number, amplitude = 1_024, 64, 0.5
    tone = amplitude * torch.sin(2 * math.pi * bin_number * torch.arange(4_096) / size)[None]
    power = Power(torch.hann_window(size), 256, 0, "constant")(tone)
    assert power.shape == (1, 13, size // 2 + 1)
    assert power.argmax(2).unique().tolist() == [bin_number]
    # The window sums to half its length, and half of a sine's amplitude is in each of its two bins.
    torch.testing.assert_close(
        power[0, :, bin_number], torch.full((13,), (amplitude * size / 4) ** 2), rtol=1e-4, atol=0
    )


@pytest.mark.parametrize("padding", ["constant", "reflect"])
def test_agrees_with_the_transform_of_torch(padding: Literal["constant", "reflect"]) -> None:
    sound, window = fading_sweep(32_000), torch.blackman_window(1_024)
    expected = torch.stft(sound, 1_024, 512, window=window, pad_mode=padding, return_complex=True)
    given = Power(window, 512, 512, padding)(sound)
    torch.testing.assert_close(given, expected.abs().square().transpose(1, 2), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("bank", "peaks"),
    [
        (HTK, [(10, 11, 0.0248668), (64, 150, 0.0085608), (127, 995, 0.001491)]),
        (SLANEY, [(5, 12, 0.0181495), (30, 67, 0.0073842), (63, 424, 0.0013412)]),
    ],
    ids=["htk", "slaney"],
)
def test_bands_as_in_librosa(bank: torch.Tensor, peaks: list[tuple[int, int, float]]) -> None:
    for band, place, height in peaks:
        assert bank[:, band].argmax() == place
        assert bank[:, band].max().item() == pytest.approx(height, rel=1e-3)


def test_decibels_stop_at_the_smallest() -> None:
    assert decibels(torch.tensor([100.0, 1.0, 0.0])).tolist() == pytest.approx([20.0, 0.0, -100.0])


def test_stays_in_float32_when_cast() -> None:
    front = MelPower(Power(torch.hann_window(1_024), 512, 512, "reflect"), SLANEY)
    sound = fading_sweep(32_000)
    plain = front(sound)
    given = front.to(torch.bfloat16)(sound)
    assert given.dtype == torch.float32
    torch.testing.assert_close(given, plain, rtol=0.05, atol=0.01 * float(plain.max()))
