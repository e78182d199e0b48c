"""MIDI of what is played; the sound itself needs fluidsynth and a font."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus import render
from earmark.model.corpus.expression import Bend, Played, Swell
from earmark.model.corpus.playing import Note
from earmark.model.corpus.programs import Part

from ...real import missing, require

FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
TUBA = Part("tuba", 58, 28, 58)
TWO = (Note(0.0, 0.5, 60, 100), Note(0.5, 0.5, 62, 90))


def test_midi_holds_bank_program_notes_and_controls_in_order() -> None:
    midi = render.part_midi(TUBA, [Played(TWO, (Bend(0.5, 800),), (Swell(0.0, 90),))])
    said = [(m.type, getattr(m, "note", getattr(m, "pitch", getattr(m, "value", None)))) for m in midi.tracks[0]]
    assert said == [
        ("control_change", 0),
        ("program_change", None),
        ("control_change", 90),
        ("note_on", 60),
        ("note_off", 60),
        ("pitchwheel", 800),
        ("note_on", 62),
        ("note_off", 62),
    ]
    assert midi.length == pytest.approx(1.0, abs=0.01)


def test_drums_play_on_their_own_channel() -> None:
    midi = render.drum_midi(16, TWO)
    assert {message.channel for message in midi.tracks[0]} == {9}
    assert midi.tracks[0][0].program == 16


def test_clips_have_the_peak_that_was_asked_for_and_silence_is_refused(tmp_path: Path) -> None:
    assert render.write_clip(np.array([0.0, 0.1, -0.2], np.float32), tmp_path / "x.flac", 0.5) == 3 / 48_000
    audio, rate = soundfile.read(tmp_path / "x.flac")
    assert rate == 48_000
    assert audio == pytest.approx([0, 0.25, -0.5], abs=1e-4)
    with pytest.raises(ValueError, match="nothing sounds"):
        render.write_clip(np.zeros(10, np.float32), tmp_path / "y.flac", 0.5)
    assert [path.name for path in tmp_path.iterdir()] == ["x.flac"]


def test_sounds_through_fluidsynth() -> None:
    require("fluidsynth", "fluidsynth")
    if not FONT.exists():
        missing("a General MIDI font", "fluid-soundfont-gm")
    played = Played((Note(0.0, 1.0, 40, 100),), (Bend(0.0, 0),), (Swell(0.0, 127),))
    audio = render.synthesise(render.part_midi(TUBA, [played]), FONT)
    assert len(audio) > 48_000
    spectrum = np.abs(np.fft.rfft(audio[:48_000]))
    strongest_hz = int(spectrum[30:1_000].argmax()) + 30
    fundamental_hz = 440 * 2 ** ((40 - 69) / 12)
    assert strongest_hz / fundamental_hz == pytest.approx(round(strongest_hz / fundamental_hz), abs=0.05)
