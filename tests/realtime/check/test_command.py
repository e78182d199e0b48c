from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.realtime.check.command import Teller, run_check
from earmark.realtime.config import Config, build
from earmark.realtime.errors import UsageError
from earmark.realtime.events import Event
from tests.model import fixtures

RATE = 48_000


def event(state: str, channel: int | None = None, **fields: object) -> Event:
    empty = {"expected": "", "heard": "", "other": None, "fault": "", "peak_dbfs": None, "detail": ""}
    return Event("s", 1, "check", channel, "Bass", 0, 0, RATE, 0, 0, None, {"state": state} | empty | fields)


def config(folder: Path, *names: str, **others: object) -> Config:
    """Two inputs: a low tone, which the model of tones calls an electric bass, and faint noise."""
    noise = 1e-5 * np.random.default_rng(1).standard_normal((4 * RATE, 2))
    noise[RATE : 3 * RATE, 0] += 0.3 * np.sin(2 * np.pi * 110 * np.arange(2 * RATE) / RATE)
    soundfile.write(folder / "stage.wav", noise, RATE, subtype="FLOAT")
    named = [{"channel": channel, "name": name} for channel, name in enumerate(names, 1)]
    values = {"source": {"file": folder / "stage.wav"}, "inputs": named, "journal": str(folder / "j.jsonl")}
    model = {"file": fixtures.write(folder / "tones.ts"), "compute": "cpu"}
    return build(values | {"model": model} | others, "test")


def test_it_ends_by_itself_when_all_is_ticked_off_and_returns_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_check(config(tmp_path, "Bass DI", "Spare"), hands_free=False, demo=False, for_s=None, plain=True)
    told = capsys.readouterr().out.splitlines()
    assert code == 0
    assert told == [
        "Line check of 1 input.",
        "Bass DI good, peak -10.",
        "Line check over: 1 of 1 good.",
        "Input 1, Bass DI: good, peak -10.",
        "1 of 1 well.",
    ]


def test_what_is_open_at_the_end_is_told_and_returns_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_check(config(tmp_path, "Bass DI", "Piano"), hands_free=True, demo=False, for_s=None, plain=False)
    told = capsys.readouterr().out
    assert code == 1
    said, _, table = told.partition("input  name")
    assert said.splitlines() == [
        "Line check of 2 inputs.",
        "Bass DI?",
        "Bass DI good, peak -10.",
        "Piano?",
        "Input 2, Piano: nothing yet.",
        "Line check over: 1 of 2 good.",
    ]
    assert "Piano" in table


def test_names_that_say_nothing_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no input has a name that says what it carries"):
        run_check(config(tmp_path, "Spare", "Guest"), hands_free=False, demo=False, for_s=None, plain=False)


def test_a_journal_on_standard_output_stays_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run_check(config(tmp_path, "Piano", journal="-"), hands_free=False, demo=False, for_s=0.5, plain=True)
    told = capfd.readouterr()
    assert all(line.startswith("{") for line in told.out.splitlines())
    assert "Input 1, Piano: nothing yet." in told.err


def test_an_answer_that_the_events_gave_already_is_not_said_twice() -> None:
    teller = Teller()
    teller.put([event("skipped", 1), event("asked", 2)])
    teller.answer("Bass skipped. Bass?")
    teller.answer("nobody is asked to play: name the input to skip")
    assert teller.take() == ["Bass skipped.", "Bass?", "nobody is asked to play: name the input to skip"]
    assert teller.take() == []
    assert not teller.done.is_set()
    teller.put([event("done", detail="1 of 2")])
    assert teller.done.is_set()
