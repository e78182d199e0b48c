"""Random playing and its MIDI; the sound itself needs fluidsynth and a font."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus import render
from earmark.model.corpus.targets import COLUMN

from ...real import missing, require

FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
TUBA = render.Part("tuba", 58, 28, 58)


def test_every_part_is_a_label() -> None:
    assert {part.label for part in render.PARTS} <= set(COLUMN)
    assert all(0 <= part.program < 128 and 0 <= part.low < part.high < 128 for part in render.PARTS)


def test_phrases_stay_in_range_and_fill_the_time() -> None:
    notes = render.phrases(TUBA, 20.0, np.random.default_rng(1))
    assert all(TUBA.low <= note.pitch <= TUBA.high and 20 <= note.velocity <= 127 for note in notes)
    assert max(note.start_s for note in notes) > 15
    assert notes == render.phrases(TUBA, 20.0, np.random.default_rng(1))


def test_beats_and_percussion_use_their_own_keys() -> None:
    random = np.random.default_rng(1)
    drums = {note.pitch for note in render.beats(30.0, random)}
    hands = {note.pitch for note in render.percussion(30.0, random)}
    assert drums <= set(render.KICKS + render.SNARES + render.HATS + render.OTHERS)
    assert hands <= set(render.PERCUSSION)


def test_midi_file_holds_the_notes() -> None:
    notes = [render.Note(0.0, 0.5, 60, 100), render.Note(0.5, 0.5, 62, 90)]
    midi = render.midi_file(notes, 58, 0)
    kinds = [(message.type, getattr(message, "note", None)) for message in midi.tracks[0]]
    expected = [("note_on", 60), ("note_off", 60), ("note_on", 62), ("note_off", 62)]
    assert kinds == [("program_change", None), *expected]
    assert midi.length == pytest.approx(1.0, abs=0.01)


def test_sounds_through_fluidsynth(tmp_path: Path) -> None:
    require("fluidsynth", "fluidsynth")
    if not FONT.exists():
        missing("a General MIDI font", "fluid-soundfont-gm")
    midi = render.midi_file([render.Note(0.0, 1.0, 40, 100)], TUBA.program, 0)
    length_s = render.synthesise(midi, FONT, tmp_path / "tuba.flac")
    audio, rate = soundfile.read(tmp_path / "tuba.flac")
    assert rate == 48_000
    assert len(audio) == pytest.approx(length_s * rate, abs=1)
    assert np.abs(audio).max() == pytest.approx(render.PEAK, abs=0.01)
    spectrum = np.abs(np.fft.rfft(audio[:rate]))
    strongest_hz = int(spectrum[30:1_000].argmax()) + 30
    fundamental_hz = 440 * 2 ** ((40 - 69) / 12)
    assert strongest_hz / fundamental_hz == pytest.approx(round(strongest_hz / fundamental_hz), abs=0.05)
