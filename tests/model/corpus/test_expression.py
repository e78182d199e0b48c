"""Vibrato, scoops, slides and swells on top of bare notes."""

import numpy as np
import pytest

from earmark.model.corpus.expression import WHEEL_STEPS, Bend, Swell, cents_at, express, level_at
from earmark.model.corpus.playing import Note, Phrase

STEPS = Phrase(tuple(Note(0.5 * k, 0.5, 60 + k % 2, 90) for k in range(8)), alone=True)


def test_pianos_are_not_bent_beyond_their_tuning() -> None:
    played = express(STEPS, "struck", np.random.default_rng(1))
    assert played.notes == STEPS.notes
    assert len({bend.value for bend in played.bends}) == 1
    assert abs(cents_at(played.bends, np.array([1.0]))[0]) <= 25


def test_sung_lines_move_in_pitch_and_level_and_stay_in_the_wheels_range() -> None:
    moved = swelled = slid = 0
    for seed in range(20):
        played = express(STEPS, "sung", np.random.default_rng(seed))
        values = [bend.value for bend in played.bends]
        assert max(map(abs, values)) <= WHEEL_STEPS
        assert all(0 < swell.value <= 127 for swell in played.swells)
        assert [bend.time_s for bend in played.bends] == sorted(bend.time_s for bend in played.bends)
        moved += len(set(values)) > 10
        swelled += len(played.swells) > 1
        slid += len(played.notes) < len(STEPS.notes)
    assert moved > 10
    assert swelled > 8
    assert 0 < slid < 20


def test_a_slide_reaches_the_note_it_stands_for() -> None:
    for seed in range(40):
        played = express(STEPS, "sung", np.random.default_rng(seed))
        if len(played.notes) < len(STEPS.notes):
            struck = {note.start_s for note in played.notes}
            late = next(note for note in STEPS.notes if note.start_s not in struck)
            first = max((note for note in played.notes if note.start_s < late.start_s), key=lambda note: note.start_s)
            cents = cents_at(played.bends, np.arange(late.start_s + 0.1, late.start_s + 0.45, 0.01)).mean()
            assert cents == pytest.approx(100 * (late.pitch - first.pitch), abs=60)
            return
    pytest.fail("no phrase slid")


def test_chords_only_get_a_tuning() -> None:
    played = express(Phrase(STEPS.notes, alone=False), "plucked", np.random.default_rng(3))
    assert len(played.bends) == 1


def test_curves_read_back() -> None:
    assert cents_at((Bend(0.0, WHEEL_STEPS),), np.array([0.5])) == pytest.approx([200])
    assert level_at((Swell(0.0, 127), Swell(1.0, 0)), np.array([0.0, 1.0])) == pytest.approx([1, 0])
    assert level_at((), np.array([0.0])) == pytest.approx([1])
