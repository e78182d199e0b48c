import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.model.labels import BY_ID
from earmark.realtime.check.verdict import judge

VOICES = {"female_singer", "male_singer", "vocalists"}


@pytest.mark.parametrize(
    ("heard", "expected", "elsewhere", "verdict"),
    [
        ("snare", {"snare"}, set(), "right"),
        ("kick", {"snare"}, set(), "wrong"),
        ("drum_set", {"snare"}, set(), "vague"),
        ("percussion", {"snare"}, set(), "vague"),
        ("female_singer", {"snare"}, set(), "wrong"),
        ("snare", {"drum_set"}, set(), "right"),
        ("kick", {"cymbals", "drum_set"}, set(), "right"),
        ("speech", {"snare"}, set(), "vague"),
        ("speech", VOICES, set(), "near"),
        ("speech", {"speech"}, set(), "right"),
        ("female_singer", {"male_singer"}, {"female_singer"}, "right"),
        ("uncertain", {"piano"}, set(), "vague"),
        ("keys", {"piano"}, set(), "near"),
        ("strings", {"piano"}, set(), "wrong"),
        ("viola", {"violin"}, set(), "near"),
        ("viola", {"violin"}, {"viola"}, "wrong"),
        ("trumpet", {"violin"}, set(), "wrong"),
        ("percussion", {"auxiliary_percussion"}, set(), "right"),
    ],
)
def test_what_a_name_tells_of_a_line(heard: str, expected: set[str], elsewhere: set[str], verdict: str) -> None:
    assert judge(heard, expected, elsewhere) == verdict


@given(st.sampled_from(sorted(BY_ID)), st.sets(st.sampled_from(sorted(BY_ID)), min_size=1))
def test_what_is_expected_is_right_and_talk_and_doubt_are_never_wrong(heard: str, expected: set[str]) -> None:
    if heard in expected:
        assert judge(heard, expected) == "right"
    assert judge("uncertain", expected) != "wrong"
    assert judge("speech", expected) != "wrong"
