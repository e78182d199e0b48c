import numpy as np
import pytest

from earmark.realtime.errors import UsageError
from earmark.realtime.grouping import Grouping
from earmark.realtime.smoother import Reading


def reading(judged: list[bool]) -> Reading:
    inputs = len(judged)
    odds = np.arange(inputs, dtype=np.float64)[:, None] * np.ones((1, 2))
    at = np.arange(inputs) * 10
    return Reading(100, 200, odds, np.array(judged), at - 50.0, at, at + 100)


def test_a_group_of_the_configuration_must_be_there() -> None:
    with pytest.raises(UsageError, match="no input 5 to group: the source has 4"):
        Grouping(4, [(4, 5)])


def test_what_is_found_is_proposed_once_and_becomes_a_group_when_it_is_accepted() -> None:
    grouping = Grouping(4)
    assert grouping.accept() is None
    assert grouping.propose([(1, 2)]) == [(1, 2)]
    assert grouping.propose([(1, 2)]) == []
    assert grouping.propose([(1, 2), (3, 4)]) == [(3, 4)]
    assert grouping.accept() == (3, 4)
    assert grouping.accept() == (1, 2)
    assert grouping.groups == ((3, 4), (1, 2))
    assert grouping.undo() == (1, 2)
    assert grouping.groups == ((3, 4),)


def test_an_input_is_in_one_group_only() -> None:
    grouping = Grouping(4, [(1, 2)])
    assert grouping.propose([(2, 3)]) == []
    assert grouping.undo() == (1, 2)
    assert grouping.undo() is None
    assert grouping.propose([(2, 3), (3, 4)]) == [(3, 4)], "what was found before is no news"
    assert grouping.accept() == (3, 4)


def test_the_first_input_tells_what_all_hear_and_the_others_nothing() -> None:
    merged = Grouping(4, [(2, 3, 4)]).merged(reading([True, True, True, False]))
    assert merged.judged.tolist() == [True, True, False, False]
    assert merged.odds[1].tolist() == [1.5, 1.5]
    assert merged.level_dbfs[1] == -30
    assert merged.rise_sample[1] == 10
    assert merged.fall_sample[1] == 130
    assert merged.odds[0].tolist() == [0, 0]


def test_the_first_input_speaks_even_if_only_another_sounds() -> None:
    merged = Grouping(2, [(1, 2)]).merged(reading([False, True]))
    assert merged.judged.tolist() == [True, False]
    assert merged.rise_sample[0] == 10


def test_without_groups_nothing_changes() -> None:
    told = reading([True, False])
    assert Grouping(2).merged(told) is told
