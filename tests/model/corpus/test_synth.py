"""Our own synthesiser: on pitch, without folding, the same for the same numbers."""

import numpy as np
import pytest

from earmark.model.corpus import synth
from earmark.model.corpus.expression import Played
from earmark.model.corpus.playing import Note

ROLES: tuple[synth.Role, ...] = ("bass", "lead", "pad", "arpeggio", "keys")


@pytest.mark.parametrize("role", ROLES)
def test_patches_sound_and_repeat(role: synth.Role) -> None:
    played = [Played((Note(0.0, 0.4, 57, 100), Note(0.5, 0.3, 64, 60)), (), ())]

    def sound(seed: int) -> np.ndarray:
        random = np.random.default_rng(seed)
        return synth.play(synth.random_patch(role, random), played, random)

    first = sound(4)
    assert np.isfinite(first).all()
    assert np.abs(first).max() > 0.01
    np.testing.assert_array_equal(first, sound(4))
    assert not np.array_equal(first[:1000], sound(5)[:1000])


def saw(low_pass_octaves: float) -> synth.Patch:
    still = synth.Envelope(0.005, 1.0, 1.0, 0.05)
    return synth.Patch(
        role="lead", waves=("saw",), detune_cents=(0.0,), octaves=(0,), width=0.5, ratio=1, index=1,
        cutoff_octaves=low_pass_octaves, sweep_octaves=0, resonance_db=0, wobble_hz=1, wobble_octaves=0,
        vibrato_hz=5, vibrato_cents=0, loudness=still, sweep=still, noise=0, drive=1, chorus=0, echo_s=0,
    )  # fmt: skip


def spectrum(patch: synth.Patch, pitch: int) -> np.ndarray:
    audio = synth.play(patch, [Played((Note(0.0, 1.5, pitch, 127),), (), ())], np.random.default_rng(1))
    return np.abs(np.fft.rfft(audio[12_000:60_000] * np.hanning(48_000)))


def test_a_saw_is_on_pitch_and_does_not_fold() -> None:
    power = spectrum(saw(9.0), 93) ** 2
    assert abs(int(power.argmax()) - 1_760) <= 1
    harmonic = np.zeros(len(power), bool)
    for k in range(1, 14):
        harmonic[k * 1_760 - 8 : k * 1_760 + 9] = True
    assert power[~harmonic].sum() < 1e-3 * power.sum()


def test_the_filter_takes_the_highs() -> None:
    bright, dark = spectrum(saw(6.0), 57), spectrum(saw(0.5), 57)
    assert dark[2_190:2_210].max() / dark[210:230].max() < 0.02 * bright[2_190:2_210].max() / bright[210:230].max()
