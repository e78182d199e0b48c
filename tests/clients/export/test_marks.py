"""Titles and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.clients.export.marks import LONGEST_TEXT, Mark, from_title, one_line


@pytest.mark.parametrize(
    ("mark", "title"),
    [
        (Mark(0, 1, "piano"), "piano"),
        (Mark(0, 1, "piano", channel=3), "Input 3: piano"),
        (Mark(0, 1, "hi-hat", "Kit: left"), "Kit: left: hi-hat"),
    ],
)
def test_a_title_tells_the_input_and_is_read_back(mark: Mark, title: str) -> None:
    assert mark.title == title
    assert from_title(0, 1, title) == mark


@pytest.mark.parametrize("title", ["check here", "Bridge: loud", "Keys:piano", "", ": ", "Input 3"])
def test_what_somebody_else_wrote_is_a_label_as_it_stands(title: str) -> None:
    assert from_title(0, 1, title) == Mark(0, 1, title)


@given(st.text())
def test_one_line_is_one_line_that_can_be_written(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    assert line == line.strip() == one_line(line)
    assert len(line) <= LONGEST_TEXT
    line.encode()


def test_one_line_takes_tabs_line_ends_and_broken_letters_out() -> None:
    assert one_line(" Bass\tDI\r\nleft \ud800 é ") == "Bass DI left é"
