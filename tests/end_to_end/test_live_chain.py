"""A band through the whole chain: JACK brings eight inputs, and what each wire carries is the journal's projection."""

import asyncio
import csv
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from earmark.clients.client import Client
from earmark.model.labels import BY_ID
from earmark.realtime.demo import play
from tests.end_to_end.earmark import begin, earmark, events
from tests.jack import JackServer
from tests.real import recordings, require

RATE, INPUTS = 48_000, 8
SAMPLES = 15 * RATE
PERIOD = 1024
"""Longer than usual: what is asserted here is content, on a machine that may be busy."""
PORTS = [f"PortAudio:in_{n}" for n in range(INPUTS)]
MIDI_PORT = "Earmark:Earmark (control)"
PATIENCE_S = 60
TRIES = 3
DEMO = Path(play.__file__).with_name("session.ogg")
PLAYED = [0, 3]
OF_A_RUN = {"session", "utc_ns", "emitted_ns", "path"}

pytestmark = pytest.mark.real


def band() -> NDArray[np.int16]:
    """[INPUTS, n]: the stems of one song, the first sample of each not 0."""
    folder = recordings()
    songs: dict[str, list[Path]] = {}
    with (folder / "recordings.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["role"] == "STEM":
                songs.setdefault(row["song"], []).append(folder / row["path"])
    stems = next(stems for stems in songs.values() if len(stems) >= INPUTS)
    sound = np.zeros((INPUTS, SAMPLES), np.int16)
    for row, stem in zip(sound, stems[:INPUTS], strict=True):
        heard, rate = soundfile.read(stem, frames=SAMPLES, dtype="int16", always_2d=True)
        assert rate == RATE
        row[: len(heard)] = heard[:, 0]
    sound[:, 0] = 1_000
    return sound


class Listener:
    """A WebSocket client that keeps everything it gets."""

    def __init__(self, port: int) -> None:
        self.messages: list[dict[str, Any]] = []
        self._client = Client(f"ws://127.0.0.1:{port}")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._listen(),), daemon=True)
        self._thread.start()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result(PATIENCE_S)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    async def _listen(self) -> None:
        async for message in self._client:
            self.messages.append(message)


class Run:
    """One run of `earmark live` on JACK with all its receivers; `journal` and the rest are what came out."""

    def __init__(self, folder: Path, server: JackServer, sound: NDArray[np.int16]) -> None:
        folder.mkdir()
        soundfile.write(folder / "band.wav", sound.T, RATE, subtype="PCM_16")
        osc_port, ws_port = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_STREAM)
        dumps = folder / "osc.txt", folder / "midi.txt"
        with ExitStack() as ends:
            ends.enter_context(program(dumps[0], "oscdump", "liblo-tools", "-L", str(osc_port)))
            ends.enter_context(program(dumps[1], "jack_midi_dump", "jackd2", "desk", env=server.environment))
            live = begin(
                folder,
                *("live", "--device", "system", "--channels", f"1-{INPUTS}", "--record", "take.wav", "--for", 120),
                *("--osc", f"127.0.0.1:{osc_port}", "--midi", "virtual", "--ws", f"127.0.0.1:{ws_port}"),
                *("--journal", "j.jsonl", "--quiet"),
                base=server.environment,
            )
            ends.callback(live.kill)
            until(lambda: {MIDI_PORT, "desk:input", *PORTS} <= set(server.ports()))
            connect = [require("jack_connect", "jackd2"), MIDI_PORT, "desk:input"]
            subprocess.run(connect, env=server.environment, check=True)
            listener = ends.enter_context(closing(Listener(ws_port)))
            until(lambda: listener.messages)
            server.feed(folder / "band.wav", PORTS).wait(SAMPLES / RATE + PATIENCE_S)
            time.sleep(1)  # the end of the sound is still on its way
            live.send_signal(signal.SIGINT)
            _, self.stderr = live.communicate(timeout=PATIENCE_S)
            self.returncode = live.returncode
            self.journal = events(folder / "j.jsonl")
            self.starved = any(event["kind"] == "gap" for event in self.journal)
            osc, midi = osc_of(self.journal), midi_of(self.journal)
            until(lambda: len(osc_in(dumps[0])) >= len(osc) and len(midi_in(dumps[1])) >= len(midi), must=False)
        self.osc, self.midi = osc_in(dumps[0]), midi_in(dumps[1])
        self.websocket = listener.messages
        recording = soundfile.read(folder / "take.wav", dtype="float32")[0].T
        begins = int(np.argmax(recording.any(axis=0)))
        heard = recording[:, begins : begins + sound.shape[1]]
        self.whole = np.array_equal(heard, sound.astype(np.float32) / 32_768)
        """Whether every sample of every input is in the recording, all inputs at the same place."""


