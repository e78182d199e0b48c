"""Data sets by name and folder, and what is said when they are not there."""

from pathlib import Path

import pytest

from earmark.model.corpus.datasets.catalogue import DATA_SETS, parse
from earmark.model.errors import UsageError

from . import trees

INDEXED = ("openmic2018", "irmas", "medley_solos_db", "slakh2100", "guitarset")


def test_all_nine_are_known() -> None:
    assert DATA_SETS.keys() == trees.ALL.keys()


def test_name_and_folder(tmp_path: Path) -> None:
    assert parse(f"irmas:{tmp_path}") == (DATA_SETS["irmas"], tmp_path)
    assert parse(str(tmp_path)) is None
    assert parse("C:\\music") is None
    with pytest.raises(UsageError, match="'irmass' is no data set that is known here; known are openmic2018, irmas"):
        parse("irmass:somewhere")


@pytest.mark.parametrize("name", trees.ALL)
def test_reading_twice_gives_the_same(name: str, tmp_path: Path) -> None:
    trees.ALL[name](tmp_path)
    assert DATA_SETS[name].read(tmp_path) == DATA_SETS[name].read(tmp_path)


@pytest.mark.parametrize("name", trees.ALL)
def test_missing_folder_is_one_line_with_the_way_out(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        DATA_SETS[name].read(tmp_path / "nowhere")
    line = str(error.value)
    assert line.startswith(f"{name}: ")
    assert DATA_SETS[name].about.holds in line
    assert DATA_SETS[name].about.url in line
    assert "\n" not in line


@pytest.mark.parametrize("name", sorted(trees.ALL.keys() - set(INDEXED)))
def test_empty_folder_is_one_line_with_the_way_out(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"{name}: .*; give the folder that holds .* \\(from http"):
        DATA_SETS[name].read(tmp_path)


@pytest.mark.parametrize("name", INDEXED)
def test_missing_index_is_one_line_that_says_how_to_fetch_it(name: str, tmp_path: Path) -> None:
    trees.ALL[name](tmp_path)
    next(tmp_path.glob("*_index_*.json")).unlink()
    with pytest.raises(UsageError, match=rf"{name}: no index: run python -c .*download\(\['index'\]\).*, or put "):
        DATA_SETS[name].read(tmp_path)


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("openmic2018", "openmic-2018-metadata.csv"),
        ("openmic2018", "openmic-2018-aggregated-labels.csv"),
        ("openmic2018", "partitions/split01_test.csv"),
        ("medley_solos_db", "annotation/Medley-solos-DB_metadata.csv"),
    ],
)
def test_missing_table_is_one_line(name: str, lost: str, tmp_path: Path) -> None:
    trees.ALL[name](tmp_path)
    (tmp_path / lost).unlink()
    with pytest.raises(UsageError, match=f"{Path(lost).name} is missing; give the folder that holds"):
        DATA_SETS[name].read(tmp_path)
