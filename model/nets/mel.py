"""Log-mel front end at 48 kHz that equals the 32 kHz one of EfficientAT's networks on the bands that both have.

EfficientAT (Schmid, Koutini, Widmer, "Efficient large-scale audio tagging via transformer-to-CNN knowledge
distillation", ICASSP 2023) takes 32 kHz sound, a pre-emphasis of 0.97, symmetric Hann windows of 800 samples every 320,
an FFT of 1024 and 128 Kaldi-style mel bands from 0 to 15 kHz. At 48 kHz every length is 1.5 times that, so the FFT's
bins stay 31.25 Hz apart; a sum over 1.5 times as many samples has 2.25 times the power; and the pre-emphasis becomes a
weight on the power of each bin. All of it but the FFT is linear in the power, so it is folded into one matrix.
"""

import math

import torch
from torch import Tensor, nn

SAMPLE_RATE = 48_000
FRAME_SIZE = 1_536
FRAME_HOP = 480
BANDS = 128

WINDOW = 1_200
TOP_HZ = 15_000.0
PRE_EMPHASIS = 0.97
TRAINED_RATE = 32_000
AT_ONCE = 4
"""Windows whose spectra are made at once on a CPU: those of more do not fit its cache, and take twice the time."""
FLOOR = 1e-5
"""Added to a band's power before the logarithm."""
CENTRE, SPREAD = 4.5, 5.0
"""The logarithms are moved and scaled to about zero mean and unit spread."""


def _hertz_to_mel(hertz: float) -> float:
    return 1127.0 * math.log1p(hertz / 700.0)


def mel_bank(bands: int, low_hz: float, high_hz: float) -> Tensor:
    """Triangular bands, equally wide in mel, as Kaldi and TensorFlow lay them out: `[bins, bands]` float32.

    The first band begins at `low_hz`, the last ends at `high_hz`; bins, `SAMPLE_RATE / FRAME_SIZE` apart, go up to it.
    """
    bin_hz = SAMPLE_RATE / FRAME_SIZE
    bins = int(high_hz / bin_hz) + 1
    mel = torch.tensor([_hertz_to_mel(k * bin_hz) for k in range(bins)], dtype=torch.float64).unsqueeze(1)
    low, high = _hertz_to_mel(low_hz), _hertz_to_mel(high_hz)
    edges = torch.linspace(low, high, bands + 2, dtype=torch.float64)
    rise = (mel - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - mel) / (edges[2:] - edges[1:-1])
    return torch.minimum(rise, fall).clamp_min(0.0).float()


def pre_emphasis_power(bins: int) -> Tensor:
    """Power response of `x[n] - 0.97 x[n-1]` at 32 kHz at each bin's frequency: `[bins]` float32."""
    hertz = torch.arange(bins, dtype=torch.float64) * (SAMPLE_RATE / FRAME_SIZE)
    turn = torch.cos(2 * math.pi * hertz / TRAINED_RATE)
    return (1 + PRE_EMPHASIS**2 - 2 * PRE_EMPHASIS * turn).float()


class LogMel(nn.Module):
    """Sound `[batch, samples]` float32 in [-1, 1] at 48 kHz to `[batch, BANDS, frames]` float32, about -1.4 to 2.

    Frames do not reach over the ends of the sound: `frames = (samples - FRAME_SIZE) // FRAME_HOP + 1`, and each depends
    on its own `FRAME_SIZE` samples only, so that frames of neighbouring windows can be shared.
    """

    window: Tensor
    weights: Tensor

    def __init__(self) -> None:
        super().__init__()
        side = (FRAME_SIZE - WINDOW) // 2
        window = torch.hann_window(WINDOW, periodic=False, dtype=torch.float32)
        bank = mel_bank(BANDS, 0.0, TOP_HZ)
        gain = (TRAINED_RATE / SAMPLE_RATE) ** 2
        self.register_buffer("window", nn.functional.pad(window, (side, side)))
        self.register_buffer("weights", bank * pre_emphasis_power(len(bank)).unsqueeze(1) * gain)
        self.frame_size = FRAME_SIZE
        self.frame_hop = FRAME_HOP
        self.at_once = AT_ONCE
        self.floor, self.centre, self.spread = FLOOR, CENTRE, SPREAD

    def forward(self, audio: Tensor) -> Tensor:
        if torch.jit.is_scripting() and not audio.is_cuda:  # pyright: ignore[reportPrivateImportUsage]
            return torch.cat([self.frames(part) for part in audio.split(self.at_once)])
        return self.frames(audio)

    def frames(self, audio: Tensor) -> Tensor:
        """All of `audio` in one go."""
        # A cast of the whole network casts these buffers too; the front end stays in float32 all the same.
        window, weights = self.window.float(), self.weights.float()
        frames = audio.float().unfold(-1, self.frame_size, self.frame_hop) * window
        spectrum = torch.view_as_real(torch.fft.rfft(frames)[..., : weights.shape[0]])
        power = torch.matmul(spectrum.square().sum(-1), weights)
        return ((torch.log(power + self.floor) + self.centre) / self.spread).transpose(1, 2)
