import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from earmark.realtime.evidence import LOG_ODDS_LIMIT, Evidence, log_odds, probability

ODDS = arrays(np.float64, 3, elements=st.floats(-LOG_ODDS_LIMIT, LOG_ODDS_LIMIT))


def test_log_odds_are_limited_and_rounded() -> None:
    odds = log_odds(np.array([0.0, 0.5, 1.0, 0.731], np.float32))
    assert odds[0] == -LOG_ODDS_LIMIT
    assert odds[1] == 0
    assert odds[2] == LOG_ODDS_LIMIT
    assert odds[3] * 256 == round(odds[3] * 256)


def test_probability_undoes_log_odds() -> None:
    p = np.array([0.1, 0.4, 0.9], np.float32)
    assert probability(log_odds(p)) == pytest.approx(p, abs=1e-3)


@given(st.lists(st.tuples(ODDS, st.floats(0.01, 1)), min_size=1, max_size=10))
def test_value_is_the_weighted_mean_while_the_memory_lasts(hops: list) -> None:
    evidence = Evidence(1, 3, memory_hops=100)
    for odds, weight in hops:
        evidence.add(0, odds, weight)
    weights = np.array([weight for _, weight in hops])
    mean = (np.stack([odds for odds, _ in hops]) * weights[:, None]).sum(0) / weights.sum()
    assert evidence.value(0) == pytest.approx(probability(mean))


def test_old_hops_are_forgotten() -> None:
    evidence = Evidence(1, 1, memory_hops=4)
    for _ in range(100):
        evidence.add(0, np.array([-4.0]), 1)
    for _ in range(20):
        evidence.add(0, np.array([4.0]), 1)
    assert evidence.value(0)[0] > 0.95


def test_begin_forgets_one_input_only() -> None:
    evidence = Evidence(2, 1, memory_hops=16)
    for channel in (0, 1):
        evidence.add(channel, np.array([3.0]), 1)
    evidence.begin(0)
    assert evidence.value(0)[0] == 0
    assert evidence.value(1)[0] > 0.9


def test_a_newcomer_that_leads_in_every_recent_hop_is_a_change() -> None:
    evidence = Evidence(1, 2, memory_hops=16)
    for _ in range(8):
        evidence.add(0, np.array([2.0, -3.0]), 1)
    assert not evidence.changed(0, lead=2.0)
    evidence.add(0, np.array([-3.0, 3.0]), 1)
    assert not evidence.changed(0, lead=2.0), "one hop alone may be a slip"
    evidence.add(0, np.array([-3.0, 3.0]), 1)
    assert evidence.changed(0, lead=2.0)
    evidence.begin_with_recent(0)
    assert evidence.value(0)[1] > 0.9 > 0.1 > evidence.value(0)[0]
