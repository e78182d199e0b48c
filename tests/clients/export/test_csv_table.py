"""The table: the very text, and the way back."""

import csv
import io

import pytest
from hypothesis import given

from earmark.clients.export.csv_table import decode, encode
from earmark.clients.export.marks import Mark
from earmark.clients.export.sheets import Sheet
from earmark.realtime.errors import UsageError
from tests.clients.export.sessions import assert_same, sheet, sheets


def test_the_file_is_a_row_for_each_mark() -> None:
    marks = (Mark(0, 5.25, "piano", "Keys, left", 1, 0.93), Mark(12.5, 12.5, "check here"))
    assert encode(sheet(*marks)).decode().splitlines() == [
        "input,name,label,start_s,end_s,length_s,confidence",
        '1,"Keys, left",piano,0.000000,5.250000,5.250000,0.9300',
        ",,check here,12.500000,12.500000,0.000000,",
    ]


@given(sheets())
def test_what_is_written_is_read_back(meant: Sheet) -> None:
    data = encode(meant)
    found = decode(data, "x")
    assert_same(found, meant, within_s=0.6e-6)
    assert [(one.channel, one.name, one.confidence) for one in found] == [
        (one.channel, one.name, one.confidence) for one in meant.marks
    ]
    assert len(list(csv.reader(io.StringIO(data.decode(), newline="")))) == len(meant.marks) + 1


def test_columns_may_be_in_any_order_and_others_are_passed_over() -> None:
    assert decode(b"\xef\xbb\xbfend_s,label,mood,start_s\r\n2,piano,fine,1\r\n", "x") == [Mark(1, 2, "piano")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "x is no table of labels: its first line lacks one of label, start_s, end_s"),
        (b"label,start_s\npiano,1\n", "x is no table of labels"),
        (b"\xff\xfe", "x is not a table of labels"),
        (b"label,start_s,end_s\npiano,1,a\n", "x, line 2: 'a' is no number"),
        (b"label,start_s,end_s\npiano,1,nan\n", "x, line 2: 'nan' is no number"),
        (b"label,start_s,end_s\npiano\n", "x, line 2: '' is no number"),
        (b"label,start_s,end_s\npiano,2,1\n", "x, line 2: it ends before it begins"),
        (b"label,start_s,end_s,input\npiano,1,2,-4\n", "x, line 2: '-4' is no number"),
    ],
)
def test_what_is_none_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        decode(data, "x")
