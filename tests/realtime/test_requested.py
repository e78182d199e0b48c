import numpy as np

from earmark.realtime.config import SmoothingConfig
from earmark.realtime.gate import Gate
from earmark.realtime.requested import Requested
from earmark.realtime.separation import Separated
from earmark.realtime.windows import Hop, Windows


def hop() -> Hop:
    return Windows(2, 48_000).push(np.ones((2, 12_000), np.float32) * 0.1)[0]


def separated(bleed_of: list[int]) -> Separated:
    gating = Gate(2, 48_000, SmoothingConfig()).step(hop().block, 0)
    return Separated(gating, np.array([one < 0 for one in bleed_of]), np.array(bleed_of))


def requested() -> Requested:
    return Requested(2, lambda: {"rms_dbfs": [-20.0, -20.0]}, lambda channel: {"piano": 0.12345 + channel})


def test_nothing_is_told_that_nobody_wants() -> None:
    assert requested().step((), hop(), separated([-1, 0])) == []


def test_levels_and_the_scores_of_inputs_that_have_a_sound_of_their_own() -> None:
    levels, scores = requested().step(("levels", "scores"), hop(), separated([-1, 0]))
    assert levels.fields == {"levels": {"rms_dbfs": [-20.0, -20.0]}}
    assert (scores.channel, scores.fields) == (1, {"scores": {"piano": 0.123}})


def test_bleed_is_told_when_it_changes_and_from_the_moment_it_is_wanted() -> None:
    asked = requested()
    asked.step((), hop(), separated([-1, 0]))
    assert [(d.channel, d.fields["bleed_of"]) for d in asked.step(("bleed",), hop(), separated([-1, 0]))] == [(2, 1)]
    assert asked.step(("bleed",), hop(), separated([-1, 0])) == []
    assert [(d.channel, d.fields["bleed_of"]) for d in asked.step(("bleed",), hop(), separated([1, -1]))] == [
        (1, 2),
        (2, None),
    ]
