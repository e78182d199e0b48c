import deciding
import numpy as np
import pytest
from deciding import RATE

from earmark.model.tagger import Tagger


def test_ears_that_cost_nothing_answer_as_a_model_does():
    ears = deciding.InstantEars(("piano", "violin", "speech"), 6)
    answer = ears.tag(np.zeros((5, RATE), np.float32))
    assert answer.shape == (5, 3)
    assert not np.array_equal(ears.tag(np.zeros((5, RATE), np.float32)), answer)
    assert ((answer >= 0) & (answer <= 1)).all()
    assert answer.max(1).mean() > 0.4


def test_all_inputs_of_a_band_sound():
    sound = deciding.band(4, 3.0, -18.0)
    assert sound.shape == (4, 3 * RATE)
    assert 0.05 < np.abs(sound).max() <= 1.0
    assert (np.sqrt(np.square(sound).mean(1)) > 10 ** (-40 / 20)).all()
    others = np.corrcoef(sound)[np.triu_indices(4, 1)]
    assert (np.abs(others) > 0.001).all()
    assert np.abs(np.corrcoef(deciding.band(4, 3.0, None))[np.triu_indices(4, 1)]).max() < np.abs(others).max()


def test_what_is_measured():
    found = deciding.measure(Tagger(None, "cpu"), 2, 2.0, -18.0)
    assert set(found) >= {"model_ms", "all_but_the_model_ms", "windows_and_watch_ms", "deciding_ms"}
    assert found["deciding_share"] == pytest.approx(found["deciding_ms"] / found["model_ms"], abs=0.01)
