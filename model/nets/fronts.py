"""Parts of front ends that several networks share: power spectra, mel bands, decibels."""

from typing import Literal

import torch
import torchaudio
from torch import Tensor, nn


def mel_bank(
    sample_rate: int, size: int, bands: int, low_hz: float, high_hz: float, scale: Literal["htk", "slaney"]
) -> Tensor:
    """Triangular bands, equally wide in mel, each divided by its width: `[size // 2 + 1, bands]` float32.

    `size` is the length of the FFT in samples. `scale` is the mel scale; the division is Slaney's in either case, as
    librosa does it by default.
    """
    return torchaudio.functional.melscale_fbanks(
        size // 2 + 1, low_hz, high_hz, bands, sample_rate, norm="slaney", mel_scale=scale
    )


def decibels(power: Tensor, smallest: float = 1e-10) -> Tensor:
    """10 log10 of the power; whatever is below `smallest` counts as `smallest`."""
    return 10.0 * torch.log10(power.clamp_min(smallest))


class Power(nn.Module):
    """Sound `[batch, samples]` to the power of its spectra `[batch, frames, bins]`, float32 both.

    The FFT is as long as `window`, one frame every `hop` samples. `side` samples are added before and after the sound,
    0 or its mirror image: `frames = (samples + 2 * side - len(window)) // hop + 1`.
    """

    window: Tensor

    def __init__(self, window: Tensor, hop: int, side: int, padding: Literal["constant", "reflect"]) -> None:
        super().__init__()
        self.register_buffer("window", window)
        self.hop, self.side = hop, side
        self.padding: str = padding

    def forward(self, audio: Tensor) -> Tensor:
        # A cast of the whole network casts the window too; the front end stays in float32 all the same.
        window = self.window.float()
        padded = nn.functional.pad(audio.float(), [self.side, self.side], mode=self.padding)
        frames = padded.unfold(-1, window.shape[0], self.hop) * window
        return torch.view_as_real(torch.fft.rfft(frames)).square().sum(-1)


class MelPower(nn.Module):
    """Sound `[batch, samples]` to the power in each band `[batch, bands, frames]`, float32 both.

    `bank` is from `mel_bank`, for an FFT as long as the window of `power`.
    """

    bank: Tensor

    def __init__(self, power: Power, bank: Tensor) -> None:
        super().__init__()
        self.power = power
        self.register_buffer("bank", bank)

    def forward(self, audio: Tensor) -> Tensor:
        return torch.matmul(self.power(audio), self.bank.float()).transpose(1, 2)
