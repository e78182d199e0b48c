"""Who loses a label to whom, on made-up stretches."""

import numpy as np
import pytest

from earmark.realtime.claims import CLAIMED, claims
from earmark.realtime.stretches import Stretch

SECOND = 48_000


def stretch(channel: int, begin_s: float, end_s: float, odds: list[float], *sources: int) -> Stretch:
    takes_from = np.isin(np.arange(3), sources)
    return Stretch(channel, int(begin_s * SECOND), int(end_s * SECOND), np.array(odds), 8, -20.0, takes_from)


def lost(*stretches: Stretch) -> np.ndarray:
    """What each of the stretches loses of labels 0 and 1; each is named its best label."""
    evidence = np.array([one.odds for one in stretches])
    return claims(stretches, evidence, evidence.argmax(1).tolist())


def test_bleed_loses_what_its_source_is_surer_of_up_to_a_limit() -> None:
    source = stretch(0, 0, 10, [3, -4])
    assert lost(source, stretch(1, 0, 10, [0, -1], 0)).tolist() == [[0, 0], [CLAIMED, 0]]
    assert lost(source, stretch(1, 0, 10, [2.5, -1], 0)).tolist() == [[0, 0], [0.5, 0]]


def test_the_source_loses_nothing_to_its_bleed() -> None:
    assert lost(stretch(0, 0, 10, [3, -4], 1), stretch(1, 0, 10, [0, -1], 0))[0].tolist() == [0, 0]


def test_inputs_that_take_no_bleed_from_each_other_lose_nothing() -> None:
    assert not lost(stretch(0, 0, 10, [3, -4]), stretch(1, 0, 10, [0, -1], 2)).any()


def test_a_label_that_is_not_the_sources_name_is_not_lost() -> None:
    assert lost(stretch(0, 0, 10, [3, 2]), stretch(1, 0, 10, [-1, 0], 0))[1, 1] == 0


@pytest.mark.parametrize(("begin_s", "end_s", "share"), [(0, 10, 0.5), (15, 30, 0.25), (20, 30, 0), (-9, 0, 0)])
def test_only_while_the_source_sounds_is_a_label_lost(begin_s: float, end_s: float, share: float) -> None:
    bleed = stretch(1, 0, 20, [0, -1], 0)
    assert lost(stretch(0, begin_s, end_s, [3, -4]), bleed)[1, 0] == CLAIMED * share


def test_the_parts_in_which_a_source_sounds_add_up() -> None:
    source = stretch(0, 0, 5, [3, -4]), stretch(0, 10, 15, [3, -4])
    assert lost(*source, stretch(1, 0, 20, [0, -1], 0))[2, 0] == CLAIMED * 0.5


def test_two_sources_of_one_label_claim_it_once() -> None:
    sources = stretch(0, 0, 10, [3, -4]), stretch(2, 0, 10, [3, -4])
    assert lost(*sources, stretch(1, 0, 10, [0, -1], 0, 2))[2, 0] == CLAIMED


def test_a_source_without_a_name_claims_nothing() -> None:
    stretches = stretch(0, 0, 10, [3, -4]), stretch(1, 0, 10, [0, -1], 0)
    assert not claims(stretches, np.array([one.odds for one in stretches]), [-1, 0]).any()
