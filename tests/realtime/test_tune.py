"""`earmark tune` from takes on disk to the studio's file, with a small model."""

import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.realtime.cli import main
from earmark.realtime.tune import with_floors
from tests.model import fixtures

RATE = 48_000
STUDIO = """# Our room.
journal = "ours.jsonl"  # keep

[thresholds]
# the keys leak everywhere
piano = 0.3

[watch]
hot_dbfs = -6.0
"""


def tones(seconds: float, *parts: tuple[float, float]) -> np.ndarray:
    """Sines of (Hz, amplitude)."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    return np.sum([amplitude * np.sin(2 * np.pi * hz * time_s) for hz, amplitude in parts], 0)


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A take in which so much of the piano leaks into the bass that it is heard wrongly, and a model file."""
    fixtures.write(tmp_path / "tones.ts")
    takes = tmp_path / "takes"
    takes.mkdir()
    sound = np.concatenate([tones(30, (110, 0.15), (700, 0.165)), np.zeros(2 * RATE), tones(30, (700, 0.3))])
    soundfile.write(takes / "take.wav", np.stack([sound, sound], 1), RATE)
    (takes / "take.txt").write_text("0.0\t30.0\tElectric Bass\n30.0\t32.0\tsilence\n32.0\t62.0\tpiano\n")
    soundfile.write(takes / "short.wav", tones(6, (4000, 0.3)), RATE)
    (takes / "short.txt").write_text("0.0\t5.0\tflute\n")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *args: object) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["earmark", *map(str, args)])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def tune(room: Path, monkeypatch: pytest.MonkeyPatch, *args: object) -> int | str | None:
    return run(monkeypatch, "tune", *args, "--model", room / "tones.ts", "--compute", "cpu")


def test_floors_are_fitted_shown_and_written_and_comments_stay(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    studio = room / "studio.toml"
    studio.write_text(STUDIO)
    assert tune(room, monkeypatch, room / "takes", "--config", studio) in (0, None)
    told = capsys.readouterr()
    lines = {line.split(":")[0]: line for line in told.out.splitlines()}
    assert lines["piano"].startswith("piano: 0.30 becomes 0.")
    assert lines["piano"].split("; ")[1].startswith("F1 0.6")
    assert lines["flute"] == "flute: only 4 s of it to judge by, left alone at 0.28"
    assert told.err == ""
    text = studio.read_text()
    floor = tomllib.loads(text)["thresholds"]["piano"]
    assert 0.5 < floor < 0.9
    assert text == STUDIO.replace("piano = 0.3", f"piano = {floor}")
    assert sorted(file.name for file in room.iterdir()) == ["studio.toml", "takes", "tones.ts"]


def test_a_missing_file_is_made_and_a_second_run_changes_little(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    studio = room / "new.toml"
    tune(room, monkeypatch, room / "takes" / "take.wav", "--config", studio)
    first = tomllib.loads(studio.read_text())
    assert set(first) == {"thresholds"}
    assert "piano" in first["thresholds"]
    tune(room, monkeypatch, room / "takes" / "take.wav", "--config", studio)
    assert "Nothing is to be changed." in capsys.readouterr().out
    assert tomllib.loads(studio.read_text()) == first


def test_without_a_file_nothing_is_written(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tune(room, monkeypatch, room / "takes") in (0, None)
    assert "Nothing was written: name the studio's file with --config." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ("0 30 piano\n", "line 1: there is no TAB"),
        ("0\t30\tpianno\n", "line 1: no label 'pianno'; did you mean 'piano'?"),
        ("0\t300\tpiano\n", "its labels go on to 300.0 s"),
        ("", "no label that covers a stretch"),
    ],
)
def test_a_bad_label_file_is_one_line_and_nothing_is_written(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], labels: str, why: str
) -> None:
    (room / "takes" / "short.txt").write_text(labels)
    assert tune(room, monkeypatch, room / "takes", "--config", room / "studio.toml") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert why in told.err
    assert len(told.err.splitlines()) == 1
    assert not (room / "studio.toml").exists()


def test_bad_sound_and_bad_configurations_are_one_line(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (room / "torn.toml").write_text("[thresholds\n")
    assert tune(room, monkeypatch, room / "takes", "--config", room / "torn.toml") == 2
    assert "is not TOML" in capsys.readouterr().err
    assert tune(room, monkeypatch, room / "takes", "--config", room / "none" / "studio.toml") == 1
    assert "cannot write" in capsys.readouterr().err
    soundfile.write(room / "takes" / "short.wav", np.zeros((RATE, 3)), RATE)
    assert tune(room, monkeypatch, room / "takes") == 2
    assert "has 3 channels: give each input a file of its own" in capsys.readouterr().err
    (room / "takes" / "short.wav").write_text("no sound")
    assert tune(room, monkeypatch, room / "takes") == 2
    assert "is not sound" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "journal = 'x'",
        "[thresholds]\n",
        "thresholds = { piano = 0.3 } # mine\n",
        "thresholds.piano = 0.3\n[watch]\n",
        "[osc]\r\n# a\r\ntargets = []\r\n",
        "[thresholds]\npiano = 0.3\n\n# ---- next\n\n[watch]\n",
    ],
)
def test_floors_go_into_any_form_of_the_section(text: str) -> None:
    before, after = tomllib.loads(text), tomllib.loads(with_floors(text, {"piano": 0.5, "flute": 0.4}))
    assert after == before | {"thresholds": before.get("thresholds", {}) | {"piano": 0.5, "flute": 0.4}}
    if "\r\n" in text:
        assert "\n" not in with_floors(text, {"piano": 0.5}).replace("\r\n", "")