def osc_of(journal: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """What the wire must carry: each event's edges, and then the event's own number."""
    wire: list[tuple[str, float]] = []
    for event in journal:
        wire += [(f"/earmark/{channel}/{label}", float(on)) for channel, label, on, _ in edges(event)]
        if event["kind"] != "state":
            wire.append(("/earmark/event", event["seq"]))
    return wire


def osc_in(dump: Path) -> list[tuple[str, float]]:
    lines = re.findall(r"^\S+ (/earmark/\S+) \S+ (\S+)", dump.read_text(encoding="utf-8"), re.MULTILINE)
    return [(address, float(value)) for address, value in lines if address == "/earmark/event" or is_edge(address)]


def is_edge(address: str) -> bool:
    match = re.fullmatch(r"/earmark/\d+/(\w+)", address)
    return match is not None and match[1] in BY_ID


def midi_of(journal: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    """Status, note and velocity of each message."""
    wire: list[tuple[int, int, int]] = []
    for event in journal:
        for channel, label, on, confidence in edges(event):
            velocity = 1 + round(126 * confidence) if on else 0
            wire.append(((0x90 if on else 0x80) + channel - 1, BY_ID[label].note, velocity))
    return wire


def midi_in(dump: Path) -> list[tuple[int, int, int]]:
    """The notes from the first one on that was switched on: before it, all are switched off."""
    lines = re.findall(r"^ *\d+: ([89]\w) (\w\w) (\w\w)", dump.read_text(encoding="utf-8"), re.MULTILINE)
    notes = [(int(status, 16), int(note, 16), int(velocity, 16)) for status, note, velocity in lines]
    first = next((index for index, note in enumerate(notes) if note[0] >= 0x90), len(notes))
    return notes[first:]


def edges(event: dict[str, Any]) -> Iterator[tuple[int, str, bool, float]]:
    """Channel, label, whether it goes on, and how surely."""
    match event["kind"]:
        case "onset":
            yield event["channel"], event["label"], True, event["confidence"]
        case "offset":
            yield event["channel"], event["label"], False, 0.0
        case "rename":
            yield event["channel"], event["from"], False, 0.0
            yield event["channel"], event["to"], True, event["confidence"]


@contextmanager
def program(out: Path, name: str, apt_package: str, *args: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """A receiver that writes to `out` until the end."""
    with out.open("wb") as file:
        process = subprocess.Popen([require(name, apt_package), *args], stdout=file, env=env)
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def until(true: Callable[[], Any], must: bool = True) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true() or not must, "it never happened"


@pytest.mark.timeout(400)
def test_a_band_arrives_whole_and_every_wire_tells_what_the_journal_tells(tmp_path: Path) -> None:
    sound = band()
    for attempt in range(TRIES):
        with JackServer(INPUTS, period=PERIOD) as server:
            run = Run(tmp_path / str(attempt), server, sound)
        if run.whole or not run.starved:
            break
    else:
        pytest.fail(f"sound was lost in {TRIES} runs: this machine is too busy for JACK")
    assert run.whole
    assert run.returncode == 0, run.stderr
    assert run.stderr.startswith("Listening to system: 8 inputs at 48000 Hz."), "not a word of JACK's and ALSA's own"

    told = {event["channel"] for event in run.journal if event["kind"] == "onset"}
    assert len(told) >= INPUTS // 2, "the band was heard"
    assert run.osc == osc_of(run.journal)
    assert run.midi == midi_of(run.journal)
    state, *later = run.websocket
    assert state.pop("missed") is None
    assert state["kind"] == "state"
    assert later == [event for event in run.journal if event["seq"] > state["seq"]]
    assert [event["seq"] for event in run.journal] == list(range(1, len(run.journal) + 1))


@pytest.mark.timeout(180)
def test_a_pipe_from_ffmpeg_gives_the_events_of_the_file(tmp_path: Path) -> None:
    rate, inputs = 44_100, 2
    sound = soundfile.read(DEMO, frames=8 * RATE, dtype="float32")[0][:, PLAYED]
    soundfile.write(tmp_path / "take.wav", soxr.resample(sound, RATE, rate), rate, subtype="PCM_16")
    raw = ["-loglevel", "error", "-i", "take.wav", "-f", "s16le", "-"]
    with subprocess.Popen([require("ffmpeg", "ffmpeg"), *raw], cwd=tmp_path, stdout=subprocess.PIPE) as ffmpeg:
        form = ("--pipe-format", "s16le", "--pipe-channels", inputs, "--rate", rate)
        run = earmark(tmp_path, "live", "--pipe", "-", *form, "--journal", "live.jsonl", "--quiet", stdin=ffmpeg.stdout)
    assert run.returncode == 0, run.stderr
    assert earmark(tmp_path, "label", "take.wav", "--journal", "label.jsonl").returncode == 0
    live, label = (without_run(events(tmp_path / name)) for name in ("live.jsonl", "label.jsonl"))
    assert {event["channel"] for event in live if event["kind"] == "onset"} == {1, 2}
    assert live == label


def without_run(journal: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events without what differs from run to run."""
    return [{key: event[key] for key in event.keys() - OF_A_RUN} for event in journal]
