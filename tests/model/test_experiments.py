"""Each earlier system's experiment from end to end on a small tree: corpus, training, export, and its own figures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.progress import Progress

from earmark.model import export
from earmark.model.corpus import recipe
from earmark.model.corpus.manifest import read_manifest, write_manifest
from earmark.model.judging import classes, tables, validation
from earmark.model.judging.evaluate import Report, evaluate
from earmark.model.training import config, run

from .corpus.datasets import trees

SUMS = 8
UNITS = {
    "cod": "windows",
    "irmas_cnn": "recordings",
    "irmas_cnn-transfer": "pairs",
    "cnn14": "recordings",
    "resnet18": "windows",
    "fluffy": "recordings",
}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SAMPLED", 4)
    monkeypatch.setattr(validation, "SUMS", SUMS)


def corpus(name: str, tree: Callable[[Path], Path], folder: Path) -> Path:
    """The experiment's corpus."""
    out = folder / "corpus"
    data = tree(folder / "data")
    with Progress(disable=True) as progress:
        recipe.build(recipe.Recipe(out, recipe.choose([recipe.ADDED]), (f"experiment/{name}:{data}",)), progress)
    assert "train" in {row["split"] for row in read_manifest(out)}
    return out


def all_of(data: Path, out: Path) -> Path:
    """The same recordings, all of them to test on: a few songs leave too little in each part."""
    out.mkdir()
    write_manifest(out, [row | {"split": "test"} for row in read_manifest(data)])
    return out


def trained(name: str, data: Path, folder: Path, **values: object) -> Path:
    """The checkpoint of the named config, learned from four windows, from random weights unless `values` say else."""
    small = {"corpora": [data], "cache": folder / "cache", "out": folder / name, "windows": 4, "batch": 2, "workers": 0}
    return run.train(config.changed(config.load(Path(name)), {**small, "start": {}, **values}))


def judged(name: str, checkpoint: Path, data: Path) -> Report:
    """The experiment's report on the test part."""
    file = checkpoint.with_name("model.ts")
    export.export([checkpoint], file, None)
    return evaluate([file], data, "test", name)[0]


def check(name: str, report: Report) -> classes.ClassFigures:
    """What every experiment's figures have in common."""
    found = report.classes
    assert found is not None
    assert (found.experiment, found.judged_by) == (name, UNITS[name])
    assert found.judged > 0
    for share in (found.accuracy, found.ece, found.label_accuracy, found.macro_f1, found.mean_ap):
        assert 0 <= share <= 1
    assert [row.n for row in found.top_n] == [1, 2, 3, 4]
    assert {0.1, 0.3, 0.5, 0.7} <= {row.threshold for row in found.sweep}
    table = tables.by_classes([report])
    assert table.caption.startswith(f"By an earlier system's rules: {name}, {len(found.classes)} classes")
    assert table.rows[0][1] == f"{found.judged} {found.judged_by}"
    return found


def test_cod(tmp_path: Path) -> None:
    data = corpus("cod", trees.medleydb, tmp_path)
    checkpoint = trained("cod", data, tmp_path)
    found = check("cod", judged("cod", checkpoint, all_of(data, tmp_path / "all")))
    assert (len(found.classes), found.judged, found.single) == (20, 3, 3)


def test_irmas_in_two_stages(tmp_path: Path) -> None:
    data = corpus("irmas_cnn", trees.irmas, tmp_path)
    stage_1 = trained("irmas_cnn", data, tmp_path)
    found = check("irmas_cnn", judged("irmas_cnn", stage_1, data))
    assert (found.classes, found.single) == (("gac", "pia", "tru", "vio"), found.judged)
    stage_2 = trained("irmas_cnn-transfer", data, tmp_path, start={"run": stage_1})
    pairs = check("irmas_cnn-transfer", judged("irmas_cnn-transfer", stage_2, all_of(data, tmp_path / "all")))
    assert (pairs.judged, pairs.single) == (SUMS, 0)


def test_cnn14(tmp_path: Path) -> None:
    data = corpus("cnn14", trees.openmic2018, tmp_path)
    found = check("cnn14", judged("cnn14", trained("cnn14", data, tmp_path), data))
    assert (found.judged, len(found.classes), found.left_out) == (1, 19, ("cymbals",))


def test_resnet18(tmp_path: Path) -> None:
    data = corpus("resnet18", trees.musicnet, tmp_path)
    found = check("resnet18", judged("resnet18", trained("resnet18", data, tmp_path), data))
    assert len(found.classes) == 11
    assert found.judged == sum(row["split"] == "test" for row in read_manifest(data))


def test_fluffy(tmp_path: Path) -> None:
    data = corpus("fluffy", trees.irmas, tmp_path)
    checkpoint = trained("fluffy", data, tmp_path)
    found = check("fluffy", judged("fluffy", checkpoint, all_of(data, tmp_path / "all")))
    assert (len(found.classes), found.judged) == (11, 8)
