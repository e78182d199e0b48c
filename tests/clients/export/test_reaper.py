"""REAPER's regions: the very bytes, and the way back."""

import pytest
from hypothesis import given

from earmark.clients.export.marks import Mark
from earmark.clients.export.reaper import clock, decode, encode
from earmark.clients.export.sheets import Sheet
from earmark.realtime.errors import UsageError
from tests.clients.export.sessions import assert_same, sheet, sheets


def test_the_file_is_as_reapers_manager_writes_it() -> None:
    marks = (Mark(0, 5, "piano", colour="FF0000"), Mark(12.5, 12.5, "check here"))
    assert encode(sheet(*marks)).decode().splitlines() == [
        "#,Name,Start,End,Length,Color",
        "R1,piano,0:00:00.000,0:00:05.000,0:00:05.000,FF0000",
        "M1,check here,0:00:12.500,,,",
    ]


def test_names_are_quoted_where_they_must_be() -> None:
    (line,) = encode(sheet(Mark(0, 1, "piano", 'Keys, "left"'))).decode().splitlines()[1:]
    assert line == 'R1,"Keys, ""left"": piano",0:00:00.000,0:00:01.000,0:00:01.000,'
    assert decode(encode(sheet(Mark(0, 1, "piano", 'Keys, "left"'))), "x")[0].name == 'Keys, "left"'


@pytest.mark.parametrize(
    ("time_ms", "text"), [(0, "0:00:00.000"), (3_723_045, "1:02:03.045"), (360_000_000, "100:00:00.000")]
)
def test_a_clock(time_ms: int, text: str) -> None:
    assert clock(time_ms) == text


@pytest.mark.parametrize(
    ("text", "start_s"), [("12.5", 12.5), ("1:02.500", 62.5), ("0:01:02.500", 62.5), ("61:00", 3660)]
)
def test_times_of_other_rulers_are_read(text: str, start_s: float) -> None:
    data = f"#,Name,Start,End,Length\r\nM1,here,{text},,\r\n".encode()
    assert decode(data, "x") == [Mark(start_s, start_s, "here")]


@given(sheets())
def test_what_is_written_is_read_back(meant: Sheet) -> None:
    found = decode(encode(meant), "x")
    assert_same(found, meant, within_s=0.501e-3)
    assert {mark.colour for mark in found} <= {"3D6FB6"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is no list of regions"),
        (b"a,b\n1,2\n", "is no list of regions"),
        (b"\xff\xfe#", "is not a list of regions"),
        (b"#,Name,Start,End\nR1,piano,5.1.00,9.1.00\n", r"line 2: '5.1.00' is no time.*ruler in minutes:seconds"),
        (b"#,Name,Start,End\nR1,piano\n", "line 2: '' is no time"),
        (b"#,Name,Start,End\nR1,piano,9,1\n", "line 2: it ends before it begins"),
        (b"#,Name,Start,End\nR1," + b"x" * 200_000 + b",0,1\n", "field larger"),
    ],
)
def test_what_is_none_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why) as error:
        decode(data, "x")
    assert "\n" not in str(error.value)
