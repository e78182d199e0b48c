"""The OSC port for commands, with real datagrams."""

import logging
import queue
import socket
import subprocess
from collections.abc import Iterator

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from earmark.realtime.commands import Command, Request
from earmark.realtime.daw_tracks import DawTracks
from earmark.realtime.errors import EarmarkError
from earmark.realtime.sinks.osc import OscSink
from earmark.realtime.sinks.osc_in import OscInput
from earmark.realtime.sinks.osc_messages import snapshot
from earmark.realtime.sinks.osc_packets import MAX_BYTES, messages_in
from tests.real import require
from tests.realtime.sinks.receivers import PATIENCE_S, Notes, receive_until, receiver, target
from tests.realtime.sinks.wires import state


class Desk:
    """Somebody with one socket who asks."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", port))

    def send(self, address: str, *values: object) -> None:
        builder = OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)
        self.socket.send(builder.build().dgram)

    def hear(self) -> tuple[str, list[object]]:
        [message] = messages_in(self.socket.recv(65536))
        return message.address, message.params


@pytest.fixture
def requests() -> queue.Queue[Request]:
    return queue.Queue()


@pytest.fixture
def listening(requests) -> Iterator[OscInput]:
    port = OscInput("127.0.0.1:0", requests.put)
    port.start()
    yield port
    port.stop(PATIENCE_S)


@pytest.fixture
def desk(listening) -> Iterator[Desk]:
    desk = Desk(listening.port)
    yield desk
    desk.socket.close()


def test_a_command_is_handed_on_and_its_answer_goes_to_the_sender(desk, requests):
    desk.send("/earmark/do/ask", 3)
    request = requests.get(timeout=PATIENCE_S)
    assert request.command == Command("ask", {"channel": 3})
    assert request.origin == f"osc 127.0.0.1:{desk.socket.getsockname()[1]}"
    request.reply("input 3: violin")
    assert desk.hear() == ("/earmark/answer", ["input 3: violin"])


def test_an_answer_of_any_length_fits(desk, requests):
    desk.send("/earmark/do/ask")
    requests.get(timeout=PATIENCE_S).reply("é" * 5000)
    address, [text] = desk.hear()
    assert address == "/earmark/answer"
    assert set(text) == {"é"}


def test_what_is_no_command_is_answered_with_the_nearest(desk, requests):
    desk.send("/earmark/do/aks")
    assert desk.hear() == ("/earmark/answer", ["no command 'aks'; did you mean 'ask'?"])
    assert requests.empty()


def test_whoever_asks_for_the_state_gets_all_of_it(desk, listening, requests):
    listening.put([state(5, [["violin"], ["piano", "viola"]])])
    desk.send("/earmark/do/state")
    received = receive_until(desk.socket, "/earmark/state/seq")
    sent = snapshot(listening._board)
    assert received == [(m.address, list(m.values)) for group in sent for m in group]
    assert requests.empty()


def test_targets_on_the_askers_machine_get_the_answer_as_well(requests):
    with receiver() as surface:
        notes = Notes()
        sink = OscSink(target(surface), notes.report, notes.want_state, plain=True)
        sink.start()
        listening = OscInput("127.0.0.1:0", requests.put, [sink])
        listening.start()
        desk = Desk(listening.port)
        listening.put([state(5, [["violin"]])])
        desk.send("/earmark/do/state")
        assert receive_until(desk.socket, "/earmark/state/seq") == receive_until(surface, "/earmark/state/seq")
        desk.send("/earmark/do/changed")
        requests.get(timeout=PATIENCE_S).reply("nothing changed")
        assert desk.hear() == ("/earmark/answer", ["nothing changed"])
        assert receive_until(surface, "/earmark/answer")[-1][1] == ["nothing changed"]
        listening.stop(PATIENCE_S)
        sink.stop(PATIENCE_S)
        desk.socket.close()


def test_the_daws_transport_becomes_takes(desk, requests):
    desk.send("/time", 12.5)
    desk.send("/record", 1.0)
    desk.send("/record", 0.0)
    commands = [requests.get(timeout=PATIENCE_S).command for _ in range(2)]
    assert [command.args["action"] for command in commands] == ["start", "stop"]
    assert commands[0].args["position"] == "00:00:12.500"


def test_what_the_daw_tells_of_its_tracks_is_kept(requests):
    tracks = DawTracks()
    listening = OscInput("127.0.0.1:0", requests.put, tracks=tracks)
    listening.start()
    desk = Desk(listening.port)
    desk.send("/track/3/name", "Vln 1")
    desk.send("/track/3/recarm", 1.0)
    desk.send("/earmark/do/ask")
    requests.get(timeout=PATIENCE_S)
    assert tracks.armed() == {tracks.find("vln 1")} == {3}
    listening.stop(PATIENCE_S)
    desk.socket.close()


def test_garbage_is_counted_and_changes_nothing(desk, listening, requests):
    for packet in [
        b"x",
        b"#bundle\0",
        b"#bundle\0" + bytes(8) + b"\xff\xff\xff\xfc",
        bytes(MAX_BYTES + 1),
        b"/a\0\0,Q\0\0",
    ]:
        desk.socket.send(packet)
    desk.send("/track/1/name", "drums")
    desk.send("/earmark/do/changed", 1.0)
    assert requests.get(timeout=PATIENCE_S).command == Command("changed", {})
    assert listening.ignored_packets == 5


def test_a_submit_that_fails_does_not_end_listening():
    heard: queue.Queue[str] = queue.Queue()

    def submit(request: Request) -> None:
        heard.put(request.command.name)
        raise RuntimeError("full")

    listening = OscInput("127.0.0.1:0", submit)
    listening.start()
    desk = Desk(listening.port)
    desk.send("/earmark/do/changed")
    desk.send("/earmark/do/repeat")
    assert [heard.get(timeout=PATIENCE_S) for _ in range(2)] == ["changed", "repeat"]
    listening.stop(PATIENCE_S)
    desk.socket.close()


def test_oscsend_asks(listening, requests):
    program = require("oscsend", "liblo-tools")
    subprocess.run([program, "127.0.0.1", str(listening.port), "/earmark/do/take", "s", "start"], check=True)
    assert requests.get(timeout=PATIENCE_S).command == Command("take", {"action": "start"})


def test_a_port_that_is_taken_is_an_error_that_says_so(listening, requests):
    with pytest.raises(EarmarkError, match=f"cannot listen for OSC on 127.0.0.1:{listening.port}: .*; choose another"):
        OscInput(f"127.0.0.1:{listening.port}", requests.put).start()


def test_listening_to_the_network_is_warned_of(requests, caplog):
    with caplog.at_level(logging.WARNING):
        listening = OscInput("0.0.0.0:0", requests.put)
        listening.start()
        listening.stop(PATIENCE_S)
    assert "from anybody on the network" in caplog.text
