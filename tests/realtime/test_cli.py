import sys
from importlib.metadata import version

import pytest

from earmark.realtime.cli import cli, main

WANTED = {
    "live": "device reastream channels model hop-ms osc midi ws journal for config record file pipe name quiet",
    "label": "model journal config",
    "demo": "for journal quiet",
    "check": "config demo for hands-free plain name expect device file reastream journal",
    "doctor": "json model",
    "devices": "help",
    "tune": "config model",
}
"""Flags that scripts rely on."""


def run(monkeypatch: pytest.MonkeyPatch, *args: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["earmark", *args])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.parametrize("command", sorted(WANTED))
def test_every_command_has_its_flags_and_its_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert run(monkeypatch, command, "--help") in (0, None)
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: earmark {command}")
    missing = [flag for flag in WANTED[command].split() if f"--{flag} " not in told]
    assert missing == []


def test_every_command_is_listed_with_what_it_does() -> None:
    assert WANTED.keys() <= cli.commands.keys()
    assert all(command.get_short_help_str() for command in cli.commands.values())


def test_the_version_is_the_packages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--version") in (0, None)
    assert capsys.readouterr().out == f"earmark, version {version('earmark')}\n"


def test_without_a_command_there_is_help(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch) == 2
    assert "demo" in capsys.readouterr().err


def test_an_error_in_the_file_is_told_as_the_files_and_a_flag_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    file = tmp_path / "studio.toml"
    file.write_text("[source]\nfile = 'none.wav'\n[model]\nhop_ms = 3\n")
    assert run(monkeypatch, "live", "--config", str(file), "--hop-ms", "100") == 2
    assert capsys.readouterr().err.startswith(f"earmark: {file}: model.hop_ms: ")
    file.write_text("[source]\nfile = 'none.wav'\n")
    assert run(monkeypatch, "live", "--config", str(file), "--file", "other.wav") == 2
    assert "cannot read other.wav" in capsys.readouterr().err
