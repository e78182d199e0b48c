"""Random playing: in range, filling its time, the same for the same numbers."""

import numpy as np
import pytest

from earmark.model.corpus import playing
from earmark.model.corpus.programs import HATS, KICKS, OTHERS, PARTS, PERCUSSION, SNARES, Part, part_of
from earmark.model.corpus.targets import truth


def test_every_part_has_a_label_that_teaches() -> None:
    for part in PARTS:
        truth(part.label)
        assert 0 <= part.program < 128
        assert 0 <= part.low < part.high < 128


def test_programs_of_scores() -> None:
    names = [part.label if (part := part_of(program)) else None for program in (0, 22, 58, 81, 85, 120)]
    assert names == ["piano", "harmonica", "tuba", "synthesizer", None, None]


@pytest.mark.parametrize("part", [Part("tuba", 58, 28, 58), Part("piano", 0, 28, 100, "any", "struck")])
def test_phrases_stay_in_range_and_fill_the_time(part: Part) -> None:
    phrases = playing.phrases(part, 30.0, np.random.default_rng(1))
    notes = [note for phrase in phrases for note in phrase.notes]
    assert all(part.low <= note.pitch <= part.high and 1 <= note.velocity <= 127 for note in notes)
    assert all(note.start_s >= 0 and note.length_s > 0 for note in notes)
    assert max(note.start_s for note in notes) > 25
    assert phrases == playing.phrases(part, 30.0, np.random.default_rng(1))
    assert phrases != playing.phrases(part, 30.0, np.random.default_rng(2))


def test_lines_stand_alone_and_chords_do_not() -> None:
    line = playing.phrases(Part("oboe", 68, 58, 91), 10.0, np.random.default_rng(1))
    chords = playing.phrases(Part("vocalists", 52, 45, 79, "chords"), 10.0, np.random.default_rng(1))
    assert all(phrase.alone for phrase in line)
    assert not any(phrase.alone for phrase in chords)


def test_beats_and_percussion_use_their_own_keys() -> None:
    random = np.random.default_rng(1)
    assert {note.pitch for note in playing.beats(30.0, random)} <= {*KICKS, *SNARES, *HATS, *OTHERS}
    assert {note.pitch for note in playing.percussion(30.0, random)} <= set(PERCUSSION)
