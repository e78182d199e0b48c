"""Label files as Audacity writes them, and such as it never wrote."""

from pathlib import Path

import pytest

from earmark.realtime.audacity import LARGEST_BYTES, Span, parse_labels, read_labels
from earmark.realtime.errors import UsageError


def test_a_label_track_is_read(tmp_path: Path) -> None:
    file = tmp_path / "take.txt"
    file.write_bytes(
        "0.000000\t5.000000\tpiano\n5.000000\t9.250000\tKlavier, laut – é\n12.5\t12.5\tcheck here\n".encode()
    )
    assert read_labels(file) == [
        Span(0.0, 5.0, "piano", 1),
        Span(5.0, 9.25, "Klavier, laut – é", 2),
        Span(12.5, 12.5, "check here", 3),
    ]


def test_frequency_lines_empty_lines_and_other_line_ends_are_passed_over() -> None:
    text = "0\t5\tpiano\r\n\\\t100.000000\t2000.000000\r\n\r\n1e1\t20.\tviolin\r\n"
    assert [(span.start_s, span.end_s, span.title, span.line) for span in parse_labels(text, "take.txt")] == [
        (0, 5, "piano", 1),
        (10, 20, "violin", 4),
    ]


def test_a_byte_order_mark_and_a_missing_title_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "take.txt"
    file.write_bytes(b"\xef\xbb\xbf0\t5\n1\t2\t\n")
    assert [span.title for span in read_labels(file)] == ["", ""]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("0.0 5.0 piano", "there is no TAB"),
        ("0.0→5.0→piano", "there is no TAB"),
        ("00:00:01\t00:00:05\tpiano", "hours and minutes are not read"),
        ("-1.5\t5\tpiano", "'-1.5': a time is a number of seconds, 0 or more"),
        ("nan\t5\tpiano", "'nan': a time is"),
        ("0\tinf\tpiano", "'inf': a time is"),
        ("0\t1,5\tpiano", "'1,5': a time is"),
        ("0\t1_000\tpiano", "'1_000': a time is"),
        ("0\t٣\tpiano", "a time is"),
        ("0\t9e99\tpiano", "more than a week"),
        ("0\t" + "9" * 5_000 + "\tpiano", "a time is"),
        ("5\t1\tpiano", "ends before it begins"),
        ("\t\t", "'': a time is"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_the_way_out(line: str, why: str) -> None:
    if not line.strip():
        line += "x"
    with pytest.raises(UsageError) as error:
        parse_labels(f"0\t1\tpiano\n{line}\n", "take.txt")
    told = str(error.value)
    assert told.startswith("take.txt, line 2: ")
    assert why in told
    assert "Export Labels" in told
    assert "\n" not in told
    assert len(told) < 250


@pytest.mark.parametrize("data", [b"RIFF\x00\x00\xff\xfe\x80", b"\x000\t1\tpiano", b"\xff\xfe0\x00"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "take.txt"
    file.write_bytes(data)
    with pytest.raises(UsageError, match="not a text file of labels"):
        read_labels(file)


def test_a_huge_or_missing_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "take.txt"
    with pytest.raises(UsageError, match="cannot read"):
        read_labels(file)
    file.write_bytes(b"0\t1\tx\n" * (LARGEST_BYTES // 6 + 1))
    with pytest.raises(UsageError, match="too large"):
        read_labels(file)
