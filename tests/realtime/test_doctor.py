import io
import json

import pytest
from click.testing import CliRunner
from rich.console import Console

from earmark.realtime import doctor
from earmark.realtime.cli import cli
from earmark.realtime.config import Config
from earmark.realtime.machine_checks import Check

CHECKS = [
    Check("Python", "ok", "3.11.9", essential=True),
    Check("model", "ok", "earmark", essential=True),
    Check("MIDI", "warn", "python-rtmidi is not installed", 'pip install "earmark[midi]"'),
    Check("audio devices", "fail", "no PortAudio", "sudo apt-get install libportaudio2"),
]
BROKEN = [*CHECKS, Check("sound files", "fail", "no libsndfile", "pip install soundfile", essential=True)]


def printed(checks):
    out = io.StringIO()
    Console(file=out, width=100).print(doctor.table(checks))
    return out.getvalue()


def run(monkeypatch, checks, *flags):
    monkeypatch.setattr(doctor, "examine", lambda _: checks)
    return CliRunner().invoke(cli, ["doctor", *flags])


def test_every_row_says_its_status_and_what_to_do():
    lines = [line.split() for line in printed(CHECKS).splitlines()]
    assert lines[0] == ["ok", "Python", "3.11.9"]
    assert lines[2][:2] == ["look", "MIDI"]
    assert " ".join(lines[3]) == 'to do: pip install "earmark[midi]"'
    assert lines[4][:3] == ["FAILS", "audio", "devices"]


def test_only_the_main_job_decides():
    assert doctor.able(CHECKS)
    assert not doctor.able(BROKEN)


def test_the_summary_names_the_parts():
    assert doctor.summary(CHECKS[:2]) == "Everything works here."
    assert doctor.summary(CHECKS) == "Earmark works here. To look at: MIDI, audio devices."
    assert doctor.summary(BROKEN) == "Earmark cannot work here yet: sound files."


@pytest.mark.parametrize(("checks", "code"), [(CHECKS, 0), (BROKEN, 1)])
def test_the_exit_code_says_whether_files_can_be_labelled(monkeypatch, checks, code):
    result = run(monkeypatch, checks)
    assert result.exit_code == code
    assert "MIDI" in result.output


def test_json_holds_every_row(monkeypatch):
    result = run(monkeypatch, BROKEN, "--json")
    told = json.loads(result.output)
    assert result.exit_code == 1
    assert told["able"] is False
    assert told["checks"][2] == {
        "name": "MIDI",
        "status": "warn",
        "detail": "python-rtmidi is not installed",
        "remedy": 'pip install "earmark[midi]"',
        "essential": False,
    }


def test_the_model_that_was_asked_for_is_examined(monkeypatch, tmp_path):
    seen: list[Config] = []
    monkeypatch.setattr(doctor, "examine", lambda config: seen.append(config) or CHECKS)
    CliRunner().invoke(cli, ["doctor", "--model", str(tmp_path / "mine.ts")])
    assert seen[0].model.file == tmp_path / "mine.ts"
