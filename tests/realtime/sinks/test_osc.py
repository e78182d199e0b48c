"""The OSC sink against real receivers: liblo's oscdump and UDP sockets."""

import re
import socket
import subprocess
import threading

import pytest

from earmark.realtime.config import OscConfig
from earmark.realtime.errors import UsageError
from earmark.realtime.sinks.osc import OscSink, osc_sinks
from earmark.realtime.sinks.osc_messages import MAX_PACKET_BYTES, Message, OscEncoder, snapshot
from earmark.realtime.sinks.osc_packets import messages_in
from tests.real import require
from tests.realtime.sinks.receivers import PATIENCE_S, Notes, free_port, receive_until, receiver, target
from tests.realtime.sinks.wires import event, offset, onset, rename, state


def as_dumped(message: Message) -> str:
    """A message as oscdump writes it."""
    kinds = {"f": lambda v: f"{v:f}", "i": str, "s": lambda v: f'"{v}"'}
    values = " ".join(kinds[kind](value) for kind, value in zip(message.types, message.values, strict=True))
    return f"{message.address} {message.types} {values}"


def dumped_by_oscdump(events: list[list], last: str) -> list[str]:
    """What oscdump writes of these batches, up to the first line that begins with `last`."""
    program = require("oscdump", "liblo-tools")
    port = free_port()
    with subprocess.Popen([program, "-L", str(port)], stdout=subprocess.PIPE, text=True) as dump:
        try:
            lines: list[str] = []
            wait_until_it_listens(port, dump)
            notes = Notes()
            sink = OscSink(f"127.0.0.1:{port}", notes.report, notes.want_state)
            sink.start()
            for batch in events:
                sink.put(batch)
            sink.stop(PATIENCE_S)
            while not lines or not lines[-1].startswith(last):
                line = dump.stdout.readline()
                assert line, "oscdump ended"
                lines.append(line.rstrip("\n").partition(" ")[2])
            assert notes.told == []
            return [line for line in lines if line != "/ready i 1"]
        finally:
            dump.kill()


def wait_until_it_listens(port: int, dump: subprocess.Popen) -> None:
    """Sends until oscdump writes; a refusal tells that it does not listen yet."""
    heard = threading.Event()
    first: list[str] = []

    def read() -> None:
        first.append(dump.stdout.readline())
        heard.set()

    threading.Thread(target=read, daemon=True).start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _ in range(200):
            sock.sendto(b"/ready\0\0,i\0\0\0\0\0\1", ("127.0.0.1", port))
            if heard.wait(0.1):
                return
    raise AssertionError("oscdump does not listen")


def test_oscdump_receives_exactly_the_projection_in_order():
    batches = [
        [state(1, [["piano"], []])],
        [onset(2, 2, "violin", 0.75), event(3, "signal", 1, state="hot", on=True, detail="")],
        [rename(4, 2, "violin", "viola", 0.5), offset(5, 1, "piano")],
        [event(6, "gap", lost_samples=480, reason="overflow"), onset(7, 1, "piano", 1.0)],
        [event(8, "take", number=1, action="start", position="00:00:01.000")],
    ]
    encoder = OscEncoder()
    groups = encoder.encode(batches[0]) + snapshot(encoder.board)
    for batch in batches[1:]:
        groups += encoder.encode(batch)
    expected = [as_dumped(message) for group in groups for message in group]
    assert dumped_by_oscdump(batches, expected[-1]) == expected


def test_oscdump_receives_64_inputs_that_all_change_in_one_hop():
    last = "/earmark/event isissfsssss 64 "
    lines = dumped_by_oscdump([[onset(n, n, "distorted_electric_guitar") for n in range(1, 65)]], last)
    edges = [line for line in lines if re.match(r"/earmark/\d+/distorted_electric_guitar f ", line)]
    assert edges == [f"/earmark/{n}/distorted_electric_guitar f 1.000000" for n in range(1, 65)]


