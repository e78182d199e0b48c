import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.model.labels import LABELS, MODEL_LABELS
from earmark.realtime.expectations import Expectations, Known, expectations, ids_of, labels_meant

EVERY = tuple(label.id for label in LABELS if label.kind in ("instrument", "part"))


def column(label: str) -> int:
    return EVERY.index(label)


def of(*inputs: Known, band: tuple[str, ...] = ()) -> Expectations:
    return expectations(EVERY, inputs, band)


def test_words_are_ids_families_or_what_stands_on_a_desk() -> None:
    assert labels_meant("violin") == {"violin"}
    assert labels_meant("strings") == {"violin", "viola", "cello"}
    assert labels_meant("Vln 1") == {"violin"}
    assert labels_meant("snare") == {"snare"}
    assert labels_meant("uncertain") == labels_meant("xyzzy") == frozenset()
    assert ids_of(("tuba", "Vc")) == {"tuba", "cello"}


def test_nothing_known_changes_nothing() -> None:
    now = of(Known(), Known("Input 2"))
    assert not now.prior.any()
    assert now.expected == (frozenset(), frozenset())


def test_what_is_expected_gains_the_rest_loses_and_speech_stays() -> None:
    prior = of(Known(expect=("violin",))).prior[0]
    assert prior[column("violin")] == pytest.approx(1.88, abs=0.01)
    assert prior[column("cello")] == prior[column("piano")] == -0.7
    assert prior[column("speech")] == 0


def test_what_is_said_goes_before_the_name_and_the_name_is_read() -> None:
    assert of(Known("Kick In")).expected == ({"kick"},)
    assert of(Known("Kick In", expect=("piano",))).expected == ({"piano"},)
    assert of(Known("Kick In", only=("piano",))).expected == ({"piano"},)


def test_a_small_band_tells_more_than_a_large_one_and_an_input_of_its_own_more_than_either() -> None:
    four = of(Known(), band=("violin", "viola", "cello", "piano"))
    ten = of(Known(), band=("strings", "brass", "woodwind"))
    assert four.prior[0, column("violin")] > ten.prior[0, column("violin")] > 0 > four.prior[0, column("tuba")]
    both = of(Known(expect=("tuba",)), Known(), band=("violin", "viola", "cello", "piano"))
    assert both.prior[0, column("tuba")] > 0 > both.prior[0, column("violin")]
    assert both.prior[1, column("violin")] > 0


def test_only_rules_everything_else_out_but_speech() -> None:
    allowed = of(Known(only=("violin", "cello"))).allowed[0]
    assert {EVERY[i] for i in np.flatnonzero(allowed)} == {"violin", "cello", "speech"}


def test_parts_of_the_drum_set_are_heard_on_close_microphones_only() -> None:
    now = of(Known("Snare top"), Known("OH L"), Known("Drums"), Known())
    assert now.close == (True, False, False, False)
    parts, whole = now.allowed[:, column("kick")], now.allowed[:, column("drum_set")]
    assert parts.tolist() == [True, False, False, False]
    assert whole.tolist() == [False, True, True, True]


def test_a_model_without_parts_is_served_as_well() -> None:
    now = expectations(MODEL_LABELS, [Known("Kick")])
    assert now.prior.shape == (1, len(MODEL_LABELS))
    assert not now.prior.any(), "the kick has no column, so nothing is known of those that there are"
    assert now.allowed[0].any()


WORDS = st.lists(st.sampled_from([*EVERY, "strings", "Vox", "xyzzy"]), max_size=4).map(tuple)


@given(st.lists(st.builds(Known, st.text(max_size=20), WORDS, WORDS), min_size=1, max_size=4), WORDS)
def test_priors_are_small_and_something_may_always_be_named(inputs: list, band: tuple) -> None:
    now = of(*inputs, band=band)
    assert now.prior.max() <= 2.5
    assert now.prior.min() >= -0.7
    assert now.allowed.any(1).all()
    assert now.prior[0] == pytest.approx(expectations(EVERY, inputs[:1], band).prior[0])


def test_in_doubt_a_name_weighs_less_and_allows_the_same() -> None:
    now = of(Known("Kick"), Known("Piano"))
    doubted = now.doubted()
    assert np.allclose(doubted.prior, now.prior / 2)
    assert np.array_equal(doubted.allowed, now.allowed)
    assert (doubted.expected, doubted.close) == (now.expected, now.close)


def test_a_model_without_parts_has_no_close_microphones() -> None:
    now = expectations(MODEL_LABELS, [Known("Kick")])
    assert now.close == (False,)
    assert now.allowed[0, MODEL_LABELS.index("drum_set")]
