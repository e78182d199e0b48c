import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.commands import Command, build
from earmark.realtime.transport import ADDRESSES, Transport

START = Command("take", {"action": "start"})
STOP = Command("take", {"action": "stop"})


def mmc(*body: int, device: int = 0x7F) -> list[int]:
    return [0x7F, device, 0x06, *body]


@pytest.mark.parametrize("end", [0x01, 0x04, 0x05, 0x07, 0x09])
def test_mmc_record_strobe_starts_a_take_and_what_leaves_recording_stops_it(end):
    transport = Transport()
    assert transport.feed_mmc(mmc(0x02)) is None
    assert transport.feed_mmc(mmc(0x06)) == START
    assert transport.feed_mmc(mmc(0x02)) is None
    assert transport.feed_mmc(mmc(0x06, device=3)) is None
    assert transport.feed_mmc(mmc(end)) == STOP
    assert transport.feed_mmc(mmc(end)) is None


def test_mmc_locate_gives_the_takes_position():
    transport = Transport()
    assert transport.feed_mmc(mmc(0x44, 0x06, 0x01, 0x61, 2, 3, 0x24, 0)) is None
    assert transport.feed_mmc(mmc(0x06)) == Command("take", {"action": "start", "position": "01:02:03:04"})


@pytest.mark.parametrize("data", [[], [0x7F], [0x7E, 0x7F, 0x06, 0x01], mmc()[:3], mmc(0x44, 6, 1), [0x43, 1, 6, 6]])
def test_other_sysex_is_left_alone(data):
    transport = Transport()
    assert transport.feed_mmc(data) is None
    assert transport.position is None


def test_reaper_records_and_stops():
    transport = Transport()
    told = [
        transport.feed_osc(address, [value])
        for address, value in [
            ("/time", 83.4567),
            ("/stop", 0.0),
            ("/play", 1.0),
            ("/record", 1.0),
            ("/record", 1.0),
            ("/time", 85.0),
            ("/record", 0.0),
            ("/stop", 1.0),
        ]
    ]
    assert told[3] == Command("take", {"action": "start", "position": "00:01:23.457"})
    assert told[6] == Command("take", {"action": "stop", "position": "00:01:25.000"})
    assert [index for index, command in enumerate(told) if command] == [3, 6]


def test_ardour_records_while_it_is_enabled_and_rolling():
    transport = Transport()
    assert transport.feed_osc("/record_tally", [1.0]) is None
    assert transport.feed_osc("/rec_enable_toggle", [1.0]) is None
    assert transport.feed_osc("/position/samples", ["48000"]) is None
    assert transport.feed_osc("/transport_play", [1]) == Command(
        "take", {"action": "start", "position": "48000 samples"}
    )
    assert transport.feed_osc("/transport_stop", [0]) is None
    assert transport.feed_osc("/position/samples", ["96000"]) is None
    assert transport.feed_osc("/transport_play", [0]) == Command(
        "take", {"action": "stop", "position": "96000 samples"}
    )
    assert transport.feed_osc("/transport_stop", [1]) is None


def test_ardour_punches_in_and_out_while_it_rolls():
    transport = Transport()
    transport.feed_osc("/transport_play", [1.0])
    assert transport.feed_osc("/rec_enable_toggle", [1.0]) == START
    assert transport.feed_osc("/rec_enable_toggle", [0.0]) == STOP


@pytest.mark.parametrize(
    ("address", "value", "position"),
    [
        ("/time", 3661.5, "01:01:01.500"),
        ("/time/str", "1:23.456", "00:01:23.456"),
        ("/time/str", "7.25", "00:00:07.250"),
        ("/position/time", "00:01:23.456", "00:01:23.456"),
        ("/position/smpte", "01:02:03:04", "01:02:03:04"),
        ("/position/smpte", "01:02:03;04", "01:02:03:04"),
        ("/position/samples", "123456789", "123456789 samples"),
    ],
)
def test_positions_are_read(address, value, position):
    transport = Transport()
    transport.feed_osc(address, [value])
    assert transport.position == position


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("/time", float("nan")),
        ("/time", float("inf")),
        ("/time", -1.0),
        ("/time", "x"),
        ("/time/str", "1.2.3"),
        ("/time/str", "1:2:3:4"),
        ("/time/str", "nan"),
        ("/time/str", "1" * 400),
        ("/position/smpte", "1:2:3"),
        ("/position/samples", "-4"),
        ("/position/samples", "9" * 400),
        ("/position/samples", None),
    ],
)
def test_a_position_that_cannot_be_read_leaves_the_last_one(address, value):
    transport = Transport()
    transport.feed_osc("/time", [1.0])
    transport.feed_osc(address, [value])
    assert transport.position == "00:00:01.000"


_params = st.lists(st.one_of(st.floats(), st.integers(), st.text(), st.booleans(), st.none(), st.binary()), max_size=2)
_osc = st.tuples(st.sampled_from(sorted(ADDRESSES)), _params)
_mmc = st.lists(st.integers(0, 127), max_size=12).map(lambda rest: [0x7F, 0x7F, 0x06, *rest])


@settings(deadline=None)
@given(st.lists(st.one_of(_osc, _mmc), max_size=40))
def test_starts_and_stops_alternate_whatever_comes_and_are_commands_of_the_table(messages):
    transport = Transport()
    told = []
    for message in messages:
        command = transport.feed_osc(*message) if isinstance(message, tuple) else transport.feed_mmc(message)
        if command is not None:
            assert build(command.name, command.args) == command
            told.append(command.args["action"])
    assert told == ["start" if index % 2 == 0 else "stop" for index in range(len(told))]