def test_no_datagram_of_64_inputs_is_too_long():
    with receiver() as sock:
        notes = Notes()
        sink = OscSink(target(sock), notes.report, notes.want_state)
        sink.start()
        sink.put([onset(n, n, "distorted_electric_guitar") for n in range(1, 65)])
        sink.stop(PATIENCE_S)
        received = 0
        while received < 64:
            packet = sock.recv(65536)
            assert len(packet) <= MAX_PACKET_BYTES
            received += sum(message.address == "/earmark/event" for message in messages_in(packet))


def test_an_onset_held_for_a_minute_is_exactly_one_1():
    with receiver() as sock:
        notes = Notes()
        sink = OscSink(target(sock), notes.report, notes.want_state)
        sink.start()
        sink.put([onset(1, 1, "violin")])
        for hop in range(2, 240):
            sink.put([event(hop, "overrun", hop=hop, skipped_windows=1), state(hop, [["violin"]], hop=hop)])
        sink.put([offset(240, 1, "violin", hop=240), event(241, "take", number=1, action="start")])
        sink.stop(PATIENCE_S)
        edges: list[object] = []
        kinds: list[object] = []
        while "take" not in kinds:
            for message in messages_in(sock.recv(65536)):
                edges += message.params if message.address == "/earmark/1/violin" else []
                kinds += message.params[1:2] if message.address == "/earmark/event" else []
        assert edges == [1.0, 0.0]


def test_a_plain_target_gets_no_bundles():
    with receiver() as sock:
        notes = Notes()
        [sink] = osc_sinks(OscConfig(targets=(target(sock),), plain=(target(sock),)), notes.report, notes.want_state)
        sink.start()
        sink.put([onset(1, 1, "violin")])
        sink.stop(PATIENCE_S)
        packets = [sock.recv(65536) for _ in range(6)]
        assert not any(packet.startswith(b"#bundle") for packet in packets)
        assert packets[0].startswith(b"/earmark/1/violin\0")


def test_a_snapshot_is_sent_again_and_again_where_that_is_wanted():
    with receiver() as sock:
        notes = Notes()
        sink = OscSink(target(sock), notes.report, notes.want_state, snapshot_s=0.5)
        sink.start()
        sink.put([state(3, [["violin"]])])
        for _ in range(3):
            found = dict(receive_until(sock, "/earmark/state/seq"))
        sink.stop(PATIENCE_S)
        assert found["/earmark/state/1/labels"] == ["violin"]


def test_a_target_that_is_not_there_is_told_once_delays_nobody_and_gets_the_state_when_it_comes():
    port = free_port()
    with receiver() as healthy:
        notes = Notes()
        sinks = osc_sinks(
            OscConfig(targets=(f"127.0.0.1:{port}", "no-such-host.invalid:9000", target(healthy))),
            notes.report,
            notes.want_state,
        )
        for sink in sinks:
            sink.start()
        for sink in sinks:
            sink.put([onset(1, 1, "violin"), event(2, "take", number=1, action="start")])
        assert ("/earmark/1/violin", [1.0]) in receive_until(healthy, "/earmark/event")
        for seq in range(3, 30):
            sinks[0].put([event(seq, "overrun", skipped_windows=1)])
        absent = f"osc 127.0.0.1:{port}"
        notes.wait_for(absent, "lost")
        notes.wait_for("osc no-such-host.invalid:9000", "lost")
        with receiver(port) as late:
            notes.wait_for(absent, "ok")
            found = dict(receive_until(late, "/earmark/state/seq"))
            assert found["/earmark/state/1/labels"] == ["violin"]
        for sink in sinks:
            sink.stop(PATIENCE_S)
    told = [health.state for health in notes.told if health.part == absent]
    assert told[:2] == ["lost", "ok"]
    unresolved = [health for health in notes.told if health.part == "osc no-such-host.invalid:9000"]
    assert [health.state for health in unresolved][:1] == ["lost"]
    assert "cannot be resolved" in unresolved[0].detail


def test_a_target_that_is_no_address_is_refused():
    notes = Notes()
    with pytest.raises(UsageError, match="HOST:PORT"):
        OscSink("9000", notes.report, notes.want_state)
