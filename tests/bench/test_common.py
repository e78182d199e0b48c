import json

import numpy as np
import pytest

from bench import common


def test_summary_of_known_numbers():
    assert common.summary(np.arange(101.0)) == {"count": 101, "p50": 50.0, "p95": 95.0, "p99": 99.0, "max": 100.0}
    assert common.summary([]) == {"count": 0}


def test_the_machine_is_described():
    told = common.machine()
    assert told["cpu"]
    assert told["cores"] >= 1
    assert told["packages"]["numpy"] == np.__version__
    assert "no-such-package" not in told["packages"]


def test_a_result_is_printed_and_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(common, "RESULTS", tmp_path / "results")
    whole = common.publish("trial", {"figure": 1.5})
    assert json.loads(capsys.readouterr().out) == whole
    assert json.loads((tmp_path / "results" / "trial.json").read_text()) == whole
    assert (whole["bench"], whole["figure"]) == ("trial", 1.5)


def test_a_picture_is_drawn(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib", reason='pip install "earmark[bench]"')
    monkeypatch.setattr(common, "RESULTS", tmp_path)
    path = common.plot("trial", lambda axes: common.survival(axes, {"a": [1, 2, 3], "none": []}, "µs", limit=2.5))
    assert path.read_bytes()[:4] == b"\x89PNG"


def test_a_verdict():
    assert common.verdict(49.9, 50) == {"found": 49.9, "limit": 50, "kept": True}
    assert common.verdict(50.1, 50)["kept"] is False
