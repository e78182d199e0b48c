import numpy as np
import pytest
from event_scores import Span, Tally, covered, figures, is_kin, is_right, score, score_input, spans
from takes_layout import RATE, Segment, Take

from .stand_ins import edge

VIOLIN = Segment(1, "violin", 10.0, 20.0)


def span(label, start_s, end_s, first=True, last=True):
    return Span(label, start_s, end_s, start_s, end_s, first, last)


def judged(named, segments=(VIOLIN,), end_s=30.0):
    return figures(score_input(list(segments), list(named), end_s))


def take(kind, inputs, segments=(), seconds=36):
    halves = ("A",) * len(inputs)
    return Take(kind, kind, np.zeros((len(inputs), seconds * RATE), np.int16), tuple(segments), halves, inputs)


def test_what_is_right_and_what_is_kin():
    assert is_right("violin", VIOLIN)
    assert not is_right("strings", VIOLIN)
    assert is_kin("strings", VIOLIN)
    assert is_kin("cello", VIOLIN)
    assert not is_kin("flute", VIOLIN)
    voice, tuba = Segment(1, "GRP_voice", 0, 1), Segment(1, "tuba", 0, 1)
    assert is_right("female_singer", voice)
    assert is_right("brass_section", tuba)
    assert not is_right("trumpet", tuba)
    assert is_right("vocalists", Segment(1, "male_singer", 0, 1))


def test_spans_follow_onsets_renames_and_offsets():
    events = [
        edge("onset", 1, 1.0, 0.6, label="strings"),
        edge("rename", 1, 2.0, 0.6, **{"from": "strings", "to": "violin", "onset_sample": 0}),
        edge("onset", 2, 2.0, label="piano"),
        edge("offset", 1, 5.0, 4.0, label="violin"),
        edge("offset", 1, 5.0, 4.0, label="flute"),
        edge("signal", 1, 5.5, state="present", on=True),
    ]
    assert spans(events, 9.0) == {
        1: [Span("strings", 1.0, 2.0, 0.6, 2.0, True, False), Span("violin", 2.0, 5.0, 0.6, 4.0, False, True)],
        2: [Span("piano", 2.0, 9.0, 2.0, 9.0, True, True)],
    }


def test_events_that_looked_ahead_are_judged_by_the_time_they_tell():
    events = [edge("onset", 1, 8.0, 1.0, label="piano", two_pass=True)]
    assert spans(events, 9.0)[1][0].start_s == 1.0


def test_a_name_that_becomes_one_that_is_on_ends():
    events = [
        edge("onset", 1, 1.0, label="violin"),
        edge("onset", 1, 2.0, label="cello"),
        edge("rename", 1, 3.0, **{"from": "cello", "to": "violin", "onset_sample": 0}),
    ]
    assert [(one.label, one.start_s, one.end_s) for one in spans(events, 9.0)[1]] == [
        ("cello", 2.0, 3.0),
        ("violin", 1.0, 9.0),
    ]


def test_a_perfect_name():
    found = judged([span("violin", 10.0, 20.0)])
    assert found["heard"] == found["right"] == found["kin"] == 1.0
    assert found["wrong"] == found["sibling"] == found["stray"] == found["error_rate"] == 0.0
    assert found["late_s"] == 0.0
    assert found["names_per_min"] == 6.0
    assert found["onset_f"] == found["named_f"] == found["offset_f"] == 1.0
    assert found["flicker_per_min"] == 0.0


def test_each_kind_of_mistake():
    found = judged(
        [span("strings", 10.0, 12.0), span("flute", 12.0, 13.0), span("cello", 13.0, 15.0), span("violin", 14.0, 20.0)]
    )
    assert found["right"] == pytest.approx(0.6)
    assert found["kin"] == pytest.approx(0.9)
    assert found["wrong"] == pytest.approx(0.1)
    assert found["sibling"] == pytest.approx(0.2)
    assert found["late_s"] == pytest.approx(4.0)
    # missed for 2 s under the family's name, substituted for 2 s, one too many for 1 s
    assert found["error_rate"] == pytest.approx(0.5)


