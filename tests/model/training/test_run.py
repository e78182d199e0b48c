"""A few steps of training on synthesised sound."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from earmark.model.nets import mn
from earmark.model.training import run

from ..sounds import write_audioset, write_corpus


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> run.Plan:
    folder = tmp_path_factory.mktemp("train")
    checkpoint, names = write_audioset(folder)
    recordings = write_corpus(folder)
    return run.Plan((recordings,), folder / "cache", folder / "out", checkpoint, names, windows=8, batch=4, workers=0)


@pytest.fixture(scope="module")
def checkpoint(plan: run.Plan) -> Path:
    return run.train(plan)


def test_checkpoint_holds_trained_weights(plan: run.Plan, checkpoint: Path) -> None:
    state = torch.load(checkpoint, weights_only=True)
    start = run.starting_network(plan).state_dict()
    assert state["step"] == 2
    assert not torch.equal(state["average"]["features.0.0.weight"], start["features.0.0.weight"])
    assert all(torch.isfinite(value).all() for value in state["average"].values())


def test_a_finished_run_is_left_as_it_is(plan: run.Plan, checkpoint: Path) -> None:
    before = torch.load(checkpoint, weights_only=True)
    assert run.train(plan) == checkpoint
    after = torch.load(checkpoint, weights_only=True)
    assert after["step"] == before["step"]
    torch.testing.assert_close(after["average"], before["average"])


def test_resuming_ends_where_one_run_would(plan: run.Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SAVE_EVERY", 1)
    whole = torch.load(run.train(replace(plan, out=tmp_path / "whole", windows=8)), weights_only=True)
    stopped = replace(plan, out=tmp_path / "parts", windows=8)

    def stop(progress: run.Progress) -> None:
        save(progress)
        raise KeyboardInterrupt

    save = run.Progress.save
    with monkeypatch.context() as patch:
        patch.setattr(run.Progress, "save", stop)
        with pytest.raises(KeyboardInterrupt):
            run.train(stopped)
    parts = torch.load(run.train(stopped), weights_only=True)
    assert parts["step"] == whole["step"] == 2
    # Dropout draws its own numbers, so weights differ in what one step can change, no more.
    torch.testing.assert_close(parts["average"], whole["average"], atol=0.02, rtol=0.02)


def test_a_run_can_start_from_another(plan: run.Plan, checkpoint: Path) -> None:
    network = run.starting_network(replace(plan, start=checkpoint))
    given = torch.load(checkpoint, weights_only=True)["average"]
    torch.testing.assert_close(dict(network.state_dict()), given)


def test_rate_rises_and_falls() -> None:
    rates = [run.rate_at(step, 1_000) for step in range(1_000)]
    peak = rates.index(max(rates))
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert max(rates) == pytest.approx(1)
    assert rates[-1] == pytest.approx(run.FINAL_RATE, abs=1e-3)


def test_head_learns_faster_and_norms_do_not_decay() -> None:
    network = mn.build("mn04", 5)
    groups = run.optimiser_for(network, 1e-3).param_groups
    of = {id(parameter): group for group in groups for parameter in group["params"]}
    head, body = of[id(network.classifier[5].weight)], of[id(network.features[0][0].weight)]
    assert head["lr"] == pytest.approx(run.HEAD_RATE * body["lr"])
    assert of[id(network.features[0][1].weight)]["weight_decay"] == 0
    assert body["weight_decay"] > 0
    assert len(of) == len(list(network.parameters()))
