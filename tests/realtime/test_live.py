import json
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.realtime.config import Config, ModelConfig, SourceConfig
from earmark.realtime.errors import EarmarkError
from earmark.realtime.live import run_live, with_journal
from tests.model import fixtures

RATE = 48_000


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A low tone of two seconds."""
    sound = 0.3 * np.sin(2 * np.pi * 110 * np.arange(2 * RATE) / RATE)
    soundfile.write(tmp_path / "low.wav", sound, RATE)
    model = ModelConfig(file=fixtures.write(tmp_path / "tones.ts"), compute="cpu")
    return Config(source=SourceConfig(file=tmp_path / "low.wav"), model=model, journal=str(tmp_path / "j.jsonl"))


def test_a_run_tells_what_it_does_what_it_hears_and_where_it_wrote(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    run_live(config, for_s=None, show="table")
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert lines[0].startswith("Listening to low.wav: 1 input at 48000 Hz.")
    assert lines[1].startswith("  source.file = ")
    assert any("hears electric bass" in line for line in lines)
    assert any("no more electric bass" in line for line in lines), "also what ends with the run"
    assert lines[-1] == f"Journal: {config.journal}"
    assert told.out == ""


def test_a_journal_on_standard_output_is_json_and_nothing_else(
    config: Config, capfd: pytest.CaptureFixture[str]
) -> None:
    run_live(config.model_copy(update={"journal": "-"}), for_s=1.0, show="nothing")
    kinds = [json.loads(line)["kind"] for line in capfd.readouterr().out.splitlines()]
    assert kinds[0] == "state"
    assert kinds[-1] == "offset"


@pytest.mark.skipif(sys.platform != "linux", reason="XDG_DATA_HOME chooses the folder on Linux only")
def test_a_journal_that_was_not_named_lies_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    journal = with_journal(Config()).journal
    assert journal is not None
    assert Path(journal).parent == tmp_path / "earmark" / "journals"
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(EarmarkError, match="name a file with --journal FILE"):
        with_journal(Config())
