"""The whole bench on a few seconds of stand-ins, with the model that ships and the real command."""

import json

import common
import events
import pytest
from click.testing import CliRunner
from event_variants import SWEEPS, VARIANTS

from .stand_ins import write_recordings


def test_the_bench_writes_its_tables_plots_and_numbers(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib", reason='pip install "earmark[bench]"')
    results = tmp_path / "results"
    for module in (common, events):
        monkeypatch.setattr(module, "RESULTS", results)
    monkeypatch.setattr(events, "VARIANTS", VARIANTS[:2])
    monkeypatch.setattr(events, "SWEEPS", {"smoothing.best_on": SWEEPS["smoothing.best_on"]})
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    write_recordings(recordings)
    answer = CliRunner().invoke(events.main, [str(recordings), "--quick"], catch_exceptions=False)
    assert answer.exit_code == 0
    numbers = json.loads((results / "events-quick.json").read_text())
    assert numbers["same_events_as_the_command"] is True
    assert numbers["quick"] is True
    assert list(numbers["variants"]) == ["-24 dB"]
    assert list(numbers["variants"]["-24 dB"]) == [one.name for one in VARIANTS[:2]]
    assert "| Heard |" in (results / "events-quick.md").read_text()
    assert {one.name for one in (results / "events-quick").iterdir()} == {
        "parts.png",
        "bleed.png",
        "delay.png",
        "best_on.png",
    }


def test_a_folder_that_is_not_there_is_told():
    answer = CliRunner().invoke(events.main, ["no-such-folder"])
    assert answer.exit_code == 2
    assert "no-such-folder" in answer.output
