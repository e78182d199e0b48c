"""The front end against EfficientAT's own at 32 kHz, computed by torchaudio."""

import numpy as np
import pytest
import soxr
import torch

from earmark.model import torchscript
from earmark.model.nets.mel import BANDS, FRAME_HOP, FRAME_SIZE, SAMPLE_RATE, TOP_HZ, LogMel, mel_bank


def sound(seconds: float = 1.0, level: float = 0.1) -> torch.Tensor:
    """Noise and a few tones, band-limited to 13 kHz so that both rates hold all of it."""
    random = np.random.default_rng(7)
    spectrum = np.fft.rfft(random.standard_normal(int(seconds * SAMPLE_RATE)))
    hertz = np.fft.rfftfreq(int(seconds * SAMPLE_RATE), 1 / SAMPLE_RATE)
    spectrum[hertz > 13_000] = 0
    spectrum[np.isin(hertz, [220, 441, 3_000])] += 5_000
    noise = np.fft.irfft(spectrum)
    return torch.from_numpy((level * noise / np.abs(noise).max()).astype(np.float32))


def reference(audio_32k: torch.Tensor) -> torch.Tensor:
    """The 32 kHz front end as it was trained: pre-emphasis in time, FFT of 1024, Kaldi's mel bands."""
    kaldi = pytest.importorskip("torchaudio").compliance.kaldi
    emphasised = torch.cat([audio_32k[:1], audio_32k[1:] - 0.97 * audio_32k[:-1]])
    window = torch.hann_window(800, periodic=False)
    power = torch.stft(emphasised, 1024, 320, 800, window, center=False, return_complex=True).abs().square()
    bank, _ = kaldi.get_mel_banks(BANDS, 1024, 32_000, 0.0, 15_000.0, 100.0, -500.0, 1.0)
    bands = torch.nn.functional.pad(bank, (0, 1)) @ power
    return (torch.log(bands + 1e-5) + 4.5) / 5


def test_equals_the_front_end_at_32_khz() -> None:
    audio = sound(2.0)
    at_32k = torch.from_numpy(soxr.resample(audio.numpy(), SAMPLE_RATE, 32_000, quality="VHQ"))
    ours, theirs = LogMel()(audio.unsqueeze(0))[0], reference(at_32k)
    frames = min(ours.shape[1], theirs.shape[1])
    difference = ours[:, :frames] - theirs[:, :frames]
    # A band of one or two bins wavers with where in the window the pre-emphasis acts; on average it must not.
    assert float(difference.mean(1).abs().max()) < 0.05
    assert float(difference.abs().mean()) < 0.01
    assert float(difference[40:].abs().max()) < 0.05


def test_bank_is_kaldis() -> None:
    kaldi = pytest.importorskip("torchaudio").compliance.kaldi
    theirs, _ = kaldi.get_mel_banks(BANDS, 1024, 32_000, 0.0, 15_000.0, 100.0, -500.0, 1.0)
    ours = mel_bank(BANDS, 0.0, TOP_HZ).T
    torch.testing.assert_close(ours, theirs[:, : ours.shape[1]], atol=1e-4, rtol=0)
    assert not theirs[:, ours.shape[1] :].any()


def test_frames_of_a_window_and_no_more() -> None:
    mel = LogMel()(torch.zeros(3, SAMPLE_RATE))
    assert mel.shape == (3, BANDS, (SAMPLE_RATE - FRAME_SIZE) // FRAME_HOP + 1)
    torch.testing.assert_close(mel, torch.full_like(mel, (np.log(1e-5) + 4.5) / 5))


def test_frames_do_not_depend_on_their_neighbours() -> None:
    audio, front = sound().unsqueeze(0), LogMel()
    hop = 12_000
    whole, later = front(audio), front(audio[:, hop:])
    torch.testing.assert_close(whole[:, :, hop // FRAME_HOP :], later, atol=1e-4, rtol=0)


def test_stays_float32_after_a_cast_and_scripts() -> None:
    front = LogMel()
    scripted = torchscript.script(front)
    audio = sound().unsqueeze(0)
    torch.testing.assert_close(scripted(audio), front(audio))
    assert LogMel()(audio.double()).dtype == torch.float32
