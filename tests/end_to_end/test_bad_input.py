"""What is wrong with what a user gives is said in one line that names the way out, with its exit code."""

import asyncio
import errno
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from earmark.clients.client import Client
from earmark.realtime.cli import main
from earmark.realtime.demo import play
from tests.end_to_end.earmark import begin, earmark, events
from tests.model import fixtures

DEMO = Path(play.__file__).with_name("session.ogg")
RATE = 48_000
USAGE, FAILURE = 2, 1


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with some files that are not what they seem."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("no sound at all\n" * 100)
    (tmp_path / "key.toml").write_text("[osc]\ntarget = ['127.0.0.1:9000']\n")
    (tmp_path / "torn.toml").write_text("[osc\n")
    (tmp_path / "text.ts").write_text("no model at all\n")
    return tmp_path


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fixtures.write(tmp_path_factory.mktemp("model") / "tones.ts")


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str]:
    """Exit code and standard error of `earmark ARGS…`, in this process."""
    monkeypatch.setattr(sys, "argv", ["earmark", *map(str, args)])
    with pytest.raises(SystemExit) as end:
        main()
    code = end.value.code
    return code if isinstance(code, int) else 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "code", "line"),
    [
        (("live", "--file", "none.wav"), USAGE, "cannot read none.wav: No such file or directory"),
        (("live", "--file", "empty.wav"), USAGE, "empty.wav is empty"),
        (
            ("label", "text.wav"),
            USAGE,
            "text.wav is not sound in a form that can be read (WAV",
        ),
        (("live", "--pipe", "none.raw"), USAGE, "cannot read none.raw: No such file or directory"),
        (("live", "--file", DEMO, "--channels", "9"), USAGE, "session.ogg has no channel 9; its channels are 1-8"),
        (("live", "--file", DEMO, "--channels", "a"), USAGE, "write it like 1-8,12"),
        (("live", "--file", DEMO, "--pipe", "-"), USAGE, "only one source at a time: choose one of file, pipe"),
        (("live", "--model", "none.ts", "--file", DEMO), USAGE, "no model file none.ts: check --model"),
        (("live", "--model", "text.ts", "--file", DEMO), FAILURE, "it is cut off: export it anew"),
        (("live", "--config", "key.toml"), USAGE, "key.toml: unknown key 'osc.target'; did you mean 'targets'?"),
        (("live", "--config", "torn.toml"), USAGE, "torn.toml is not TOML: "),
        (("live", "--config", "none.toml"), USAGE, "cannot read the configuration none.toml: No such file"),
        (("live", "--hop_ms", "250"), USAGE, "No such option '--hop_ms'. (Did you mean"),
        (("live", "--hop-ms", "3"), USAGE, "--hop-ms: Input should be greater than or equal to 50"),
        (("live", "--threshold", "violn=0.5"), USAGE, "--threshold: no label 'violn'; did you mean 'violin'?"),
        (("live", "--label", "violn"), USAGE, "no label 'violn'; did you mean 'violin'?"),
        (("listen",), USAGE, "No such command 'listen'"),
        (("label",), USAGE, "Missing argument 'FILE...'; see earmark label --help"),
    ],
)
def test_what_cannot_be_is_one_line_and_an_exit_code(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    args: tuple[object, ...],
    code: int,
    line: str,
) -> None:
    found, told = run(monkeypatch, capsys, *args)
    assert found == code
    assert told.startswith("earmark: ")
    assert told.count("\n") == 1
    assert line in told


@pytest.mark.parametrize(
    ("args", "code", "line"),
    [
        (("--name", "1=Keys", "--name", "2=Keys"), USAGE, "two inputs are named 'Keys': give each a name of its own"),
        (("--name", "3=Keys"), USAGE, "there is no input 3 to name 'Keys': the source has 2"),
        (("--osc", "desk"), USAGE, "'desk' is not HOST:PORT; write for instance 127.0.0.1:9000"),
        (("--osc-listen", "127.0.0.1:99999"), USAGE, "127.0.0.1:99999"),
        (("--ws", "0.0.0.0:0"), USAGE, "token"),
        (("--journal", "none/j.jsonl"), FAILURE, "cannot write the journal none/j.jsonl: No such file or directory"),
        (("--record", "none/take.wav"), USAGE, "cannot record to none/take.wav: No such file or directory"),
        (("--midi-command", "note 600=ask all", "--midi-listen", "virtual"), USAGE, "write 'note 60' or 'cc 64'"),
    ],
)
def test_a_way_out_that_cannot_be_opened_is_one_line_and_an_exit_code(
    here: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    args: tuple[object, ...],
    code: int,
    line: str,
) -> None:
    usual = ("live", "--file", DEMO, "--channels", "1-2", "--model", model, "--journal", "j.jsonl", "--for", 1)
    found, told = run(monkeypatch, capsys, *usual, *args)
    assert (found, told.count("\n")) == (code, 1), told
    assert told.startswith("earmark: ")
    assert line in told


