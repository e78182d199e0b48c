"""A few steps of training on synthesised sound."""

import csv
from pathlib import Path
from typing import Any

import pytest
import torch

from earmark.model import export
from earmark.model.errors import ConfigError
from earmark.model.training import checkpoint, run
from earmark.model.training.config import RunConfig

from ..sounds import write_audioset, write_corpus


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    folder = tmp_path_factory.mktemp("train")
    weights, names = write_audioset(folder)
    return RunConfig.model_validate(
        {
            "corpora": [write_corpus(folder)],
            "cache": folder / "cache",
            "out": folder / "out",
            "windows": 8,
            "batch": 4,
            "workers": 0,
            "start": {"checkpoint": weights, "classes": names},
        }
    )


@pytest.fixture(scope="module")
def trained(config: RunConfig) -> Path:
    return run.train(config)


def changed(config: RunConfig, **values: Any) -> RunConfig:
    return RunConfig.model_validate(config.model_dump() | values)


def test_checkpoint_holds_trained_weights(config: RunConfig, trained: Path) -> None:
    state = torch.load(trained, weights_only=True)
    start = run.starting_network(config).features.state_dict()
    assert state["step"] == 2
    torch.testing.assert_close(state["start"], dict(start))
    assert not torch.equal(state["average"]["features.0.0.weight"], start["features.0.0.weight"])
    assert all(torch.isfinite(value).all() for value in state["average"].values())


def test_a_finished_run_is_left_as_it_is(config: RunConfig, trained: Path) -> None:
    before = torch.load(trained, weights_only=True)
    assert run.train(config) == trained
    after = torch.load(trained, weights_only=True)
    assert after["step"] == before["step"]
    torch.testing.assert_close(after["average"], before["average"])


def test_resuming_ends_where_one_run_would(config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SAVE_EVERY", 1)
    whole = torch.load(run.train(changed(config, out=tmp_path / "whole")), weights_only=True)
    stopped = changed(config, out=tmp_path / "parts")

    def stop(learner: checkpoint.Progress) -> None:
        save(learner)
        raise KeyboardInterrupt

    save = checkpoint.Progress.save
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint.Progress, "save", stop)
        with pytest.raises(KeyboardInterrupt):
            run.train(stopped)
    parts = torch.load(run.train(stopped), weights_only=True)
    assert parts["step"] == whole["step"] == 2
    # Dropout draws its own numbers, so weights differ in what one step can change, no more.
    torch.testing.assert_close(parts["average"], whole["average"], atol=0.02, rtol=0.02)


def test_a_run_can_start_from_another(config: RunConfig, trained: Path) -> None:
    network = run.starting_network(changed(config, start={"run": trained}))
    given = torch.load(trained, weights_only=True)["average"]
    torch.testing.assert_close(dict(network.features.state_dict()), given)


def test_a_run_can_start_from_a_model_file(config: RunConfig, trained: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.ts"
    export.export([trained], file, None, share=1.0)
    ours = run.starting_network(changed(config, start={"model": file})).features.state_dict()
    given = torch.load(trained, weights_only=True)["average"]
    for name in ("features.0.0.weight", "features.0.1.running_mean", "classifier.5.bias"):
        torch.testing.assert_close(ours[name], given[name])


def test_sound_without_a_licence_may_only_teach_teachers(config: RunConfig, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path)
    manifest = corpus / "manifest.csv"
    manifest.write_text(manifest.read_text().replace(",CC0,", ",none stated,", 1))
    with pytest.raises(ConfigError, match="state no licence"):
        run.load_corpus(changed(config, corpora=[corpus]))
    assert run.load_corpus(changed(config, corpora=[corpus], teacher=True)).clips


def test_teachers_change_what_is_learned(config: RunConfig, trained: Path, tmp_path: Path) -> None:
    teacher = tmp_path / "teacher.ts"
    export.export([trained], teacher, None)
    taught = run.train(changed(config, out=tmp_path / "taught", teachers={"files": [teacher], "share": 1.0}))
    alone, with_teacher = (torch.load(path, weights_only=True)["average"] for path in (trained, taught))
    assert not torch.equal(alone["classifier.5.bias"], with_teacher["classifier.5.bias"])


def test_the_log_has_a_row_for_every_report(config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "REPORT_EVERY", 1)
    run.train(changed(config, out=tmp_path))
    with (tmp_path / run.LOG_FILE).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["1", "2"]
    assert all(float(row["loss"]) > 0 for row in rows)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"corpora": []}, "corpora"),
        ({"device": "cuda"}, "CUDA"),
        ({"start": {"checkpoint": "none.pt"}}, "none.pt"),
    ],
)
def test_what_cannot_be_run_is_named(config: RunConfig, tmp_path: Path, values: dict[str, Any], word: str) -> None:
    if word == "CUDA" and torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(ConfigError, match=word):
        run.train(changed(config, out=tmp_path, **values))
