"""The line check as a user runs it: the scripted demo, a DAW's ReaStream with two lines swapped, and a pipe."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from earmark.realtime.check.demo import NAMES, RATE, stage
from earmark.realtime.check.keys import HELP
from tests.end_to_end.earmark import begin, command, earmark, environment, events
from tests.model import fixtures
from tests.realtime.check.test_demo import TOLD
from tests.realtime.sinks.receivers import free_port
from tests.realtime.sources.reastream_sender import BLOCK, packets

GUITAR, PIANO, VIOLIN = 2, 3, 4
FROM_S, UNTIL_S, TURNS_S = 12, 29, 17.5
PATIENCE_S = 120


def swapped() -> NDArray[np.float32]:
    """[3, n]: a guitar, then a piano on the violin's line, then a violin on the piano's."""
    return stage()[[GUITAR, PIANO, VIOLIN], FROM_S * RATE : UNTIL_S * RATE]


def mended() -> NDArray[np.float32]:
    """The same two once more, on their own lines."""
    return stage()[[GUITAR, VIOLIN, PIANO], round(TURNS_S * RATE) : UNTIL_S * RATE]


def names(*columns: int) -> list[str]:
    return [word for number, column in enumerate(columns, 1) for word in ("--name", f"{number}={NAMES[column]}")]


class Sender(threading.Thread):
    """A DAW that sends `sound` over and over its end, in silence, until it is stopped."""

    def __init__(self, port: int, sound: NDArray[np.float32]) -> None:
        super().__init__(daemon=True)
        self._target = ("127.0.0.1", port)
        self._sound = sound
        self.listened = threading.Event()
        self.stopping = threading.Event()

    def run(self) -> None:
        silence = np.zeros((len(self._sound), BLOCK), np.float32)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            begin_s, sent, played = time.monotonic(), 0, 0
            while not self.stopping.wait(max(0.0, begin_s + sent / RATE - time.monotonic())):
                block = self._sound[:, played : played + BLOCK] if self.listened.is_set() else silence
                played += BLOCK * self.listened.is_set()
                for data in packets(b"stage", RATE, block if block.shape[1] else silence):
                    out.sendto(data, self._target)
                sent += BLOCK


@pytest.mark.timeout(180)
def test_the_demo_finds_exactly_its_faults_and_says_them_word_for_word(tmp_path: Path) -> None:
    run = earmark(tmp_path, "check", "--demo", "--plain", "--journal", "c.jsonl")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert [line.partition(", peak")[0] for line in lines[: len(TOLD)]] == TOLD
    assert lines[-1] == "Exactly the scripted faults were found."
    assert lines[-2] == "2 of 6 well."
    told = [event for event in events(tmp_path / "c.jsonl") if event["kind"] == "check"]
    assert [event["state"] for event in told].count("good") == 3


@pytest.mark.timeout(240)
def test_two_swapped_lines_of_a_daw_are_found_and_once_mended_the_check_ends_by_itself(tmp_path: Path) -> None:
    port = free_port()
    sender = Sender(port, np.concatenate([swapped(), mended()], axis=1))
    sender.start()
    listen = ("--reastream", "stage", "--reastream-listen", f"127.0.0.1:{port}")
    check = begin(tmp_path, "check", *listen, *names(GUITAR, PIANO, VIOLIN), "--plain", "--journal", "c.jsonl")
    try:
        deadline = time.monotonic() + PATIENCE_S
        journal = tmp_path / "c.jsonl"
        while not (journal.exists() and '"check"' in journal.read_text(encoding="utf-8")):
            assert time.monotonic() < deadline, "the check never began"
            assert check.poll() is None, check.communicate()
            time.sleep(0.1)
        sender.listened.set()
        out, err = check.communicate(timeout=PATIENCE_S)
    finally:
        check.kill()
        sender.stopping.set()
        sender.join(10)
    assert check.returncode == 0, (out, err)
    told = [line.partition(", peak")[0] for line in out.splitlines() if not line.startswith("Input 1")]
    assert told == [
        "Line check of 3 inputs.",
        "Ac Gtr good",
        "Input 3, Violin: hears a piano, which belongs on input 2.",
        "Input 2, Piano: hears a violin, swapped with input 3?",
        "Piano good",
        "Violin good",
        "Line check over: 3 of 3 good.",
        "Input 2, Piano: good",
        "Input 3, Violin: good",
        "3 of 3 well.",
    ]


@pytest.mark.timeout(180)
def test_a_pipe_with_two_lines_swapped_ends_with_exit_code_1(tmp_path: Path) -> None:
    raw = tmp_path / "stage.raw"
    raw.write_bytes(swapped().T.astype("<f4").tobytes())
    form = ("--pipe", raw, "--pipe-channels", 3, "--pipe-format", "f32le")
    run = earmark(tmp_path, "check", *form, *names(GUITAR, PIANO, VIOLIN))
    assert run.returncode == 1, run.stderr
    assert "Input 2, Piano: hears a violin, swapped with input 3?" in run.stdout
    assert "swapped with 3?" in run.stdout.partition("expected")[2]


def test_names_that_say_nothing_are_told_before_anything_is_opened(tmp_path: Path) -> None:
    raw = tmp_path / "stage.raw"
    raw.write_bytes(bytes(4 * RATE))
    run = earmark(tmp_path, "check", "--pipe", raw, "--name", "1=Spare")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("earmark: no input has a name that says what it carries")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
def test_keys_in_a_terminal_ask_and_end(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "rest.wav", np.zeros(60 * RATE), RATE)
    model = fixtures.write(tmp_path / "tones.ts")
    desk, terminal = os.openpty()
    try:
        check = subprocess.Popen(
            command("check", "--file", "rest.wav", "--model", model, "--name", "1=Piano", "--plain"),
            cwd=tmp_path,
            env=environment(tmp_path),
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        os.write(desk, b"s\n?\nq\n")
        out, _ = check.communicate(timeout=PATIENCE_S)
    finally:
        os.close(desk)
        os.close(terminal)
    assert check.returncode == 1
    told = out.splitlines()
    assert told[0] == HELP
    assert "nobody is asked to play: name the input to skip" in told
    assert "0 of 1 good. Input 1, Piano: nothing yet." in told
    assert told[-1] == "0 of 1 well."
