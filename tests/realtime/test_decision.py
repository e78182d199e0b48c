import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from earmark.realtime.config import SmoothingConfig
from earmark.realtime.decision import LEAST_HEARD, Columns, Decision, Hearing
from earmark.realtime.evidence import odds_of

LABELS = ("piano", "organ", "violin", "cello", "female_singer", "speech")
COLUMNS = Columns(LABELS)


def hearing(
    evidence: np.ndarray, prior: np.ndarray | float = 0, loudest_dbfs: float = -20, named: tuple[str, ...] = ()
) -> Hearing:
    on = np.zeros((len(evidence), len(COLUMNS)), np.bool_)
    on[:, [COLUMNS.index[name] for name in named]] = True
    nothing = np.zeros_like(evidence)
    loudest = np.full(len(evidence), loudest_dbfs)
    return Hearing(evidence, nothing + prior, nothing, np.ones_like(evidence, np.bool_), loudest, on)


def decide(said: dict[str, float], prior: dict[str, float] | None = None, **other: object) -> set[str]:
    evidence = np.array([[odds_of(said.get(label, 0.01)) for label in LABELS]])
    known = np.array([(prior or {}).get(label, 0.0) for label in LABELS])
    wanted, sure = Decision(COLUMNS, SmoothingConfig(), {}).wanted(hearing(evidence, known, **other))  # type: ignore
    assert ((sure >= 0) & (sure <= 1)).all()
    return {COLUMNS.names[column] for column in np.flatnonzero(wanted[0])}


def test_the_columns_are_labels_families_and_uncertain() -> None:
    assert COLUMNS.names[: COLUMNS.labels] == LABELS
    assert "strings" in COLUMNS.names
    assert COLUMNS.names[COLUMNS.uncertain] == "uncertain"
    assert COLUMNS.family[COLUMNS.index["cello"]] == "strings"


def test_the_best_needs_little_and_others_more() -> None:
    assert decide({"piano": 0.3}) == {"piano"}
    assert decide({"piano": 0.5, "violin": 0.5}) == {"piano"}
    assert decide({"piano": 0.7, "violin": 0.68}) == {"piano", "violin"}
    assert decide({"piano": 0.9, "organ": 0.7}) == {"piano"}
    assert decide({"piano": 0.9, "organ": 0.85}) == {"piano", "organ"}
    assert decide({"piano": 0.2}) == set()


def test_what_is_on_needs_less_and_keeps_its_place() -> None:
    assert decide({"piano": 0.2}, named=("piano",)) == {"piano"}
    assert decide({"piano": 0.4, "violin": 0.43}, named=("piano",)) == {"piano"}
    assert decide({"piano": 0.4, "violin": 0.43}) == {"violin"}


def test_a_faint_sound_must_be_surer_but_speech_need_not() -> None:
    assert decide({"piano": 0.4}, loudest_dbfs=-43) == {"piano"}
    assert decide({"piano": 0.4}, loudest_dbfs=-48) == set()
    assert decide({"piano": 0.9}, loudest_dbfs=-48) == {"piano"}
    assert decide({"speech": 0.4}, loudest_dbfs=-48) == {"speech"}


def test_a_prior_chooses_between_the_likely_and_never_adds_a_second() -> None:
    assert decide({"violin": 0.4, "cello": 0.35}, {"cello": 1.0, "violin": -0.7}) == {"cello"}
    assert decide({"violin": 0.9, "cello": 0.3}, {"cello": 1.0, "violin": -0.7}) == {"violin"}, "no blinkers"
    assert decide({"piano": 0.7, "violin": 0.5}, {"violin": 1.0, "piano": 1.0}) == {"piano"}


def test_a_family_of_several_likely_members_is_named_and_one_of_a_single_member_is_not() -> None:
    assert decide({"violin": 0.25, "cello": 0.25}) == {"strings"}
    assert decide({"female_singer": 0.27, "speech": 0.26}) == set()


def test_what_may_not_be_told_is_not() -> None:
    evidence = np.full((1, len(LABELS)), 3.0)
    wanted, _ = Decision(COLUMNS, SmoothingConfig(), {}, told=("violin",)).wanted(hearing(evidence))
    assert np.flatnonzero(wanted[0]).tolist() == [COLUMNS.index["violin"]]


ODDS = arrays(np.float64, (3, len(LABELS)), elements=st.floats(-4, 4))


@settings(max_examples=200, deadline=None)
@given(ODDS, arrays(np.float64, (3, len(LABELS)), elements=st.floats(-3, 20)))
def test_priors_alone_never_name(evidence: np.ndarray, prior: np.ndarray) -> None:
    wanted, _ = Decision(COLUMNS, SmoothingConfig(), {}).wanted(hearing(evidence, prior))
    assert not (wanted[:, : len(LABELS)] & (evidence < LEAST_HEARD)).any()


@settings(max_examples=200, deadline=None)
@given(ODDS)
def test_an_input_is_decided_as_if_it_were_alone(evidence: np.ndarray) -> None:
    decision = Decision(COLUMNS, SmoothingConfig(), {})
    together, _ = decision.wanted(hearing(evidence))
    for row in range(len(evidence)):
        alone, _ = decision.wanted(hearing(evidence[row : row + 1]))
        assert (alone[0] == together[row]).all()
