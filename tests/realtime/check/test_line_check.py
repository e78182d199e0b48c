from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.check.line_check import PATIENCE_S, STALL_S, CheckError, LineCheck
from earmark.realtime.events import KINDS
from tests.realtime.check.scenes import (
    HOP,
    KICK,
    PIANO,
    RATE,
    SINGER,
    SNARE,
    VIOLIN,
    Scene,
    brief,
    offset,
    onset,
    rename,
    signal,
)


def fields_of(drafts: list[Any], state: str) -> dict[str, Any]:
    return next(draft.fields for draft in drafts if draft.fields["state"] == state)


def test_a_right_name_ticks_its_line_off_once_it_has_stood_for_half_a_second() -> None:
    scene = Scene(KICK, PIANO).start()
    assert scene.hop(onset(1, "kick"), peaks_dbfs=[-9.4, -60.0]) == []
    assert scene.hop() == []
    [good] = scene.hop()
    assert (good.channel, good.sample, good.decided_sample) == (1, HOP, 3 * HOP)
    assert good.fields == {
        "state": "good",
        "expected": "kick",
        "heard": "kick",
        "other": None,
        "fault": "",
        "peak_dbfs": -9.4,
        "detail": "",
    }
    assert scene.states == {1: "good", 2: "open"}


def test_it_ends_by_itself_when_all_are_ticked_off() -> None:
    scene = Scene(KICK, PIANO).start()
    scene.play(2, "piano")
    assert brief(scene.play(1, "kick")) == [(1, "good"), (None, "done")]
    assert not scene.check.running
    assert fields_of(scene.told, "done")["detail"] == "2 of 2"
    assert all(result.is_well for result in scene.check.results())


def test_what_is_heard_where_it_should_not_be_is_told_once_and_cured_by_the_right_one() -> None:
    scene = Scene(SNARE, PIANO).start()
    told = scene.play(1, "male_singer") + scene.play(1, "female_singer")
    assert brief(told) == [(1, "wrong")], "a singer is a singer"
    assert told[0].fields["heard"] == "male_singer"
    assert scene.states[1] == "wrong"
    assert brief(scene.play(1, "trumpet")) == [(1, "wrong")]
    assert brief(scene.play(1, "snare")) == [(1, "good")]
    assert scene.check.results()[0].heard == "snare"


def test_a_wrong_name_that_is_mended_in_time_is_not_told() -> None:
    scene = Scene(VIOLIN).start()
    told = scene.hop(onset(1, "flute")) + scene.pause(0.5) + scene.hop(rename(1, "flute", "violin"))
    assert brief(told + scene.pause(1)) == [(1, "good"), (None, "done")]


def test_a_second_name_beside_the_right_one_does_not_matter() -> None:
    scene = Scene(VIOLIN, PIANO).start()
    assert brief(scene.hop(onset(1, "violin"), onset(1, "flute")) + scene.pause(3)) == [(1, "good")]


def test_a_near_name_needs_longer_and_is_told_as_it_was_heard() -> None:
    scene = Scene(VIOLIN, PIANO).start()
    assert scene.play(1, "strings", 1.0) == []
    [good] = scene.play(1, "viola", 2.5)
    assert (good.fields["state"], good.fields["heard"]) == ("good", "viola")


def test_a_sibling_that_another_line_should_carry_is_wrong() -> None:
    scene = Scene(VIOLIN, frozenset({"viola"})).start()
    [wrong] = scene.play(1, "viola")
    assert (wrong.fields["state"], wrong.fields["other"]) == ("wrong", 2)


def test_the_kit_on_a_drum_microphone_and_people_who_talk_tell_nothing() -> None:
    scene = Scene(SNARE, PIANO).start()
    assert scene.play(1, "drum_set") + scene.play(2, "speech") + scene.play(2, "uncertain") == []
    assert scene.states == {1: "open", 2: "open"}
    told = scene.do(LineCheck.stop)
    assert [draft.fields["heard"] for draft in told[:2]] == ["drum_set", "speech"]


