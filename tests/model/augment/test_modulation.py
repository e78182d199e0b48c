"""Moving delays, against torchaudio's loops where it has them."""

import numpy as np
import pytest
import torch
from torchaudio import functional as taf

from earmark.model.augment.acoustics import SAMPLE_RATE, Audio
from earmark.model.augment.modulation import Voice, chorus, delayed, flanger, phaser


def tone(samples: int) -> Audio:
    return (0.5 * np.sin(2 * np.pi * 220 * np.arange(samples) / SAMPLE_RATE)).astype(np.float32)


def test_delay_lies_between_samples() -> None:
    audio = np.array([0, 1, 0, 0, 0], np.float32)
    assert delayed(audio, np.full(5, 1.25, np.float32)).tolist() == [0, 0, 0.75, 0.25, 0]


@pytest.mark.parametrize("regen", [0.0, 12.0, -40.0])
def test_flanger_is_that_of_torchaudio(regen: float) -> None:
    audio = tone(1_200)
    ours = flanger(audio, delay_ms=1, depth_ms=2, regen=regen, width=71, speed_hz=0.5)
    theirs = taf.flanger(torch.from_numpy(audio)[None], SAMPLE_RATE, 1, 2, regen, 71, 0.5, 25)[0].numpy()
    assert np.abs(ours - theirs).max() < 5e-3


def test_phaser_is_that_of_torchaudio() -> None:
    audio = tone(2_400)
    ours = phaser(audio, delay_ms=3, decay=0.4, speed_hz=0.5)
    theirs = taf.phaser(torch.from_numpy(audio), SAMPLE_RATE, 0.8, 0.74, 3, 0.4, 0.5).numpy()
    assert np.abs(ours - theirs).max() < 2e-2


def test_chorus_answers_a_click_once_for_each_voice() -> None:
    click = np.zeros(SAMPLE_RATE // 8, np.float32)
    click[0] = 1
    voices = [Voice(40, 0.3, 0.3, 0), Voice(60, 0.4, 0.3, 0)]
    heard = chorus(click, gain_in=0.5, gain_out=0.8, voices=voices)
    echoes = np.flatnonzero(heard)
    assert echoes.tolist() == [0, 1_920, 2_880]
    assert heard[echoes].tolist() == pytest.approx([0.4, 0.24, 0.32])
