"""Floors fitted to evidence whose truth is known."""

import numpy as np
import pytest

from earmark.realtime.config import SmoothingConfig
from earmark.realtime.floors import HIGHEST, LOWEST, Fitted, Hops, f1_at, fit, joined, truth
from earmark.realtime.takes import Heard

LABELS = ("violin", "viola", "piano", "speech", "female_singer")
OPTIONS = SmoothingConfig()


def heard(start_s: float, end_s: float, *right: str, unknown: tuple[str, ...] = ()) -> Heard:
    return Heard(start_s, end_s, frozenset(right), frozenset(unknown))


def test_truth_holds_where_the_whole_window_agrees() -> None:
    right, known = truth(
        [heard(0, 4, "violin"), heard(4, 8, "piano")], np.array([0.5, 1.0, 3.0, 4.5, 5.0, 7.5, 8.5]), 1.0, LABELS
    )
    assert right[:, 0].tolist() == [False, True, True, False, False, False, False]
    assert known[:, 0].tolist() == [False, True, True, False, True, True, False]
    assert right[:, 2].tolist() == [False, False, False, False, True, True, False]
    assert known[:, 1].tolist() == [False, True, True, True, True, True, False]


def test_truth_of_overlapping_labels_and_of_unknown_ones() -> None:
    right, known = truth(
        [heard(0, 9, "violin"), heard(0, 9, "piano"), heard(0, 9, unknown=("violin", "female_singer"))],
        np.array([5.0]),
        1.0,
        LABELS,
    )
    assert right[0].tolist() == [True, False, True, False, False]
    assert known[0].tolist() == [True, True, True, True, False]


def hops(value: np.ndarray, right: np.ndarray) -> Hops:
    return Hops(value, right, np.ones_like(right), 0.25)


def piano_and_violin(piano_when_violin: float, count: int = 200) -> Hops:
    """Half of the hops a violin at 0.2 with a piano heard in it, half a piano at 0.8."""
    value, right = np.zeros((2 * count, 5)), np.zeros((2 * count, 5), bool)
    value[:count, 0], value[:count, 2] = 0.2, piano_when_violin
    right[:count, 0] = True
    value[count:, 2] = 0.8
    right[count:, 2] = True
    return hops(value, right)


def by_label(fitted: list[Fitted]) -> dict[str, Fitted]:
    return {line.label: line for line in fitted}


def test_a_label_that_is_heard_too_much_gets_a_higher_floor() -> None:
    piano = by_label(fit(piano_and_violin(0.4), LABELS, (), {}, OPTIONS))["piano"]
    assert piano.why == ""
    assert 0.4 < piano.after < 0.8
    assert piano.f1_before == pytest.approx(2 / 3)
    assert piano.f1_after == 1


def test_a_label_that_is_heard_too_little_gets_a_lower_floor_but_never_too_low() -> None:
    value, right = np.full((200, 5), 0.01), np.zeros((200, 5), bool)
    value[:100, 0] = 0.22
    right[:100, 0] = True
    violin = by_label(fit(hops(value, right), LABELS, (), {}, OPTIONS))["violin"]
    assert violin.before == OPTIONS.best_on
    assert violin.f1_before == 0
    assert LOWEST <= violin.after <= 0.25
    lower = by_label(fit(hops(value / 10, right), LABELS, (), {}, OPTIONS))["violin"]
    assert lower.after == lower.before
    assert lower.why == "its floor is right as it is"


def test_no_floor_leaves_its_limits() -> None:
    value, right = np.zeros((80_000, 5)), np.zeros((80_000, 5), bool)
    value[:, 0] = 0.95
    value[:40_000, 0] = 0.99
    right[:40_000, 0] = True
    (violin,) = fit(hops(value, right), LABELS, (), {}, OPTIONS)
    assert violin.after <= HIGHEST


def test_few_data_leave_a_floor_alone() -> None:
    short = by_label(fit(piano_and_violin(0.4, 16), LABELS, (), {"piano": 0.3}, OPTIONS))["piano"]
    assert (short.before, short.after) == (0.3, 0.3)
    assert short.why == "only 4 s of it to judge by"


def test_a_small_gain_is_followed_only_with_much_to_judge_by() -> None:
    def floor(count: int) -> float:
        value, right = np.zeros((2 * count, 5)), np.zeros((2 * count, 5), bool)
        value[:count, 2], right[:count, 2] = 0.8, True
        value[count : count + count // 8, 2] = 0.6
        return by_label(fit(hops(value, right), LABELS, (), {}, OPTIONS))["piano"].after

    assert floor(48) == OPTIONS.best_on
    assert 0.6 < floor(4_000) < 0.8


def test_without_other_sounds_there_is_nothing_to_tell_it_from() -> None:
    value, right = np.full((200, 5), 0.01), np.zeros((200, 5), bool)
    value[:, 0], right[:, 0] = 0.22, True
    (violin,) = fit(hops(value, right), LABELS, (), {}, OPTIONS)
    assert violin.why == "only 0 s of other sounds to tell it from"


def test_what_another_rule_holds_back_is_no_false_alarm() -> None:
    """A piano under other_on, a viola under sibling_on, a singer under speech: none is named beside a surer violin."""
    value, right = np.zeros((400, 5)), np.zeros((400, 5), bool)
    value[:200] = [0.8, 0.7, 0.45, 0.5, 0.45]
    right[:200, 0] = True
    value[200:] = [0, 0, 0.6, 0, 0]
    right[200:, 2] = True
    lines = by_label(fit(hops(value, right), LABELS, (), {}, OPTIONS))
    assert lines["piano"].f1_before == 1
    assert set(lines) == {"violin", "piano"}


def test_only_labels_that_may_be_told_are_fitted() -> None:
    assert [line.label for line in fit(piano_and_violin(0.4), LABELS, ("piano",), {}, OPTIONS)] == ["piano"]


def test_f1_and_joining() -> None:
    assert f1_at(np.array([0.1, 0.5, 0.9]), np.array([False, True, True]), 0.5) == 1
    assert f1_at(np.array([0.1]), np.array([False]), 0.5) == 0
    both = joined([piano_and_violin(0.4, 3), piano_and_violin(0.4, 2)])
    assert both.value.shape == (10, 5)
