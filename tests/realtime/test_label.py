import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.realtime.config import Config, ModelConfig
from earmark.realtime.label import run_label
from tests.model import fixtures

RATE = 48_000


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(model=ModelConfig(file=fixtures.write(tmp_path / "tones.ts"), compute="cpu"))


def tone(path: Path, hz: float) -> Path:
    """2 s of a tone after half a second of silence."""
    sound = 0.3 * np.sin(2 * np.pi * hz * np.arange(2 * RATE) / RATE)
    soundfile.write(path, np.concatenate([np.zeros(RATE // 2), sound]), RATE)
    return path


def test_each_file_is_a_session_that_begins_with_its_path(tmp_path: Path, config: Config) -> None:
    files = [tone(tmp_path / "low.wav", 110), tone(tmp_path / "high.wav", 4000)]
    run_label(files, config.model_copy(update={"journal": str(tmp_path / "j.jsonl")}))
    journal = [json.loads(line) for line in (tmp_path / "j.jsonl").read_text().splitlines()]
    assert [event["path"] for event in journal if event["seq"] == 1] == [str(file) for file in files]
    assert len({event["session"] for event in journal}) == 2
    assert [event["label"] for event in journal if event["kind"] == "onset"] == ["electric_bass", "flute"]
    assert [event["time_s"] for event in journal if event["kind"] == "onset"] == pytest.approx([0.5, 0.5], abs=0.02)


def test_without_a_journal_the_events_are_lines(
    tmp_path: Path, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    run_label([tone(tmp_path / "low.wav", 110)], config)
    told = capsys.readouterr()
    assert str(tmp_path / "low.wav") in told.out.splitlines()[0]
    assert sum("hears electric bass" in line for line in told.out.splitlines()) == 1
    assert told.err == ""


def test_a_journal_on_standard_output_is_json_and_nothing_else(
    tmp_path: Path, config: Config, capfd: pytest.CaptureFixture[str]
) -> None:
    run_label([tone(tmp_path / "low.wav", 110)], config.model_copy(update={"journal": "-"}))
    kinds = [json.loads(line)["kind"] for line in capfd.readouterr().out.splitlines()]
    assert kinds[0] == "state"
    assert "onset" in kinds
