from collections.abc import Mapping
from typing import Any

import pytest

from earmark.realtime.demo.compare import Named, compare, report
from earmark.realtime.events import Event

RATE = 48_000
TRUTH = {
    "length_s": 40.0,
    "names": ["Left", "Right"],
    "entries": [
        {"channel": 1, "label": "cello", "start_s": 5.0, "end_s": 15.0},
        {"channel": 1, "label": "trumpet", "start_s": 20.0, "end_s": 30.0},
        {"channel": 2, "label": "violin", "start_s": 0.0, "end_s": 30.0},
    ],
}


def event(kind: str, channel: int, decided_s: float, **fields: Any) -> Event:
    decided = round(decided_s * RATE)
    sample = max(0, decided - RATE)
    return Event("s", 1, kind, channel, None, sample, decided, RATE, 0, 0, None, fields)


def onset(channel: int, label: str, decided_s: float) -> Event:
    return event("onset", channel, decided_s, label=label)


def offset(channel: int, label: str, decided_s: float) -> Event:
    return event("offset", channel, decided_s, label=label)


def rename(channel: int, names: Mapping[str, str], decided_s: float) -> Event:
    return event("rename", channel, decided_s, **names)


def test_every_entry_heard_and_nothing_wrong() -> None:
    events = [
        onset(2, "violin", 0.75),
        onset(1, "cello", 5.5),
        offset(1, "cello", 16.0),
        onset(1, "trumpet", 20.25),
        offset(2, "violin", 31.0),
        offset(1, "trumpet", 31.0),
    ]
    found = compare(TRUTH, events)
    assert [judged.heard for judged in found.entries] == [True, True, True]
    assert [judged.late_s for judged in found.entries] == [0.5, 0.25, 0.75]
    assert not found.wrong


def test_lateness_counts_from_the_decision_not_from_the_estimated_onset() -> None:
    late = onset(1, "cello", 6.0)
    assert late.time_s == 5.0
    assert compare(TRUTH, [late]).entries[0].late_s == 1.0


def test_a_missing_name_is_not_heard() -> None:
    found = compare(TRUTH, [onset(2, "violin", 1.0)])
    assert [(judged.heard, judged.late_s) for judged in found.entries] == [(False, None), (False, None), (True, 1.0)]


def test_a_wrong_name_is_told_with_its_time_even_when_it_never_ends() -> None:
    found = compare(TRUTH, [onset(2, "violin", 1.0), onset(1, "tuba", 21.0)])
    assert found.wrong == [Named(1, "tuba", 21.0, 40.0)]


def test_a_right_name_on_another_input_or_at_another_time_is_wrong() -> None:
    events = [onset(2, "cello", 6.0), offset(2, "cello", 9.0), onset(1, "cello", 21.0), offset(1, "cello", 24.0)]
    found = compare(TRUTH, events)
    assert found.wrong == [Named(2, "cello", 6.0, 9.0), Named(1, "cello", 21.0, 24.0)]
    assert not found.entries[0].heard


def test_a_rename_ends_one_name_and_begins_the_other() -> None:
    events = [onset(1, "viola", 5.5), rename(1, {"from": "viola", "to": "cello"}, 7.0), offset(1, "cello", 16.0)]
    found = compare(TRUTH, events)
    assert (found.entries[0].heard, found.entries[0].late_s) == (True, 2.0)
    assert found.wrong == [Named(1, "viola", 5.5, 7.0)]


def test_a_family_is_told_apart_from_its_member_and_is_not_wrong() -> None:
    found = compare(TRUTH, [onset(1, "strings", 6.0), offset(1, "strings", 15.0)])
    assert (found.entries[0].heard, found.entries[0].heard_as) == (False, "strings")
    assert not found.wrong


def test_uncertain_is_neither_heard_nor_wrong() -> None:
    found = compare(TRUTH, [onset(1, "uncertain", 6.0)])
    assert found.entries[0].heard_as is None
    assert not found.wrong


def test_a_name_that_only_flashes_up_is_not_heard() -> None:
    found = compare(TRUTH, [onset(1, "cello", 6.0), offset(1, "cello", 6.5)])
    assert not found.entries[0].heard
    assert not found.wrong


def test_events_without_an_input_and_of_other_kinds_are_passed_over() -> None:
    gap = Event("s", 1, "gap", None, None, 0, 0, RATE, 0, 0, None, {"lost_samples": 1, "reason": ""})
    silent = event("signal", 1, 6.0, state="silent", on=True, detail="")
    assert not compare(TRUTH, [gap, silent]).wrong


def test_a_session_stopped_early_is_judged_by_what_it_reached() -> None:
    found = compare(TRUTH, [onset(2, "violin", 1.0)], until_s=6.0)
    assert [judged.entry.label for judged in found.entries] == ["violin"]
    assert compare(TRUTH, [], until_s=0.5).entries == []


def test_report_is_a_table_with_a_sum() -> None:
    events = [onset(2, "violin", 1.0), onset(1, "strings", 6.0), onset(1, "tuba", 21.0), offset(1, "tuba", 22.0)]
    lines = report(compare(TRUTH, events)).splitlines()
    assert lines[0].split() == ["input", "plays", "from", "to", "heard", "as", "after"]
    assert "bowed strings" in lines[1]
    assert lines[2].endswith("not heard")
    assert lines[3].split()[:3] == ["2", "Right", "violin"]
    assert lines[3].endswith("1.00 s")
    assert lines[5] == "1 of 3 entries heard, half of them within 1.00 s; wrong names: 1"
    assert lines[6] == "  1 Left: tuba from 21.0 to 22.0 s"


def test_report_of_nothing() -> None:
    text = report(compare(TRUTH, []))
    assert text.count("not heard") == 3
    assert "0 of 3 entries heard; wrong names: 0" in text


@pytest.mark.parametrize("until_s", [0.0, 40.0])
def test_no_events_at_all(until_s: float) -> None:
    assert compare(TRUTH, [], until_s).wrong == []
