"""The demo without a sound card, and the ends that a user makes: Ctrl-C, and the system's request to end."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from earmark.realtime.demo import play
from earmark.realtime.demo.compare import REACH_S
from earmark.realtime.sinks.osc_packets import messages_in
from tests.end_to_end.earmark import begin, environment, events
from tests.model import fixtures
from tests.realtime.sinks.receivers import free_port, receiver, target

BARRED = ("sounddevice", "torchaudio", "scipy", "matplotlib")
DEMO = Path(play.__file__).with_name("session.ogg")
SECONDS = 21
SUMMARY = re.compile(r"^\d+ events?, \d+ windows?, \d+ skipped, \d+ gaps? \(\d+ samples?\)", re.MULTILINE)


def addresses(sock: socket.socket) -> list[str]:
    """Those of all that has come."""
    sock.settimeout(0.5)
    found: list[str] = []
    while True:
        try:
            found += [message.address for message in messages_in(sock.recv(65536))]
        except TimeoutError:
            return found


@pytest.mark.timeout(180)
def test_the_demo_plays_without_a_sound_device_and_its_events_go_out(tmp_path: Path) -> None:
    bar = f"import sys; sys.modules.update(dict.fromkeys({BARRED}))"
    ports = ("--osc-listen", f"127.0.0.1:{free_port()}", "--ws", "127.0.0.1:0")
    with receiver() as sock:
        run = subprocess.run(
            [
                *(sys.executable, "-c", f"{bar}; from earmark.realtime.cli import main; main()", "demo"),
                *("--for", str(SECONDS), "--journal", "d.jsonl", "--quiet", "--osc", target(sock), *ports),
            ],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        heard = addresses(sock)
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    journal = events(tmp_path / "d.jsonl")
    onsets = [event for event in journal if event["kind"] == "onset"]
    assert len({event["channel"] for event in onsets}) >= 4
    assert {f"/earmark/{event['channel']}/{event['label']}" for event in onsets} <= set(heard)
    told = [event["seq"] for event in journal if event["kind"] != "state"]
    assert heard.count("/earmark/event") == len(told)
    assert SUMMARY.search(run.stderr)
    truth = json.loads(DEMO.with_name("truth.json").read_text(encoding="utf-8"))
    played = sum(entry["start_s"] + REACH_S <= SECONDS for entry in truth["entries"])
    assert f" of {played} entries heard" in run.stderr, "what would have come later is not compared"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("ends", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_a_run_cleanly(tmp_path: Path, ends: str) -> None:
    model = fixtures.write(tmp_path / "tones.ts")
    live = begin(tmp_path, "live", "--file", DEMO, "--model", model, "--journal", "j.jsonl", "--quiet")
    journal = tmp_path / "j.jsonl"
    try:
        deadline = time.monotonic() + 60
        while not (journal.exists() and '"onset"' in journal.read_text()):
            assert time.monotonic() < deadline, "nothing was heard"
            time.sleep(0.1)
        live.send_signal(getattr(signal, ends))
        out, told = live.communicate(timeout=30)
    finally:
        live.kill()
    assert (live.returncode, out) == (0, ""), told
    assert SUMMARY.search(told)
    assert "Traceback" not in told
    on: set[tuple[int, str]] = set()
    for event in events(journal):
        if event["kind"] in ("onset", "offset"):
            on ^= {(event["channel"], event["label"])}
        elif event["kind"] == "rename":
            on ^= {(event["channel"], event["from"]), (event["channel"], event["to"])}
    assert on == set(), "all that began has ended"
