import json
import math

import pytest

from earmark.realtime.sinks.lines import to_json, to_lines
from tests.realtime.sinks.made import Script


def test_a_line_is_the_event_compact_and_in_utf_8() -> None:
    event = Script(names=("Gesang ♪\n",)).onset(1, "violin")
    (line,) = to_lines([event])
    assert json.loads(line.data) == event.to_dict()
    assert "Gesang ♪".encode() in line.data
    assert b"\n" not in line.data
    assert b'{"v":1,"session":"s1","seq":1,"kind":"onset","channel":1' in line.data


def test_a_file_name_that_is_not_utf_8_survives() -> None:
    name = b"take-\xff.wav".decode("utf-8", "surrogateescape")
    assert json.loads(to_json({"path": name})) == {"path": name}


@pytest.mark.parametrize("value", [math.nan, math.inf, object()])
def test_what_json_does_not_have_is_left_out_and_logged(value: object, caplog: pytest.LogCaptureFixture) -> None:
    script = Script()
    events = [script.onset(1, "violin"), script.event("scores", 1, scores={"violin": value}), script.onset(2, "cello")]
    assert [line.event.seq for line in to_lines(events)] == [1, 3]
    assert "event 2 (scores)" in caplog.text
