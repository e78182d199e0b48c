"""`earmark model` as it is typed."""

from pathlib import Path

import torch
from click.testing import CliRunner

from earmark.model import torchscript
from earmark.model.cli import model
from earmark.model.labels import MODEL_LABELS
from earmark.model.nets import earmark

from .sounds import write_corpus


def test_sources_prints_the_table(tmp_path: Path) -> None:
    result = CliRunner().invoke(model, ["sources", str(write_corpus(tmp_path))])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("| Source | Licence |")


def test_export_writes_a_model_file(tmp_path: Path) -> None:
    weights = earmark.build("earmark", len(MODEL_LABELS)).features.state_dict()
    state = {"start": weights, "average": weights, "config": {"net": "earmark"}}
    torch.save(state, tmp_path / "last.pt")
    result = CliRunner().invoke(model, ["export", str(tmp_path / "last.pt"), str(tmp_path / "out" / "m.ts")])
    assert result.exit_code == 0, result.output
    _, meta = torchscript.load(tmp_path / "out" / "m.ts")
    assert meta["name"] == "m"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(model, ["train", "--corpus", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "none" in result.output


def test_parts_wants_to_hear_what_is_no_drum(tmp_path: Path) -> None:
    (tmp_path / "model.ts").touch()
    result = CliRunner().invoke(model, ["parts", str(tmp_path / "model.ts"), "out.ts", "--packages", str(tmp_path)])
    assert result.exit_code == 2
    assert "--corpus" in result.output
