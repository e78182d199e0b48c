"""`earmark model evaluate` from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from earmark.model.errors import UsageError
from earmark.model.judging import validation
from earmark.model.judging.commands import evaluate_command

from ..fixtures import write
from ..sounds import write_recordings


def test_table_and_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason='pip install "earmark[bench]"')
    monkeypatch.setattr(validation, "SUMS", 20)
    model, data = write(tmp_path / "tones.ts"), write_recordings(tmp_path)
    arguments = [str(model), "--data", str(data), "--report", str(tmp_path / "report")]
    found = CliRunner().invoke(evaluate_command, arguments, catch_exceptions=False)
    assert found.exit_code == 0
    assert "| tones |" in found.stdout
    assert found.stdout.splitlines()[-1] == str(tmp_path / "report" / "index.html")


def test_a_folder_without_recordings(tmp_path: Path) -> None:
    found = CliRunner().invoke(evaluate_command, [str(write(tmp_path / "tones.ts")), "--data", str(tmp_path)])
    assert isinstance(found.exception, UsageError)
    assert "name a folder of recordings or a corpus" in str(found.exception)
