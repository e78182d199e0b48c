import pytest
from mido import Message

from earmark.realtime.commands import Command, Request
from earmark.realtime.config import MidiConfig
from earmark.realtime.errors import UsageError
from earmark.realtime.sinks.midi_in import MidiInput


def asked(*messages: Message | list[int]) -> list[Command]:
    requests: list[Request] = []
    config = MidiConfig(listen="virtual", commands={"note 60": "ask all", "cc 64": "take start"})
    port = MidiInput(config, requests.append, lambda _: None)
    for message in messages:
        port.receive(message if isinstance(message, list) else message.bytes())
    for request in requests:
        request.reply("input 1: violin")
    return [request.command for request in requests]


def test_keys_and_pedals_ask_what_they_have_learned():
    assert asked(
        Message("note_on", note=60, velocity=90),
        Message("note_off", note=60),
        Message("control_change", control=64, value=127),
        Message("control_change", control=64, value=127),
    ) == [Command("ask", {"channel": "all"}), Command("take", {"action": "start"})]


def test_mmc_starts_and_stops_takes():
    strobe, stop = [0xF0, 0x7F, 0x7F, 0x06, 0x06, 0xF7], [0xF0, 0x7F, 0x7F, 0x06, 0x01, 0xF7]
    assert [command.args["action"] for command in asked(strobe, stop)] == ["start", "stop"]


@pytest.mark.parametrize("data", [[], [0x40], [0x90, 60], [0x90, 200, 1], [0xF0, 0x7F], [0xF0, 0xF7], [0xFF]])
def test_what_is_no_message_is_ignored(data):
    assert asked(data) == []


def test_a_map_that_cannot_be_read_is_refused():
    with pytest.raises(UsageError, match="did you mean 'ask'"):
        MidiInput(MidiConfig(listen="virtual", commands={"note 1": "aks"}), lambda _: None, lambda _: None)
