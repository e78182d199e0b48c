"""What a file told, sorted by input: nothing is lost, and sound is cut where it rests or changes."""

import numpy as np

from earmark.realtime.smoother import Reading
from earmark.realtime.stretches import Heard, Run

HOP = 12_000


def heard(*sounds: str) -> Heard:
    """One word an input: "x" for a hop that was judged, "." for a rest. Odds of label 0 are the hop's number / 256."""
    out = Heard(len(sounds), 2, 4)
    for k in range(len(sounds[0])):
        judged = np.array([word[k] == "x" for word in sounds])
        odds = np.tile([k / 256, -4.0], (len(sounds), 1))
        rise = np.array([word.rfind(".", 0, k) + 1 for word in sounds]) * HOP
        levels = np.full(len(sounds), -20.0)
        places = np.where(judged, rise, -1), np.full(len(sounds), (k + 1) * HOP - 100)
        out.add(Reading(k * HOP, (k + 1) * HOP, odds, judged, levels, *places))
    return out


def only(told: Heard) -> Run:
    (run,) = told.inputs()
    return run


def test_every_input_that_was_judged_has_its_windows_in_order() -> None:
    runs = {run.channel: run for run in heard("x.xx", "....", "..x.").inputs()}
    assert runs.keys() == {0, 2}
    assert runs[0].hop.tolist() == [0, 2, 3]
    assert runs[0].odds[:, 0].tolist() == [0, 2 / 256, 3 / 256], "float16 holds the odds exactly"
    assert runs[2].start.tolist() == [2 * HOP]


def test_what_is_cleared_is_gone_and_the_newest_window_is_kept_until_then() -> None:
    told = heard("xx", "x.")
    assert told.newest[0, 0] == 1 / 256
    assert told.newest[1, 0] == -np.inf
    told.clear()
    assert list(told.inputs()) == []
    assert (told.newest == -np.inf).all()


def test_runs_are_apart_by_long_rests_only() -> None:
    runs = list(only(heard("xx..xxx......x")).apart(4 * HOP))
    assert [run.hop.tolist() for run in runs] == [[0, 1, 4, 5, 6], [13]]
    assert runs[0].rests.tolist() == [2]


def test_a_window_weighs_what_of_it_is_sound() -> None:
    assert only(heard("xxxxxx.x")).weights.tolist() == [0.25, 0.5, 0.75, 1, 1, 1, 0.75]


def test_quiet_windows_weigh_less_than_the_loudest() -> None:
    told = heard("xxxx")
    loud = Reading(
        4 * HOP, 5 * HOP, np.zeros((1, 2)), np.array([True]), np.array([-10.0]), np.array([0]), np.array([5 * HOP])
    )
    told.add(loud)
    assert only(told).weights[3:].tolist() == [0.5, 1]


def test_a_stretch_lies_between_the_gates_edges() -> None:
    (stretch,) = only(heard(".xxxx")).stretches(np.empty(0, np.int64))
    assert (stretch.begin, stretch.end, stretch.hops) == (HOP, 5 * HOP - 100, 4)


def test_a_stretch_is_the_weighted_mean_of_its_windows() -> None:
    (stretch,) = only(heard("xx")).stretches(np.empty(0, np.int64))
    assert np.allclose(stretch.odds, [(0.5 * 1 / 256) / 0.75, -4])


def test_a_change_without_a_rest_lies_in_the_middle_of_the_first_new_window() -> None:
    before, after = only(heard("x" * 24)).stretches(np.array([12]))
    assert before.end == after.begin == 12 * HOP - 3 * HOP // 2


def test_a_change_after_a_rest_lies_at_the_gates_edges() -> None:
    before, after = only(heard("xxxx.xxxx")).stretches(np.array([4]))
    assert before.end == 4 * HOP - 100
    assert after.begin == 5 * HOP


def test_a_rise_near_a_change_places_it() -> None:
    told = heard("x" * 8)
    for k in range(8, 16):
        reading = Reading(
            k * HOP,
            (k + 1) * HOP,
            np.zeros((1, 2)),
            np.array([True]),
            np.array([-20.0]),
            np.array([7 * HOP + 480]),
            np.array([(k + 1) * HOP]),
        )
        told.add(reading)
    before, after = only(told).stretches(np.array([9]))
    assert before.end == after.begin == 7 * HOP + 480


def test_a_stretch_knows_its_input_and_its_loudest_window() -> None:
    first, second = heard("xxxx", "xxxx").inputs()
    for channel, run in enumerate((first, second)):
        (stretch,) = run.stretches(np.empty(0, np.int64))
        assert (stretch.channel, stretch.loudest_dbfs, stretch.hops) == (channel, -20, 4)
