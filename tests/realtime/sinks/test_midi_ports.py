import sys

import pytest

from earmark.realtime.errors import EarmarkError, UsageError
from earmark.realtime.sinks.midi_ports import MidiPort, find_port

NAMES = ["Midi Through:Midi Through Port-0 14:0", "Desk:Desk MIDI 1 20:0", "Desk:Desk MIDI 2 20:1", "IAC Bus 1"]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("IAC Bus 1", 3),
        ("through", 0),
        ("MIDI 2", 2),
        ("Desk:Desk MIDI 1 20:0", 1),
        ("Desk:Desk MIDI 1 28:0", 1),
    ],
)
def test_a_port_is_found_by_its_name_or_a_part_of_it(wanted, index):
    assert find_port(NAMES, wanted, "output") == index


def test_a_whole_name_wins_over_longer_ones():
    assert find_port(["Bus 10", "Bus 1"], "Bus 1", "output") == 1


def test_a_missing_port_is_an_error_that_lists_what_there_is():
    with pytest.raises(UsageError, match="no MIDI output 'Piano'; there are: Bus 1; Bus 2"):
        find_port(["Bus 1", "Bus 2"], "Piano", "output")
    with pytest.raises(UsageError, match="there are: none"):
        find_port([], "Piano", "input")


def test_a_part_that_fits_twice_is_an_error():
    with pytest.raises(UsageError, match="'Bus' is not clear"):
        find_port(["Bus 1", "Bus 2"], "Bus", "output")


def test_a_missing_rtmidi_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    with pytest.raises(EarmarkError, match="pip install"):
        MidiPort("virtual", "output")


def test_a_machine_without_a_midi_system_says_what_to_do(monkeypatch):
    monkeypatch.setenv("MIDO_BACKEND", "mido.backends.rtmidi/UNIX_JACK")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "earmark-no-such-server")
    pytest.importorskip("rtmidi")
    if sys.platform != "linux":
        pytest.skip("JACK is asked for, which wheels have on Linux only")
    with pytest.raises(EarmarkError, match="no MIDI system answers"):
        MidiPort("virtual", "output")


def test_an_unknown_system_is_refused(monkeypatch):
    pytest.importorskip("rtmidi")
    monkeypatch.setenv("MIDO_BACKEND", "mido.backends.rtmidi/AMIGA")
    with pytest.raises(UsageError, match="'AMIGA'"):
        MidiPort("virtual", "output")
