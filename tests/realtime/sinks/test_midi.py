"""MIDI out and in against JACK's own programs: what jack_midi_dump receives, and what jack_midiseq sends."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import pytest

from earmark.realtime.config import MidiConfig
from earmark.realtime.errors import UsageError
from earmark.realtime.sinks.midi import MidiSink
from earmark.realtime.sinks.midi_messages import MidiEncoder
from tests.jack import JackServer
from tests.real import require
from tests.realtime.sinks.receivers import PATIENCE_S
from tests.realtime.sinks.wires import event, offset, onset, rename, state

BATCHES = (
    [onset(1, 1, "violin", 0.9), onset(2, 2, "piano", 1.0)],
    [rename(3, 1, "violin", "viola", 0.5)],
    [offset(4, 2, "piano"), event(5, "overrun", skipped_windows=1)],
)

SENDER = """
import sys
from earmark.realtime.config import MidiConfig
from earmark.realtime.errors import EarmarkError
from earmark.realtime.sinks.midi import MidiSink
from tests.realtime.sinks.test_midi import BATCHES
from tests.realtime.sinks.wires import state

def tell(health):
    print(health.state, health.detail, flush=True)

sink = MidiSink(MidiConfig(port=sys.argv[1]), int(sys.argv[2]), tell, lambda: print("state wanted", flush=True))
try:
    sink.start()
except EarmarkError as error:
    print(type(error).__name__, error, flush=True)
    sys.exit()
print("ready", flush=True)
for line in sys.stdin:
    batches = {"all": BATCHES, "state": [[state(9, [["viola"]])]]}[line.strip()]
    for batch in batches:
        sink.put(batch)
sink.stop(10)
"""

LISTENER = """
import sys
from earmark.realtime.config import MidiConfig
from earmark.realtime.sinks.midi_in import MidiInput
from earmark.realtime.sinks.midi_ports import MidiPort

def submit(request):
    print(request.command.name, *request.command.args.values(), flush=True)

port = MidiInput(MidiConfig(listen="virtual", commands={"note 60": "ask 3"}), submit, print)
port.start()
daw = MidiPort("Earmark (commands)", "output")
print("ready", flush=True)
for line in sys.stdin:
    daw.send(bytes.fromhex(line))
daw.close()
port.stop(10)
"""

ORPHAN = """
import sys
from earmark.realtime.errors import EarmarkError
from earmark.realtime.sinks.midi_ports import MidiPort

port = MidiPort("virtual", "output")
print("ready", flush=True)
sys.stdin.readline()
try:
    for _ in range(5000):
        port.send([0x90, 60, 1])
except EarmarkError as error:
    print(error, flush=True)