def test_two_lines_that_carry_each_other_are_swapped() -> None:
    scene = Scene(KICK, SNARE, PIANO).start()
    [wrong] = scene.play(2, "kick")
    assert (wrong.channel, wrong.fields["state"], wrong.fields["other"]) == (2, "wrong", 1)
    [swapped] = scene.play(1, "snare")
    assert (swapped.channel, swapped.fields["state"], swapped.fields["other"]) == (1, "swapped", 2)
    assert [(one.state, one.other) for one in scene.check.results()[:2]] == [("swapped", 2), ("swapped", 1)]
    scene.play(1, "kick")
    assert brief(scene.play(2, "snare")) == [(2, "good")]
    assert scene.states == {1: "good", 2: "good", 3: "open"}


def test_where_several_lines_should_carry_it_none_is_named_until_one_is_swapped() -> None:
    scene = Scene(SNARE, SINGER, SINGER).start()
    [wrong] = scene.play(1, "male_singer")
    assert (wrong.fields["state"], wrong.fields["other"]) == ("wrong", None)
    [swapped] = scene.play(3, "snare")
    assert (swapped.fields["state"], swapped.fields["other"]) == ("swapped", 1)


def test_faults_are_told_at_once_and_once_and_stay_in_the_result_where_they_last() -> None:
    scene = Scene(KICK, PIANO).start()
    told = scene.hop(signal(1, "hum", detail="50 Hz"), signal(1, "crackle"), signal(2, "twin", detail="as 1"))
    assert [(draft.channel, draft.fields["fault"]) for draft in told] == [(1, "hum"), (1, "crackle"), (2, "twin")]
    assert scene.pause(1) == []
    scene.hop(signal(1, "hum", on=False), signal(1, "crackle", on=False), signal(2, "hot", detail="peak -1.0 dBFS"))
    first, second = scene.check.results()
    assert first.faults == {"crackle": ""}, "hum has gone; whether crackle has nobody knows"
    assert second.faults == {"hot": "peak -1.0 dBFS", "twin": "as 1"}
    assert scene.hop(signal(1, "crackle")) == []


def test_a_good_line_with_a_fault_is_not_well_but_a_hot_one_is() -> None:
    scene = Scene(KICK, PIANO).start()
    scene.hop(signal(1, "clipping"), signal(2, "hot", detail="peak -1.0 dBFS"))
    scene.play(1, "kick")
    scene.play(2, "piano")
    assert [result.is_well for result in scene.check.results()] == [False, True]


def test_a_dead_line_is_told_where_it_sounded_before_or_where_it_is_asked_for() -> None:
    scene = Scene(KICK, PIANO).start()
    assert scene.hop(signal(1, "dead", detail="digital zero"), signal(2, "present")) == []
    told = scene.hop(signal(2, "silent"), signal(2, "dead", detail="fell"))
    assert [(draft.channel, draft.fields["fault"]) for draft in told] == [(2, "dead")]
    assert scene.check.results()[0].faults == {"dead": "digital zero"}
    asked = Scene(KICK, PIANO)
    asked.hop(signal(1, "dead"))
    assert brief(asked.do(lambda check: check.start(hands_free=True))) == [
        (None, "start"),
        (1, "asked"),
        (1, "bad_line"),
    ]


def test_digital_zero_is_no_fault_of_a_line_that_has_carried() -> None:
    scene = Scene(KICK, PIANO).start()
    scene.play(1, "kick")
    assert scene.hop(signal(1, "present"), signal(1, "dead")) == []
    assert scene.check.results()[0].is_well


def test_after_a_while_without_news_the_few_that_are_open_are_named_once() -> None:
    scene = Scene(KICK, PIANO, VIOLIN).start()
    scene.play(1, "kick")
    scene.play(2, "trumpet")
    assert brief(scene.pause(STALL_S * 3)) == [(3, "open")]
    scene.play(2, "piano")
    assert brief(scene.pause(STALL_S + 1)) == [(3, "open")]


def test_nobody_is_reminded_where_everybody_is_still_missing() -> None:
    scene = Scene(KICK, PIANO).start()
    assert scene.pause(STALL_S * 2) == []
    many = Scene(*[KICK] * 9).start()
    assert many.pause(STALL_S * 2) == []


