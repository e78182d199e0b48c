"""The data of the earlier systems' experiments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from earmark.model.corpus.datasets.catalogue import DATA_SETS
from earmark.model.corpus.datasets.experiments import EXPERIMENTS, parse
from earmark.model.corpus.datasets.splits import in_both
from earmark.model.corpus.targets import truth
from earmark.model.errors import UsageError

from . import trees

TREES: dict[str, Callable[[Path], Path]] = {
    "cod": trees.medleydb,
    "irmas_cnn": trees.irmas,
    "cnn14": trees.openmic2018,
    "resnet18": trees.musicnet,
    "fluffy": trees.irmas,
}


@pytest.mark.parametrize(
    ("net", "classes"), [("cod", 20), ("irmas_cnn", 4), ("cnn14", 20), ("resnet18", 11), ("fluffy", 11)]
)
def test_classes(net: str, classes: int) -> None:
    assert len(EXPERIMENTS[net].classes) == classes
    for label in EXPERIMENTS[net].classes.values():
        truth(label)


@pytest.mark.parametrize("net", TREES)
def test_groups_are_apart(net: str, tmp_path: Path) -> None:
    recordings = EXPERIMENTS[net].data_set.read(TREES[net](tmp_path))
    assert recordings
    assert in_both(recordings) == []


def test_cod_merges_sections_and_drops_what_is_not_among_its_twenty(tmp_path: Path) -> None:
    stems = EXPERIMENTS["cod"].data_set.read(trees.medleydb(tmp_path))
    assert [(one.names, *one.labels) for one in stems] == [
        (("electric bass",), "electric_bass"),
        (("violin section",), "violin"),
        (("female singer",), "female_singer"),
    ]
    assert all(one.complete for one in stems)


def test_irmas_testing_songs_choose_and_test(tmp_path: Path) -> None:
    excerpts = EXPERIMENTS["fluffy"].data_set.read(trees.irmas(tmp_path))
    assert [one.split for one in excerpts[:-2]] == ["train"] * 6
    assert all(one.split in ("validation", "test") for one in excerpts[-2:])


def test_four_instruments_of_irmas_exclude_each_other(tmp_path: Path) -> None:
    excerpts = EXPERIMENTS["irmas_cnn"].data_set.read(trees.irmas(tmp_path))
    assert [dict(one.labels) for one in excerpts] == [
        {"acoustic_guitar": 0, "piano": 0, "trumpet": 0, "violin": 1},
        {"acoustic_guitar": 0, "piano": 1, "trumpet": 0, "violin": 0},
        {"acoustic_guitar": 1, "piano": 0, "trumpet": 0, "violin": 0},
    ]
    assert sorted(one.split for one in excerpts) == ["test", "train", "validation"]


def test_rests_of_musicnet_are_rests(tmp_path: Path) -> None:
    folder = trees.musicnet(tmp_path)
    table = folder / "musicnet" / "train_labels" / "1790.csv"
    notes = [(0, 22_050, 41, 60), (33_075, 66_150, 41, 60)]
    trees.table(table, trees.NOTE_COLUMNS, [(*note, 0.0, 1.0, "Quarter") for note in notes])
    solo = [one for one in EXPERIMENTS["resnet18"].data_set.read(folder) if one.path.stem == "1790"]
    assert [(one.start_s, one.dur_s) for one in solo] == [(0.0, 0.5), (0.75, 0.75)]


def test_what_an_excerpt_does_not_name_is_absent_for_fluffy(tmp_path: Path) -> None:
    excerpts = EXPERIMENTS["fluffy"].data_set.read(trees.irmas(tmp_path))
    assert all(len(one.labels) == 11 for one in excerpts)
    assert all(sum(one.labels.values()) == 1 for one in excerpts if one.split == "train")


def test_an_experiment_is_added_by_name_and_folder(tmp_path: Path) -> None:
    assert parse(f"experiment/cod:{tmp_path}") == (EXPERIMENTS["cod"].data_set, tmp_path)
    assert parse(f"irmas:{tmp_path}") == (DATA_SETS["irmas"], tmp_path)
    assert parse(str(tmp_path)) is None
    with pytest.raises(UsageError, match="known are cod, irmas_cnn"):
        parse(f"experiment/nosuch:{tmp_path}")
