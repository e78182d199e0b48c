import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mido import Message

from earmark.realtime.commands import (
    COMMANDS,
    Command,
    CommandError,
    Pedals,
    build,
    parse_json,
    parse_osc,
    parse_text,
)
from earmark.realtime.errors import UsageError


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("ask", Command("ask", {"channel": "all"})),
        ("ask all", Command("ask", {"channel": "all"})),
        ("ask 3", Command("ask", {"channel": 3})),
        ("changed", Command("changed", {})),
        ("repeat", Command("repeat", {})),
        ("state", Command("state", {})),
        ("levels 12", Command("levels", {"channel": 12})),
        ("take start", Command("take", {"action": "start"})),
        ("take stop 00:01:02:03", Command("take", {"action": "stop", "position": "00:01:02:03"})),
        ("expect 3 Vln,tuba", Command("expect", {"channel": 3, "labels": "Vln, tuba"})),
        ("expect 3 none", Command("expect", {"channel": 3, "labels": "none"})),
        ("band piano", Command("band", {"labels": "piano"})),
        ("check", Command("check", {"action": "status"})),
        ("check ask", Command("check", {"action": "ask"})),
        ("check again 5", Command("check", {"action": "again", "channel": 5})),
        ("accept", Command("accept", {})),
        ("undo", Command("undo", {})),
        ("mute", Command("mute", {"action": "toggle"})),
        ("mute on", Command("mute", {"action": "on"})),
        ("verbosity 4", Command("verbosity", {"level": 4})),
        ("verbosity -", Command("verbosity", {"level": "-"})),
    ],
)
def test_every_command_reads_the_same_from_text_json_and_osc(text, command):
    words = text.split()
    assert parse_text(text) == command
    assert parse_json({"do": command.name, **command.args}) == command
    assert parse_osc(f"/earmark/do/{words[0]}", words[1:]) == command
    assert parse_osc("/earmark/do/" + "/".join(words), []) == command


def test_the_cases_above_know_the_whole_table():
    about_names = {"expect", "band", "check", "accept", "undo"}
    assert set(COMMANDS) == about_names | {"ask", "changed", "repeat", "state", "levels", "take", "mute", "verbosity"}


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ({"do": "aks"}, "did you mean 'ask'"),
        ({"do": "redo"}, "no command 'redo'"),
        ({"do": 3}, "no command 3; known: ask"),
        ({"do": None}, "no command None"),
        ({}, "a command is an object"),
        ([], "a command is an object"),
        ("ask", "a command is an object"),
        ({"do": "ask", "chanel": 1}, "did you mean 'channel'"),
        ({"do": "changed", "channel": 1}, "changed takes no 'channel'"),
        ({"do": "ask", "channel": 0}, "from 1 to 1024"),
        ({"do": "ask", "channel": 1025}, "from 1 to 1024"),
        ({"do": "ask", "channel": True}, "from 1 to 1024"),
        ({"do": "ask", "channel": 1.5}, "from 1 to 1024"),
        ({"do": "ask", "channel": float("nan")}, "from 1 to 1024"),
        ({"do": "ask", "channel": "9" * 5000}, "from 1 to 1024"),
        ({"do": "ask", "channel": {"a": 1}}, "from 1 to 1024"),
        ({"do": "take"}, "take needs its action"),
        ({"do": "take", "action": "pause"}, "start or stop"),
        ({"do": "take", "action": "start", "position": "x" * 65}, "1 to 64 printable"),
        ({"do": "take", "action": "start", "position": "a\nb"}, "1 to 64 printable"),
        ({"do": "expect", "channel": 1, "labels": "pino"}, "no label 'pino'; did you mean 'piano'"),
        ({"do": "expect", "channel": "all", "labels": "piano"}, "name one input"),
        ({"do": "band"}, "band needs its labels"),
        ({"do": "check", "action": "begin"}, "start or ask or stop or again or skip or status"),
        ({"do": "check", "action": "again", "channel": "all"}, "name one input"),
        ({"do": "mute", "action": "loud"}, "on or off or toggle"),
        ({"do": "verbosity", "level": 5}, "0 to 4"),
    ],
)
def test_what_is_wrong_is_said_in_one_short_line(message, says):
    with pytest.raises(CommandError, match=says) as raised:
        parse_json(message)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300


