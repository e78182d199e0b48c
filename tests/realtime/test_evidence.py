import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from earmark.realtime.evidence import LOG_ODDS_LIMIT, Evidence, log_odds, odds_of, probability

ODDS = arrays(np.float64, 3, elements=st.floats(-LOG_ODDS_LIMIT, LOG_ODDS_LIMIT))
FIRST = np.array([0])
FULL = np.ones(1)


def add(evidence: Evidence, *odds: float, weight: float = 1) -> None:
    evidence.add(FIRST, np.array([odds]), np.array([weight]))


def test_log_odds_are_limited_and_rounded() -> None:
    odds = log_odds(np.array([0.0, 0.5, 1.0, 0.731], np.float32))
    assert odds[0] == -LOG_ODDS_LIMIT
    assert odds[1] == 0
    assert odds[2] == LOG_ODDS_LIMIT
    assert odds[3] * 256 == round(odds[3] * 256)


def test_probability_undoes_log_odds() -> None:
    p = np.array([0.1, 0.4, 0.9], np.float32)
    assert probability(log_odds(p)) == pytest.approx(p, abs=1e-3)
    assert float(probability(np.array(odds_of(0.999)))) == pytest.approx(0.999)
    assert np.isfinite([odds_of(0), odds_of(1)]).all()


@given(st.lists(st.tuples(ODDS, st.floats(0.01, 1)), min_size=1, max_size=10))
def test_the_mean_is_weighted_while_the_memory_lasts(hops: list) -> None:
    evidence = Evidence(1, 3, memory_hops=100)
    for odds, weight in hops:
        evidence.add(FIRST, odds[None], np.array([weight]))
    weights = np.array([weight for _, weight in hops])
    mean = (np.stack([odds for odds, _ in hops]) * weights[:, None]).sum(0) / weights.sum()
    assert evidence.mean[0] == pytest.approx(mean)
    assert evidence.heard[0] == len(hops)


def test_old_hops_are_forgotten() -> None:
    evidence = Evidence(1, 1, memory_hops=4)
    for odds in [-4.0] * 100 + [4.0] * 20:
        add(evidence, odds)
    assert evidence.mean[0, 0] > 3


def test_begin_forgets_one_input_only() -> None:
    evidence = Evidence(2, 1, memory_hops=16)
    evidence.add(np.array([0, 1]), np.array([[3.0], [3.0]]), np.ones(2))
    evidence.begin(FIRST)
    assert evidence.mean.tolist() == [[0], [3]]
    assert evidence.heard.tolist() == [0, 1]


def play(evidence: Evidence, *odds: float, trust: float = 1) -> bool:
    add(evidence, *odds)
    return bool(evidence.contradicted(FIRST, np.array([trust]), drift=1, limit=6)[0])


def test_a_newcomer_that_leads_clearly_begins_a_new_stretch_with_its_hops() -> None:
    evidence = Evidence(1, 2, memory_hops=16)
    assert not any(play(evidence, 2.0, -3.0) for _ in range(8))
    assert not play(evidence, -3.0, 3.0), "one hop alone may be a slip"
    assert play(evidence, -3.0, 3.0)
    assert evidence.mean[0].tolist() == [-3, 3]
    assert evidence.heard[0] == 2


def test_a_small_lead_that_lasts_is_a_change_too_and_one_that_comes_and_goes_is_not() -> None:
    evidence = Evidence(1, 2, memory_hops=100)
    assert not any(play(evidence, 1.0, -1.0) for _ in range(20))
    assert [play(evidence, -1.0, 1.5) for _ in range(5)].index(True) == 3
    evidence = Evidence(1, 2, memory_hops=100)
    assert not any(play(evidence, 1.0, -1.0) for _ in range(20))
    assert not any(play(evidence, *odds) for odds in [(-1.0, 1.5), (2.0, -2.0)] * 10)


def test_a_decay_is_not_trusted_to_tell_of_another_player() -> None:
    evidence = Evidence(1, 2, memory_hops=100)
    assert not any(play(evidence, 2.0, -3.0) for _ in range(8))
    assert not any(play(evidence, -1.0, 1.0, trust=0.3) for _ in range(8))


@given(st.lists(ODDS, min_size=1, max_size=30))
def test_inputs_do_not_touch_each_other(hops: list) -> None:
    alone, beside = Evidence(1, 3, 12), Evidence(3, 3, 12)
    for odds in hops:
        alone.add(FIRST, odds[None], FULL)
        beside.add(np.array([0, 2]), np.stack([odds, -odds]), np.ones(2))
        one = alone.contradicted(FIRST, FULL, 1, 6)
        two = beside.contradicted(np.array([0, 2]), np.ones(2), 1, 6)
        assert one[0] == two[0]
    assert (alone.mean[0] == beside.mean[0]).all()
    assert not beside.mean[1].any()