def test_a_name_of_less_than_a_second_is_not_heard():
    found = judged([span("violin", 10.0, 10.9)])
    assert found["heard"] == 0.0
    assert found["late_s"] is None


def test_two_wrong_names_count_twice_and_two_right_ones_once():
    both = Segment(1, "GRP_strings", 10.0, 20.0)
    found = judged([span("violin", 10, 20), span("cello", 10, 20), span("flute", 10, 20), span("oboe", 10, 20)], [both])
    assert found["right"] == 1.0
    assert found["wrong"] == 2.0


def test_names_while_nobody_plays_are_stray():
    flute = Segment(1, "flute", 25.0, 30.0)
    assert judged([span("flute", 21.0, 24.5)], [VIOLIN, flute])["stray"] == pytest.approx(3.5 / 15)
    assert judged([span("flute", 20.5, 22.0)], [VIOLIN, flute])["stray"] == pytest.approx(1.0 / 15)
    assert judged([span("violin", 0.0, 30.0)])["stray"] == 0.0


def test_a_sound_that_a_rename_named_right_counts_as_named():
    strings = Span("strings", 10.4, 11.0, 10.1, 11.0, True, False)
    violin = Span("violin", 11.0, 20.2, 10.1, 20.0, False, True)
    found = judged([strings, violin])
    assert found["onset_f"] == found["named_f"] == found["offset_f"] == 1.0
    assert judged([span("flute", 10.1, 20.0)])["named_f"] == 0.0


def test_flicker_counts_what_changes_after_the_first_two_seconds():
    named = [span("strings", 10.5, 11.0), span("violin", 11.0, 15.0, first=False, last=False)]
    found = judged([*named, span("flute", 15.0, 16.0, first=False)])
    assert found["flicker_per_min"] == pytest.approx(2 / 8 * 60)


def test_speech_and_uncertain_are_not_judged():
    events = [edge("onset", 1, 10.0, label="speech"), edge("onset", 1, 10.0, label="uncertain")]
    tally = score(take("relay", ("relay",), [VIOLIN]), events)["A"]
    assert (tally.names, tally.segments, tally.wrong) == (0, 1, 0)


def test_quiet_is_counted_by_kind():
    events = [edge("onset", 2, 1.0, label="organ"), edge("onset", 1, 1.0, label="speech")]
    found = figures(score(take("quiet", ("speech", "hum")), events)["A"])
    assert found["false_per_hour_hum"] == 100.0
    assert found["false_per_hour_speech"] == 0.0
    assert found["false_per_hour"] == 50.0
    assert found["false_names"] == 1
    assert found["right"] is None


def test_halves_are_kept_apart():
    two = Take("x", "band", np.zeros((2, RATE * 20), np.int16), (VIOLIN,), ("A", "B"), ("violin", "flute"))
    tallies = score(two, [edge("onset", 2, 10.0, label="flute")])
    assert (tallies["A"].names, tallies["B"].names) == (0, 1)
    assert (tallies["A"] + tallies["B"]).names == 1


def test_tallies_add_up():
    one = Tally(segments=1, late=[0.5], quiet_names={"hum": 1}, quiet_seconds={"hum": 10})
    two = Tally(segments=2, late=[1.5], quiet_names={"hum": 2, "noise": 1}, quiet_seconds={"hum": 10, "noise": 5})
    total = one + two
    assert (total.segments, total.late) == (3, [0.5, 1.5])
    assert total.quiet_names == {"hum": 3, "noise": 1}


def test_seconds_that_are_covered():
    assert covered([(0, 2), (1, 3), (5, 6), (8, 7)]) == 4.0
    assert covered([]) == 0.0