def test_hands_free_asks_in_turn_skips_who_is_missed_and_asks_again_at_the_end() -> None:
    scene = Scene(KICK, SNARE, PIANO).start(hands_free=True)
    assert brief(scene.told) == [(None, "start"), (1, "asked")]
    assert brief(scene.play(1, "kick", 1.0)) == [(1, "good"), (2, "asked")]
    assert brief(scene.pause(PATIENCE_S)) == [(2, "skipped"), (3, "asked")]
    assert brief(scene.play(3, "piano", 1.0)) == [(3, "good"), (2, "asked")]
    assert brief(scene.pause(PATIENCE_S)) == [(2, "skipped"), (2, "open"), (None, "done")]
    assert scene.states == {1: "good", 2: "skipped", 3: "good"}


def test_who_plays_out_of_turn_counts_and_is_not_asked() -> None:
    scene = Scene(KICK, SNARE, PIANO).start(hands_free=True)
    assert brief(scene.play(2, "snare", 1.0)) == [(2, "good")]
    assert scene.check.asked == 1
    assert brief(scene.play(1, "kick", 1.0)) == [(1, "good"), (3, "asked")]


def test_skip_goes_on_at_once_and_again_asks_at_once() -> None:
    scene = Scene(KICK, SNARE, PIANO).start(hands_free=True)
    assert brief(scene.do(LineCheck.skip)) == [(1, "skipped"), (2, "asked")]
    scene.play(2, "snare", 1.0)
    assert scene.check.asked == 3
    assert brief(scene.do(lambda check: check.again(2))) == [(2, "asked")]
    assert brief(scene.play(2, "snare", 1.0)) == [(2, "good"), (3, "asked")]


def test_again_after_the_end_goes_on() -> None:
    scene = Scene(KICK).start()
    scene.hop(signal(1, "crackle"), peaks_dbfs=[-3.0])
    scene.play(1, "kick")
    assert not scene.check.running
    assert brief(scene.do(lambda check: check.again(1))) == [(1, "open")]
    assert scene.check.running
    scene.hop(signal(1, "crackle", on=False))
    assert brief(scene.play(1, "kick")) == [(1, "good"), (None, "done")]
    assert scene.check.results()[0].peak_dbfs == -100.0
    assert scene.check.results()[0].is_well


def test_in_free_order_a_skipped_line_is_not_waited_for_but_not_well() -> None:
    scene = Scene(KICK, PIANO).start()
    scene.play(1, "kick")
    assert brief(scene.do(lambda check: check.skip(2))) == [(2, "skipped"), (2, "open"), (None, "done")]
    assert scene.states == {1: "good", 2: "skipped"}


def test_only_named_lines_are_checked_and_of_these_only_the_armed() -> None:
    scene = Scene(KICK, frozenset(), PIANO)
    scene.check.arm(frozenset({2, 3}))
    scene.start()
    assert scene.states == {3: "open"}
    assert scene.play(1, "trumpet") == []
    scene.check.arm(frozenset())
    scene.start()
    assert scene.states == {1: "open", 3: "open"}


def test_arming_while_it_runs_brings_lines_in_and_takes_them_out_but_keeps_the_good() -> None:
    scene = Scene(KICK, PIANO, VIOLIN)
    scene.check.arm(frozenset({1, 2}))
    scene.start(hands_free=True)
    scene.play(1, "kick", 1.0)
    scene.check.arm(frozenset({3}))
    assert brief(scene.pause(1)) == [(3, "asked")]
    assert scene.states == {1: "good", 3: "open"}
    scene.check.arm(None)
    assert brief(scene.play(3, "violin", 1.0)) == [(3, "good"), (2, "asked")]


def test_what_is_expected_can_change_before_and_while_it_runs() -> None:
    scene = Scene(KICK, frozenset(), VIOLIN)
    scene.check.expect([KICK, PIANO, VIOLIN])
    scene.start()
    scene.play(2, "piano")
    scene.play(3, "violin")
    assert scene.states == {1: "open", 2: "good", 3: "good"}
    scene.check.expect([SNARE, PIANO, frozenset()])
    assert scene.states == {1: "open", 2: "good"}
    assert brief(scene.play(1, "snare")) == [(1, "good"), (None, "done")]


