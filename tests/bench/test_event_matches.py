import numpy as np
import pytest
from event_matches import Hits, found


def test_each_time_is_in_one_pair_at_most():
    assert found([1.0, 5.0], [1.2, 1.3, 5.4, 9.0]) == Hits(2, 4, 2)
    assert found([1.0, 1.4], [1.45]) == Hits(2, 1, 1)
    assert found([1.0], [1.5]) == Hits(1, 1, 1)
    assert found([1.0], [1.51]) == Hits(1, 1, 0)
    assert found([], [1.0]) == Hits(0, 1, 0)


def test_the_most_pairs_are_found():
    """1.0 could take 1.4, but then 1.8 would have none."""
    assert found([1.0, 1.8], [0.6, 1.4]) == Hits(2, 2, 2)


def test_hits_add_up_to_an_f_measure():
    total = Hits(2, 4, 2) + Hits(2, 1, 1)
    assert total == Hits(4, 5, 3)
    assert total.f_measure == pytest.approx(2 * (3 / 5) * (3 / 4) / (3 / 5 + 3 / 4))
    assert Hits().f_measure is None


def test_mir_eval_finds_the_same():
    onset = pytest.importorskip("mir_eval.onset", reason='pip install "earmark[train]"')
    random = np.random.default_rng(4)
    for _ in range(20):
        true, told = (np.sort(random.uniform(0, 20, 12)) for _ in range(2))
        ours = found(true.tolist(), told.tolist()).f_measure
        assert ours == pytest.approx(onset.f_measure(true, told, window=0.5)[0])