"""

pytestmark = pytest.mark.real


class Jack:
    """A JACK server and what the tests do with its MIDI ports. It waits for nobody: programs vanish on purpose."""

    def __init__(self) -> None:
        self._server = JackServer(2, period=1024, waits_for_clients=False)
        self._server.start()
        self._environment = {**self._server.environment, "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK"}

    def __enter__(self) -> "Jack":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._server.stop()

    def program(self, *command: str) -> "Program":
        return Program(command, self._environment)

    def sender(self, port: str, inputs: int = 2) -> "Program":
        return self.program(sys.executable, "-c", SENDER, port, str(inputs))

    def dump(self, name: str) -> "Program":
        """jack_midi_dump, once its port exists."""
        dump = self.program(require("jack_midi_dump", "jackd2"), name)
        self.wait_for_port(f"{name}:input")
        return dump

    def connect(self, source: str, destination: str) -> None:
        self._run("jack_connect", source, destination)

    def ports(self) -> list[str]:
        return self._run("jack_lsp").splitlines()

    def wait_for_port(self, name: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while name not in self.ports():
            assert time.monotonic() < deadline, f"no port {name}"
            time.sleep(0.05)

    def _run(self, program: str, *arguments: str) -> str:
        command = [require(program, "jackd2"), *arguments]
        options = {"env": self._environment, "check": True, "capture_output": True, "text": True}
        return subprocess.run(command, timeout=PATIENCE_S, **options).stdout


class Program:
    """A program of which a test reads lines, with a limit to its patience. It ends with the test at the latest."""

    running: ClassVar[list["Program"]] = []

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        pipe = subprocess.PIPE
        self.running.append(self)
        self.process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True, bufsize=1)
        self._watchdog = threading.Timer(3 * PATIENCE_S, self.process.kill)
        self._watchdog.start()

    def line(self) -> str:
        line = self.process.stdout.readline()
        assert line, f"{self.process.args} ended"
        return line.strip()

    def lines_until(self, last: str) -> list[str]:
        found = [self.line()]
        while found[-1] != last:
            found.append(self.line())
        return found

    def say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def finish(self) -> None:
        self.process.communicate(timeout=PATIENCE_S)
        self._watchdog.cancel()
        assert self.process.returncode == 0

    def end(self) -> None:
        self._watchdog.cancel()
        if self.process.returncode is None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture(autouse=True)
def programs() -> Iterator[None]:
    yield
    while Program.running:
        Program.running.pop().end()


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    pytest.importorskip("rtmidi")
    with Jack() as server:
        yield server


def received(dump: Program, count: int) -> list[str]:
    """The bytes of the next messages, as hexadecimal."""
    lines: list[str] = []
    while len(lines) < count:
        found = re.match(r"\d+:\s+((?:[0-9a-f]{2} )+)", dump.line())
        lines += [found[1].strip()] if found else []
    return lines


def as_hex(out: list) -> list[str]:
    return [one.message.hex().lower() for one in out]


def test_jack_midi_dump_receives_the_edges_in_order_from_a_virtual_port(jack):
    dump = jack.dump("edges")
    program = jack.sender("virtual")
    assert program.line() == "ready"
    jack.connect("Earmark:Earmark (control)", "edges:input")
    program.say("all")
    program.finish()
    encoder = MidiEncoder(2)
    expected = [out for batch in BATCHES for out in encoder.encode(batch)] + encoder.end()
    assert received(dump, len(expected)) == as_hex(expected)


def test_a_named_port_is_first_rid_of_what_a_crash_left_on(jack):
    dump = jack.dump("desk")
    program = jack.sender("desk", 16)
    assert program.line() == "ready"
    program.say("all")
    program.finish()
    encoder = MidiEncoder(16)
    expected = encoder.fresh() + [out for batch in BATCHES for out in encoder.encode(batch)] + encoder.end()
    assert received(dump, len(expected)) == as_hex(expected)


def test_more_than_16_inputs_have_more_ports(jack):
    program = jack.sender("virtual", 33)
    assert program.line() == "ready"
    names = [name.partition(":")[2] for name in jack.ports() if name.startswith("Earmark")]
    assert sorted(names) == ["Earmark (control)", "Earmark (control) 2", "Earmark (control) 3"]
    program.finish()


def test_a_port_that_vanishes_is_told_and_is_opened_again_with_what_is_on(jack):
    dump = jack.dump("leaving")
    program = jack.sender("leaving", 1)
    assert program.line() == "ready"
    dump.end()
    assert program.line() == "lost MIDI output 'leaving:input' is gone; trying again"
    dump = jack.dump("leaving")
    assert program.line() == "state wanted"
    program.say("state")
    assert program.line().startswith("ok ")
    program.finish()
    encoder = MidiEncoder(1)
    expected = encoder.fresh() + encoder.encode([state(9, [["viola"]])]) + encoder.end()
    assert received(dump, len(expected)) == as_hex(expected)


def test_a_port_that_is_missing_is_refused_at_the_start(jack):
    jack.dump("present")
    assert jack.sender("absent").line() == "UsageError no MIDI output 'absent'; there are: present:input"


def test_pedals_and_mmc_arrive_from_other_programs(jack):
    program = jack.program(sys.executable, "-c", LISTENER)
    assert program.line() == "ready"
    sequence = ["24000", "0", "60", "6000", "12000", "61", "6000"]
    keys = jack.program(require("jack_midiseq", "jackd2"), "keys", *sequence)
    jack.wait_for_port("keys:out")
    [commands] = [name for name in jack.ports() if name.endswith(":Earmark (commands)")]
    jack.connect("keys:out", commands)
    assert program.line() == "ask 3"
    keys.end()
    program.say("F0 7F 7F 06 44 06 01 01 02 03 04 00 F7")
    program.say("F0 7F 7F 06 06 F7")
    program.say("F0 7F 7F 06 01 F7")
    told = program.lines_until("take stop 01:02:03:04")
    assert [line for line in told if line != "ask 3"] == ["take start 01:02:03:04", "take stop 01:02:03:04"]
    program.finish()


def test_a_midi_system_that_dies_is_an_error_and_does_not_stop_the_process():
    pytest.importorskip("rtmidi")
    with Jack() as server:
        program = server.program(sys.executable, "-c", ORPHAN)
        assert program.line() == "ready"
        server.stop()
        program.say("go")
        assert program.line().startswith("no MIDI system answers")
        program.finish()


def test_too_few_named_ports_are_refused():
    with pytest.raises(UsageError, match="name 2 ports, separated by commas"):
        MidiSink(MidiConfig(port="desk"), 17, lambda _: None, lambda: None)
