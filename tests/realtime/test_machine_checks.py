import importlib
import importlib.util
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from earmark.realtime import machine_checks
from earmark.realtime.addresses import Address
from earmark.realtime.config import Config, ModelConfig
from earmark.realtime.errors import EarmarkError
from earmark.realtime.machine_checks import Check
from earmark.realtime.sinks import midi_ports
from tests.model import fixtures


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(sys, "platform", "linux")


def without(monkeypatch, *modules):
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)


def test_every_part_has_its_row(tmp_path):
    path = fixtures.write(tmp_path / "tones.ts")
    config = Config(model=ModelConfig(file=path, compute="cpu"), journal=str(tmp_path / "take.jsonl"))
    rows = {check.name: check for check in machine_checks.examine(config)}
    assert list(rows) == [
        "Python",
        "PyTorch",
        "model",
        "sound files",
        "audio devices",
        "JACK",
        "MIDI",
        "OSC",
        "WebSocket",
        "speech",
        "disk",
    ]
    for name in ("PyTorch", "sound files", "OSC", "disk"):
        assert rows[name].status == "ok", rows[name]
    assert str(tmp_path) in rows["disk"].detail
    assert [name for name, row in rows.items() if row.essential] == ["Python", "PyTorch", "model", "sound files"]
    assert all(row.remedy for row in rows.values() if row.status == "fail")


def test_an_unforeseen_failure_is_a_row_and_hides_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(machine_checks, "osc", lambda: 1 / 0)
    config = Config(model=ModelConfig(file=tmp_path / "none.ts"))
    rows = {check.name: check for check in machine_checks.examine(config)}
    assert rows["OSC"] == Check("OSC", "fail", "ZeroDivisionError: division by zero", "please report this")
    assert rows["disk"].status == "ok"


def test_a_python_that_is_too_new(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 15, 0))
    row = machine_checks.python()
    assert (row.status, row.remedy) == ("warn", "use Python 3.11 to 3.13: Earmark is tested on these")


def test_the_model_tells_its_time_per_step(tmp_path):
    row = machine_checks.model(ModelConfig(file=fixtures.write(tmp_path / "tones.ts"), compute="cpu", hop_ms=1000))
    assert row.status == "ok"
    assert row.detail.startswith("tones 1 on CPU, ")
    assert all(f"{inputs}: " in row.detail for inputs in (1, 8, 64))


def test_a_model_that_is_missing_or_broken_is_the_end_of_the_main_job(tmp_path):
    missing = machine_checks.model(ModelConfig(file=tmp_path / "none.ts"))
    broken = machine_checks.model(ModelConfig(file=fixtures.write(tmp_path / "nan.ts", fixtures.Bent("nan"))))
    assert (missing.status, missing.essential) == ("fail", True)
    assert "no model file" in missing.detail
    assert (broken.status, broken.essential) == ("fail", True)
    assert "must be finite" in broken.detail


def test_a_model_that_is_too_slow_for_eight_inputs(monkeypatch, tmp_path):
    monkeypatch.setattr("earmark.model.tagger.Tagger.step_for", lambda _, inputs: 100.0 * inputs)
    row = machine_checks.model(ModelConfig(file=fixtures.write(tmp_path / "tones.ts"), compute="cpu"))
    assert row.status == "warn"
    assert row.detail.endswith("8: 800 ms, 64: 6400 ms; a hop of 250 ms has time for 2")


def test_without_portaudio(monkeypatch, nothing_installed):
    def no_library(_):
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(importlib, "import_module", no_library)
    row = machine_checks.audio_devices()
    assert (row.status, row.remedy) == ("fail", "sudo apt-get install libportaudio2")
    assert machine_checks.jack().detail == "not installed; only those need it who use it"


def test_without_libsndfile_no_file_can_be_labelled(monkeypatch):
    without(monkeypatch, "soundfile")
    row = machine_checks.sound_files()
    assert (row.status, row.essential) == ("fail", True)


class Devices:
    """What sounddevice tells on a machine with one interface and a JACK server."""

    default = SimpleNamespace(device=(1, 0))

    @staticmethod
    def query_hostapis():
        return ({"name": "ALSA"}, {"name": "JACK Audio Connection Kit"})

    @staticmethod
    def query_devices():
        ear = {"name": "out", "hostapi": 0, "max_input_channels": 0, "default_samplerate": 48_000.0}
        return [ear, {**ear, "name": "system", "max_input_channels": 64}]


def test_devices_are_counted(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", Devices())
    row = machine_checks.audio_devices()
    assert (row.status, row.detail) == ("ok", "1 input device, up to 64 channels (ALSA, JACK Audio Connection Kit)")
    assert machine_checks.jack() == Check("JACK", "ok", "a server runs")


@pytest.mark.parametrize("version", [(3, 12), (3, 13)])
def test_midi_is_an_extra_where_there_is_no_wheel(monkeypatch, version):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "version_info", version)
    row = machine_checks.midi()
    assert row.status == "warn"
    assert row.remedy.startswith('pip install "earmark[midi]"')
    assert ("C++ compiler" in row.remedy) == (version >= (3, 13))


def test_no_midi_system(monkeypatch):
    def nobody():
        raise EarmarkError("no MIDI system answers: start JACK")

    monkeypatch.setattr(midi_ports, "midi_system", nobody)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    assert machine_checks.midi() == Check("MIDI", "warn", "no MIDI system answers", "start JACK")


def test_midi_ports_are_named(monkeypatch):
    system = midi_ports.MidiSystem("ALSA", ("Keys", "Pedal"), ())
    monkeypatch.setattr(midi_ports, "midi_system", lambda: system)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    assert machine_checks.midi().detail == "ALSA; out: none; in: Keys, Pedal"


def test_a_websocket_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        row = machine_checks.websocket(Address("127.0.0.1", port))
    assert row.status == "warn"
    assert row.remedy == f"close the other program, or use --ws 127.0.0.1:{port + 1}"
    assert machine_checks.websocket(Address("127.0.0.1", port)).status == "ok"


def test_without_a_speech_program(nothing_installed):
    assert machine_checks.speech().remedy == "sudo apt-get install speech-dispatcher speech-dispatcher-espeak-ng"


def test_a_disk_that_is_nearly_full(monkeypatch, tmp_path):
    usage = shutil.disk_usage(tmp_path)._replace(free=100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    row = machine_checks.disk(tmp_path)
    assert (row.status, row.detail[:11]) == ("warn", "0.1 GB free")


def test_nothing_of_the_machine_is_touched_before_it_is_asked():
    code = (
        "import sys, earmark.realtime.doctor; "
        "sys.exit(', '.join({'torch', 'sounddevice', 'rtmidi', 'soundfile'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