def test_where_names_may_come_it_begins_without_any_and_waits() -> None:
    scene = Scene(frozenset())
    scene.check = LineCheck([frozenset()], RATE, names_may_come=True)
    assert brief(scene.start().told) == [(None, "start")]
    assert scene.play(1, "piano") == []
    scene.check.expect([PIANO])
    assert brief(scene.play(1, "piano")) == [(1, "good"), (None, "done")]


def test_a_check_that_begins_late_knows_what_is_on_already() -> None:
    scene = Scene(KICK, PIANO)
    scene.hop(onset(2, "piano"), signal(1, "hum", detail="50 Hz"))
    scene.pause(5)
    scene.start()
    assert brief(scene.pause(1)) == [(1, "bad_line"), (2, "good")]


@pytest.mark.parametrize(
    ("do", "channel", "why"),
    [
        ("again", None, "name the input to check again"),
        ("again", 2, "input 2 is not checked"),
        ("again", 9, "input 9 is not checked"),
        ("skip", None, "nobody is asked to play: name the input to skip"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(do: str, channel: int | None, why: str) -> None:
    scene = Scene(KICK, frozenset()).start()
    with pytest.raises(CheckError, match=why):
        scene.check.do(do, channel)


def test_before_the_first_check_there_is_nothing_to_repeat_or_stop() -> None:
    check = LineCheck([KICK], RATE)
    assert check.stop() == check.do("status") == check.results() == []
    with pytest.raises(CheckError, match="no line check was started"):
        check.again(1)
    with pytest.raises(CheckError, match="no input has a name"):
        LineCheck([frozenset(), frozenset()], RATE).start(hands_free=False)


LABELS = ["kick", "snare", "piano", "violin", "male_singer", "drum_set", "speech", "strings", "uncertain"]
EXPECTED = [KICK, SNARE, PIANO, VIOLIN]
plays = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(LABELS), st.sampled_from([0.25, 1.0, 3.0])), max_size=12)


@settings(max_examples=60, deadline=None)
@given(plays, st.booleans())
def test_a_line_that_never_sounded_is_never_ticked_off(happened: list[tuple[int, str, float]], asks: bool) -> None:
    scene = Scene(*EXPECTED).start(asks)
    for channel, label, seconds in happened:
        scene.play(channel, label, seconds)
    sounded = {channel for channel, _, _ in happened}
    good = {result.channel for result in scene.check.results() if result.state == "good"}
    assert good <= sounded
    assert all(set(draft.fields) == set(KINDS["check"].fields) for draft in scene.told)
    decided = [draft.decided_sample for draft in scene.told]
    assert decided == sorted(decided)


@settings(max_examples=60, deadline=None)
@given(st.permutations([(1, "snare"), (2, "kick"), (3, "piano"), (4, "trumpet")]), st.booleans())
def test_the_order_of_the_players_does_not_matter(order: list[tuple[int, str]], asks: bool) -> None:
    scene = Scene(*EXPECTED).start(asks)
    for channel, label in order:
        scene.play(channel, label)
    found = [(one.state, one.heard, one.other) for one in scene.check.results()]
    assert found == [
        ("swapped", "snare", 2),
        ("swapped", "kick", 1),
        ("good", "piano", None),
        ("wrong", "trumpet", None),
    ]


@settings(max_examples=30, deadline=None)
@given(plays)
def test_the_same_hops_give_the_same_check(happened: list[tuple[int, str, float]]) -> None:
    told = []
    for _ in range(2):
        scene = Scene(*EXPECTED).start()
        for channel, label, seconds in happened:
            scene.play(channel, label, seconds)
        told.append(scene.told)
    assert told[0] == told[1]


def test_two_who_end_and_begin_in_one_hop_are_told_apart() -> None:
    scene = Scene(KICK, PIANO).start()
    scene.hop(onset(1, "kick"))
    scene.hop(offset(1, "kick"), onset(2, "piano"))
    scene.pause(1)
    assert scene.states == {1: "open", 2: "good"}