def test_a_busy_port_is_told_with_the_way_out(
    here: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        found, told = run(monkeypatch, capsys, "live", "--file", DEMO, "--model", model, "--ws", address)
    assert found == FAILURE
    assert told == f"earmark: {address} is in use: stop the other program, or choose another port with --ws HOST:PORT\n"


def test_a_device_that_is_not_there_is_told(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With or without PortAudio and devices on this machine."""
    found, told = run(monkeypatch, capsys, "live", "--device", "no such device")
    assert found in (USAGE, FAILURE)
    assert told.startswith("earmark: ")
    assert told.count("\n") == 1


def test_a_midi_port_that_is_not_there_is_told_without_a_word_of_the_drivers(
    here: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With or without a MIDI system on this machine."""
    monkeypatch.setattr(
        sys, "argv", ["earmark", "live", "--file", str(DEMO), "--model", str(model), "--midi", "no port"]
    )
    with pytest.raises(SystemExit) as end:
        main()
    told = capfd.readouterr().err
    assert end.value.code in (USAGE, FAILURE)
    assert told.startswith("earmark: ")
    assert told.count("\n") == 1


@pytest.mark.parametrize("fault", ["shape", "nan", "over"])
def test_a_model_that_breaks_the_contract_is_told_with_the_rule(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    fixtures.write(here / "bent.ts", fixtures.Bent(fault))
    found, told = run(monkeypatch, capsys, "label", DEMO, "--model", "bent.ts")
    assert found == FAILURE
    assert told.startswith("earmark: bent.ts breaks the model contract: forward on ")
    assert told.count("\n") == 1


def tones() -> np.ndarray:
    """[2 s, 2]: a low and a high tone."""
    times_s = np.arange(2 * RATE) / RATE
    return 0.3 * np.sin(2 * np.pi * np.outer(times_s, [110, 4000])).astype(np.float32)


def test_of_a_file_cut_short_what_is_there_is_labelled_and_it_is_told(
    here: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = here / "whole.wav"
    soundfile.write(whole, tones(), RATE, subtype="FLOAT")
    (here / "cut.wav").write_bytes(whole.read_bytes()[: whole.stat().st_size * 3 // 4])
    found, told = run(monkeypatch, capsys, "label", "cut.wav", whole, "--model", model, "--journal", "j.jsonl")
    assert found == FAILURE
    assert "earmark: cut.wav is damaged or cut short: 1.50 s of 2.00 s could be read; copy or export it again\n" in told
    journal = events(here / "j.jsonl")
    assert [event["path"] for event in journal if event["kind"] == "state"] == ["cut.wav", str(whole)]
    onsets = [(event["channel"], event["label"]) for event in journal if event["kind"] == "onset"]
    assert sorted(onsets) == sorted(2 * [(1, "electric_bass"), (2, "flute")])


def test_a_file_that_cannot_be_read_stops_no_other(
    here: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(here / "good.wav", tones(), RATE)
    files = ("text.wav", "good.wav", "none.wav")
    found, told = run(monkeypatch, capsys, "label", *files, "--model", model, "--journal", "j.jsonl")
    assert found == FAILURE
    lines = told.splitlines()
    assert [line.split()[1] for line in lines] == ["text.wav", "cannot", "2"]
    assert lines[-1] == "earmark: 2 of 3 files could not be read whole"
    assert [event["path"] for event in events(here / "j.jsonl") if event["kind"] == "state"] == ["good.wav"]


def test_what_is_no_number_is_heard_as_silence_and_counted(
    here: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = tones()
    sound[30_000:30_100, 0] = np.nan
    sound[50_000, 1] = np.inf
    soundfile.write(here / "ill.wav", sound, RATE, subtype="FLOAT")
    found, told = run(monkeypatch, capsys, "live", "--file", "ill.wav", "--model", model, "--journal", "j.jsonl")
    assert found == 0
    assert "101 samples were not numbers" in told
    journal = events(here / "j.jsonl")
    assert "bad_samples" in {event["state"] for event in journal if event["kind"] == "device"}
    assert all(np.isfinite(event["confidence"]) for event in journal if "confidence" in event)
    assert {event["label"] for event in journal if event["kind"] == "onset"} == {"electric_bass", "flute"}


def test_nothing_in_the_pipe_is_told(here: Path, model: Path) -> None:
    with (here / "empty.wav").open("rb") as nothing:
        run = earmark(here, "live", "--pipe", "-", "--model", model, "--quiet", stdin=nothing)
    assert run.returncode == FAILURE
    assert run.stderr.endswith("\nearmark: no sound came through standard input\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_told_once_and_the_others_get_everything(here: Path, model: Path) -> None:
    port = free_port()
    live = begin(
        here,
        *("live", "--file", DEMO, "--model", model, "--journal", "/dev/full", "--quiet"),
        *("--ws", f"127.0.0.1:{port}", "--osc", f"127.0.0.1:{free_port()}"),
    )
    try:
        heard = asyncio.run(asyncio.wait_for(until_onset(port), 60))
        live.send_signal(signal.SIGINT)
        _, told = live.communicate(timeout=30)
    finally:
        live.kill()
    assert live.returncode == FAILURE
    assert "Traceback" not in told
    last = told.splitlines()[-1]
    assert last.startswith("earmark: journal: ")
    assert last.endswith(f" events lost at the end: {os.strerror(errno.ENOSPC)}")
    state = heard[0]
    assert state["kind"] == "state"
    seqs = [event["seq"] for event in heard]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), "not one is missing"


async def until_onset(port: int) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    async with Client(f"ws://127.0.0.1:{port}") as client:
        async for message in client:
            heard.append(message)
            if message.get("kind") == "onset":
                break
    return heard


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


def test_an_osc_target_that_is_not_there_stops_nothing(
    here: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(here / "good.wav", tones(), RATE)
    targets = ("--osc", f"127.0.0.1:{free_port()}", "--osc", "no-such-host.invalid:9000")
    usual = ("live", "--file", "good.wav", "--model", model, "--journal", "j.jsonl", "--quiet")
    found, _ = run(monkeypatch, capsys, *usual, *targets)
    assert found == 0
    journal = events(here / "j.jsonl")
    assert {event["label"] for event in journal if event["kind"] == "onset"} == {"electric_bass", "flute"}
    told = [event["sink"] for event in journal if event["kind"] == "sink"]
    assert len(told) == len(set(told)), "each is told once"
