import io

from rich.console import Console

from earmark.realtime.check.inputs import Result
from earmark.realtime.check.report import exit_code, plain_lines, row, table
from tests.realtime.check.scenes import KICK, PIANO, SINGER, SNARE

GOOD = Result(1, KICK, "good", "kick", None, -9.4, {})
HUMS = Result(2, PIANO, "good", "piano", None, -12.0, {"hum": "50 Hz"})
HOT = Result(2, PIANO, "good", "piano", None, -1.0, {"hot": "peak -1.0 dBFS"})
SWAPPED = Result(3, SNARE, "swapped", "male_singer", 4, -20.0, {})
OPEN = Result(4, SINGER, "open", "", None, -90.0, {"dead": "digital zero"})
NAMES = ("BD", "Keys", "SN", "Vox")


def test_the_exit_code_is_0_only_where_all_are_well() -> None:
    assert exit_code([GOOD, HOT]) == 0
    for bad in (HUMS, SWAPPED, OPEN):
        assert exit_code([GOOD, bad]) == 1
    assert exit_code([]) == 1


def test_each_row_tells_what_was_expected_what_was_heard_and_how_loud() -> None:
    assert row(GOOD, "BD") == ("1", "BD", "kick", "good", "kick", "-9.4", "")
    assert row(HUMS, "Keys")[-1] == "hums at 50 Hz"
    assert row(SWAPPED, "SN")[3:5] == ("swapped with 4?", "singer")
    wrong = Result(3, SNARE, "wrong", "male_singer", 4, -20.0, {})
    assert row(wrong, "SN")[3] == "wrong: input 4's?"
    assert row(OPEN, "Vox") == ("4", "Vox", "singer", "open", "nothing", "", "dead line (digital zero)")


def test_the_table_has_every_input() -> None:
    out = io.StringIO()
    Console(file=out, width=120).print(table([GOOD, SWAPPED], NAMES))
    text = out.getvalue()
    assert "BD" in text
    assert "swapped with 4?" in text


def test_plain_lines_are_sentences_and_a_sum() -> None:
    assert plain_lines([GOOD, HUMS, OPEN], NAMES) == [
        "Input 1, BD: good, peak -9.",
        "Input 2, Keys: good, peak -12, hums at 50 Hz.",
        "Input 4, Vox: nothing yet, dead line (digital zero).",
        "1 of 3 well.",
    ]