def test_osc_numbers_may_come_as_floats():
    assert parse_osc("/earmark/do/ask", [3.0]) == Command("ask", {"channel": 3})
    assert parse_osc("/earmark/do/mute", [1.0]) == Command("mute", {"action": "on"})
    assert parse_osc("/earmark/do/mute", [False]) == Command("mute", {"action": "off"})
    assert parse_osc("/earmark/do/verbosity", [2.0]) == Command("verbosity", {"level": 2})


def test_an_osc_button_asks_when_it_is_pressed_and_not_when_it_is_released():
    assert parse_osc("/earmark/do/changed", [1.0]) == Command("changed", {})
    assert parse_osc("/earmark/do/changed", [0.0]) is None
    assert parse_osc("/earmark/do/ask/3", [1]) == Command("ask", {"channel": 3})
    assert parse_osc("/earmark/do/ask/3", [0]) is None
    assert parse_osc("/earmark/do/take/start", [1.0]) == Command("take", {"action": "start"})


def test_too_many_arguments_are_refused():
    with pytest.raises(CommandError, match="at most 1 argument"):
        parse_osc("/earmark/do/ask", [1, 2])
    with pytest.raises(CommandError, match="takes no arguments"):
        parse_text("repeat twice")


_values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.integers())
)
_names = st.one_of(st.sampled_from(sorted(COMMANDS)), st.text())


@settings(deadline=None)
@given(_names, st.lists(_values, max_size=3))
def test_any_osc_message_is_a_command_or_a_refusal(name, params):
    try:
        command = parse_osc(f"/earmark/do/{name}", params)
    except CommandError:
        return
    assert command is None or build(command.name, command.args) == command


@settings(deadline=None)
@given(_names, st.dictionaries(st.sampled_from(["channel", "action", "position", "level", "x"]), _values, max_size=3))
def test_any_json_message_is_a_command_or_a_refusal(name, arguments):
    try:
        command = parse_json({**arguments, "do": name})
    except CommandError:
        return
    assert build(command.name, json.loads(json.dumps(dict(command.args)))) == command


def test_a_pedal_asks_only_when_it_is_pressed():
    pedals = Pedals({"cc 64": "changed"})
    values = [0, 63, 64, 127, 100, 10, 0, 90]
    pressed = [pedals.parse(Message("control_change", control=64, value=value)) is not None for value in values]
    assert pressed == [False, False, True, False, False, False, False, True]


def test_a_key_asks_when_it_goes_down():
    pedals = Pedals({"note 60": "ask all"})
    assert pedals.parse(Message("note_on", note=60, velocity=1, channel=9)) == Command("ask", {"channel": "all"})
    assert pedals.parse(Message("note_on", note=60, velocity=0)) is None
    assert pedals.parse(Message("note_off", note=60)) is None
    assert pedals.parse(Message("note_on", note=61, velocity=1)) is None
    assert pedals.parse(Message("program_change", program=60)) is None


@pytest.mark.parametrize(
    ("learned", "says"),
    [
        ({"note 128": "ask"}, "'note 128' is no key"),
        ({"pedal 1": "ask"}, "'pedal 1' is no key"),
        ({"cc": "ask"}, "'cc' is no key"),
        ({"cc 64": "aks"}, "did you mean 'ask'"),
        ({"cc 64": ""}, "no command"),
    ],
)
def test_a_map_that_cannot_be_read_is_refused_at_the_start(learned, says):
    with pytest.raises(UsageError, match=says):
        Pedals(learned)
