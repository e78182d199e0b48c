"""WebVTT: the very text, and the way back."""

import pytest
from hypothesis import given

from earmark.clients.export.marks import Mark
from earmark.clients.export.sheets import Sheet
from earmark.clients.export.webvtt import decode, encode
from earmark.realtime.errors import UsageError
from tests.clients.export.sessions import assert_same, sheet, sheets


def test_the_file_is_a_header_and_a_cue_for_each_mark() -> None:
    marks = (Mark(0, 5.0004, "piano", "Keys <L> & -->", 1), Mark(3723.045, 3723.045, "check here"))
    assert encode(sheet(*marks)).decode() == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:05.000\nKeys &lt;L&gt; &amp; --&gt;: piano\n\n"
        "01:02:03.045 --> 01:02:03.046\ncheck here\n"
    )


@given(sheets())
def test_what_is_written_is_read_back(meant: Sheet) -> None:
    """Half a millisecond, and one more for the end of what is too short to last."""
    assert_same(decode(encode(meant), "x"), meant, within_s=1.501e-3)


def test_a_file_of_somebody_elses_is_read() -> None:
    text = (
        "\ufeffWEBVTT - my take\r\nKind: captions\r\n\r\nNOTE\r\na note\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n"
        "1\r\n00:01.500 --> 01:00:02.000 align:start line:0\r\n<v Anna>two &amp;\r\nthree</v>\r\n\r\n"
        "00:05.000 --> 00:06.000\r\n"
    )
    assert decode(text.encode(), "x") == [Mark(1.5, 3602.0, "two & three"), Mark(5, 6, "")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "x is not a WebVTT file"),
        (b"WEBVTTX\n", "x is not a WebVTT file"),
        (b"\xff\xfe", "x is not a WebVTT file"),
        (b"WEBVTT\n\n0:5 --> 1\n", "x, line 3: '0:5' is no time"),
        (b"WEBVTT\n\n00:05.000 -->\n", "x, line 3: '' is no time"),
        (b"WEBVTT\n\n00:05.000 --> 00:01.000\n", "x, line 3: it ends before it begins"),
    ],
)
def test_what_is_none_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        decode(data, "x")
