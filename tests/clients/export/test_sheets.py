"""What goes into which file, and when it begins there."""

import pytest

from earmark.clients.export.marks import Mark
from earmark.clients.export.sheets import file_part, sheets_of
from earmark.clients.export.spans import Session, Span, Take
from tests.clients.export.sessions import RATE

KEYS = Span(1, "piano", 1 * RATE, 5 * RATE, 0.9)
VOX = Span(2, "female_singer", 3 * RATE, 8 * RATE, 0.8)


def session(*spans: Span, names: dict[int, str] | None = None, end_s: int = 10) -> Session:
    names = {1: "Keys", 2: "Vox"} if names is None else names
    return Session("s", RATE, None, names, spans, {}, end_s * RATE, 0)


def test_one_sheet_for_all_inputs_and_one_for_each() -> None:
    whole, keys, vox = sheets_of(session(KEYS, VOX), "jam")
    assert [whole.text(mark) for mark in whole.marks] == ["Keys: piano", "Vox: singer"]
    assert [keys.text(mark) for mark in keys.marks] == ["piano"]
    assert [vox.text(mark) for mark in vox.marks] == ["singer"]
    assert [one.ending for one in (whole, keys, vox)] == ["", "-input1-Keys", "-input2-Vox"]
    assert [one.duration_s for one in (whole, keys, vox)] == [10, 10, 10]
    assert whole.marks[0] == Mark(1.0, 5.0, "piano", "Keys", 1, 0.9, "3D6FB6")


def test_a_session_of_one_input_is_one_sheet_that_does_not_name_it() -> None:
    (only,) = sheets_of(session(KEYS, names={1: "Keys"}), "jam")
    assert [only.text(mark) for mark in only.marks] == ["piano"]


def test_an_input_on_which_nothing_was_named_has_no_sheet() -> None:
    (only,) = sheets_of(session(KEYS), "jam")
    assert [only.text(mark) for mark in only.marks] == ["Keys: piano"]
    assert sheets_of(session(), "jam") == []


def test_a_take_cuts_off_what_lies_outside_and_begins_at_0() -> None:
    early, late = Span(1, "organ", 0, 4 * RATE, 0.5), Span(2, "flute", 6 * RATE, 9 * RATE, 0.5)
    whole = sheets_of(session(early, KEYS, VOX, late), "jam", Take(4 * RATE, 6 * RATE))[0]
    assert [(whole.text(mark), mark.start_s, mark.end_s) for mark in whole.marks] == [
        ("Keys: piano", 0, 1),
        ("Vox: singer", 0, 2),
    ]
    assert whole.duration_s == 2


def test_a_point_stays_a_point() -> None:
    (only,) = sheets_of(session(Span(1, "piano", RATE, RATE, 0.5)), "jam")
    assert (only.marks[0].start_s, only.marks[0].end_s) == (1, 1)


def test_ids_that_are_said_alike_are_one_mark_where_they_overlap() -> None:
    spans = [
        Span(2, "female_singer", 1 * RATE, 5 * RATE, 0.6),
        Span(2, "male_singer", 4 * RATE, 7 * RATE, 0.9),
        Span(2, "vocalists", 7 * RATE, 8 * RATE, 0.5),
    ]
    (only,) = sheets_of(session(*spans), "jam")
    assert [(mark.start_s, mark.end_s, mark.confidence) for mark in only.marks] == [(1, 7, 0.9), (7, 8, 0.5)]


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        ({1: "Vox", 2: "vox"}, ["Vox (input 1): piano", "vox (input 2): singer"]),
        ({1: "", 2: ""}, ["Input 1: piano", "Input 2: singer"]),
        ({1: "Input 2", 2: ""}, ["Input 2 (input 1): piano", "Input 2: singer"]),
        ({1: "a\tb\n", 2: "\ud800x"}, ["a b: piano", "x: singer"]),
    ],
)
def test_titles_tell_the_inputs_apart(names: dict[int, str], titles: list[str]) -> None:
    whole = sheets_of(session(KEYS, VOX, names=names), "jam")[0]
    assert [whole.text(mark) for mark in whole.marks] == titles


@pytest.mark.parametrize(
    ("text", "part"), [("Bass DI", "Bass_DI"), ("../../etc", "etc"), ("Gérard 1", "Gérard_1"), ("///", ""), ("", "")]
)
def test_a_part_of_a_files_name_is_harmless(text: str, part: str) -> None:
    assert file_part(text) == part
