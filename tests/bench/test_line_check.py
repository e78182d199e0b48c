import line_check
import numpy as np
import pytest

from earmark.model.labels import BY_ID, MODEL_LABELS, family_of
from earmark.realtime.track_names import meant


@pytest.mark.parametrize("label", MODEL_LABELS)
def test_every_instrument_has_its_line_and_another_of_a_strange_family(label: str) -> None:
    lines, own = line_check.lines_for(label)
    assert label in meant(lines[own])
    other = line_check.another(label, lines, np.random.default_rng(1))
    assert family_of(label) not in {family_of(one) for one in meant(lines[other])}
    assert BY_ID[label].kind == "instrument"


def test_figures_tell_shares_and_times() -> None:
    right = [{"good": 0.5}, {"good": 1.5, "wrong": 1.0}, {}]
    wrong = [{"wrong": 1.25}, {"swapped": 2.0}, {"good": 0.5}]
    told = line_check.figures(right, wrong, 10.0)
    assert (told["right_line_ticked_off"], told["right_line_called_wrong"]) == (0.667, 0.333)
    assert (told["wrong_line_found"], told["wrong_line_ticked_off"]) == (0.667, 0.333)
    assert told["right_line_ticked_off_s"]["p50"] == 1.0
    assert told["wrong_line_found_s"]["count"] == 2
