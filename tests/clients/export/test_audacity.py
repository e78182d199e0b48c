"""Audacity's labels: the very bytes, and the way back."""

import pytest
from hypothesis import given

from earmark.clients.export.audacity import decode, encode
from earmark.clients.export.marks import Mark
from earmark.clients.export.sheets import Sheet
from earmark.realtime.errors import UsageError
from tests.clients.export.sessions import assert_same, sheet, sheets


def test_the_file_is_as_audacity_writes_it() -> None:
    marks = (Mark(0, 5, "piano", "Keys", 1), Mark(5, 9, "violin", "", 2), Mark(12.5, 12.5, "check here"))
    assert encode(sheet(*marks)) == (
        b"0.000000\t5.000000\tKeys: piano\n5.000000\t9.000000\tInput 2: violin\n12.500000\t12.500000\tcheck here\n"
    )
    assert encode(sheet(*marks[:1], one_input=True)) == b"0.000000\t5.000000\tpiano\n"


def test_frequency_lines_and_a_byte_order_mark_are_passed_over() -> None:
    data = b"\xef\xbb\xbf0.0\t5.0\tKeys: piano\r\n\\\t100.0\t2000.0\r\n"
    assert decode(data, "x") == [Mark(0, 5, "piano", "Keys")]


@given(sheets())
def test_what_is_written_is_read_back(meant: Sheet) -> None:
    assert_same(decode(encode(meant), "x"), meant, within_s=0.6e-6)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"0\t1\n5\t1\tpiano", b"00:01\t1\tpiano"])
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"^x"):
        decode(data, "x")
