"""Each earlier system's experiment from end to end on a small tree: corpus, training, export, and its own figures.

The networks that allow it are made narrow: what is looked at here is the way, not what they learn.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.progress import Progress

from ..real import package

for name in ("torchvision", "mirdata", "yaml"):
    package(name, "train")

from torchvision.models.convnext import CNBlockConfig, ConvNeXt

from earmark.model import export
from earmark.model.corpus import recipe
from earmark.model.corpus.manifest import read_manifest, write_manifest
from earmark.model.judging import cases, classes, evaluate, tables, validation
from earmark.model.nets import cnn14, cod, fluffy, irmas_cnn
from earmark.model.nets.network import Network
from earmark.model.training import config, run

from .corpus.datasets import trees
from .fixtures import write

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


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cod, "build", narrow_cod)
    monkeypatch.setattr(cnn14, "build", narrow_cnn14)
    stages = tuple(stage._replace(outputs=min(stage.outputs, 4)) for stage in irmas_cnn.STAGES)
    monkeypatch.setattr(irmas_cnn, "STAGES", stages)
    monkeypatch.setattr(fluffy, "convnext_tiny", narrow_convnext)
    monkeypatch.setitem(fluffy.WIDTH, "fluffy", 16)


def narrow_convnext(weights: None) -> ConvNeXt:
    return ConvNeXt([CNBlockConfig(8, 16, 1), CNBlockConfig(16, None, 1)])


def narrow_cod(name: str, labels: int) -> Network:
    return Network(cod.DecibelMel(), cod.OpenL3(name, labels, channels=2), labels)


def narrow_cnn14(name: str, labels: int) -> Network:
    features = cnn14.Cnn14(labels, width=2)
    return Network(cnn14.DecibelMel(name), features, labels, sample_rate=cnn14.SAMPLE_RATE, window=cnn14.WINDOW)


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


def judged(name: str, checkpoint: Path, data: Path) -> classes.ClassFigures:
    """The experiment's figures on the test part."""
    file = checkpoint.with_name("model.ts")
    export.export([checkpoint], file, None)
    found = evaluate.by_classes(file, data, "test", name, lambda _: None)
    assert (found.experiment, found.judged_by) == (name, UNITS[name])
    assert found.judged > 0
    for share in (found.accuracy, found.ece, found.label_accuracy, found.macro_f1, found.mean_ap):
        assert 0 <= share <= 1
    assert [row.n for row in found.top_n] == [1, 2, 3, 4]
    assert {0.1, 0.3, 0.5, 0.7} <= {row.threshold for row in found.sweep}
    return found


def test_cod(tmp_path: Path) -> None:
    data = corpus("cod", trees.medleydb, tmp_path)
    checkpoint = trained("cod", data, tmp_path)
    found = judged("cod", checkpoint, all_of(data, tmp_path / "all"))
    assert (len(found.classes), found.judged, found.single) == (20, 3, 3)


def test_irmas_in_two_stages(tmp_path: Path) -> None:
    data = corpus("irmas_cnn", trees.irmas, tmp_path)
    stage_1 = trained("irmas_cnn", data, tmp_path)
    found = judged("irmas_cnn", stage_1, data)
    assert (found.classes, found.single) == (("gac", "pia", "tru", "vio"), found.judged)
    stage_2 = trained("irmas_cnn-transfer", data, tmp_path, start={"run": stage_1})
    pairs = judged("irmas_cnn-transfer", stage_2, all_of(data, tmp_path / "all"))
    assert (pairs.judged, pairs.single) == (SUMS, 0)


def test_cnn14(tmp_path: Path) -> None:
    data = corpus("cnn14", trees.openmic2018, tmp_path)
    found = judged("cnn14", trained("cnn14", data, tmp_path), data)
    assert (found.judged, len(found.classes), found.left_out) == (1, 19, ("cymbals",))


def test_resnet18(tmp_path: Path) -> None:
    data = corpus("resnet18", trees.musicnet, tmp_path)
    found = judged("resnet18", trained("resnet18", data, tmp_path), data)
    assert len(found.classes) == 11
    assert found.judged == sum(row["split"] == "test" for row in read_manifest(data))


def test_a_report_has_the_experiment_beside_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "BATCH", 2)
    monkeypatch.setattr(cases, "MADE_UP", 2)
    data = all_of(corpus("irmas_cnn", trees.irmas, tmp_path), tmp_path / "all")
    report = evaluate.evaluate([write(tmp_path / "tones.ts")], data, "test", "irmas_cnn")[0]
    table = tables.by_classes([report])
    assert table.caption == "By an earlier system's rules: irmas_cnn, 4 classes"
    assert table.rows[0][:3] == ("tones", "3 recordings", "3")
    # Tones of 440 Hz are a piano to this model: right for one of three.
    assert table.rows[0][3] == "0.333"
    assert len(tables.sweeps_of_classes(report)) == 2


def test_fluffy(tmp_path: Path) -> None:
    data = corpus("fluffy", trees.irmas, tmp_path)
    checkpoint = trained("fluffy", data, tmp_path)
    found = judged("fluffy", checkpoint, all_of(data, tmp_path / "all"))
    assert (len(found.classes), found.judged) == (11, 8)


def test_compared_networks_differ_in_what_they_are_and_in_how_long_they_learn() -> None:
    shipped = {path.stem: config.load(path) for path in sorted(config.SHIPPED.glob("compare-*.toml"))}
    own = {"net", "out", "windows", "start"}
    assert {plan.net for plan in shipped.values()} == {"earmark", *(name for name in UNITS if "-" not in name)}
    assert len({plan.model_dump_json(exclude=own) for plan in shipped.values()}) == 1
    assert {name for name, plan in shipped.items() if plan.start.checkpoint} == {"compare-earmark"}
