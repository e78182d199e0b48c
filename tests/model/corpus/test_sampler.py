"""Notes from recorded notes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus import sampler
from earmark.model.corpus.expression import Played
from earmark.model.corpus.playing import Note

RATE = 48_000


def tone(pitch: int, seconds: float = 2.0) -> np.ndarray:
    return np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


@pytest.mark.parametrize(("name", "pitch"), [("C4", 60), ("Ab3", 56), ("F#2", 42), ("Ds4", 63), ("A0v1", 21)])
def test_names_of_notes(name: str, pitch: int) -> None:
    assert sampler.pitch_of(name) == pitch


def test_files_without_a_notes_name_are_refused() -> None:
    with pytest.raises(ValueError, match="no note's name in hello"):
        sampler.pitch_of("hello")


def test_notes_stand_at_their_pitch_and_place_from_the_nearest_sample() -> None:
    samples = [sampler.Sample(57, 100, tone(57)), sampler.Sample(69, 100, tone(69))]
    out = sampler.play(samples, [Played((Note(0.5, 1.0, 71, 100),), (), ())], 0.1)
    assert np.abs(out[: RATE // 2 - 10]).max() == 0
    spectrum = np.abs(np.fft.rfft(out[RATE // 2 : RATE // 2 + RATE] * np.hanning(RATE)))
    assert abs(int(spectrum.argmax()) - 440 * 2 ** (2 / 12)) < 1.5
    assert np.abs(out[int(1.8 * RATE) :]).max() < 0.01


def test_notes_too_far_from_any_sample_stay_away() -> None:
    out = sampler.play([sampler.Sample(57, 100, tone(57))], [Played((Note(0.0, 0.5, 80, 100),), (), ())], 0.1)
    assert not out.any()


def test_samples_begin_at_their_onset(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "A4.wav", np.concatenate([np.zeros(4_800), tone(69, 0.5)]), RATE)
    sample = sampler.read_sample(tmp_path / "A4.wav", 90)
    assert (sample.pitch, sample.velocity) == (69, 90)
    assert len(sample.audio) == pytest.approx(0.5 * RATE, abs=60)
