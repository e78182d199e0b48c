"""Windows to judge on, from recordings and from a corpus, both synthesised."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from earmark.model.corpus.targets import COLUMN
from earmark.model.errors import UsageError
from earmark.model.judging import cases, validation

from ..sounds import write_corpus, write_recordings


@pytest.fixture(autouse=True)
def few_sums() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "SUMS", 20)
        yield


def split(folder: Path, parts: list[str]) -> None:
    """Give the manifest of `folder` a column `split`."""
    with (folder / "manifest.csv").open(newline="") as table:
        rows = [row | {"split": part} for row, part in zip(csv.DictReader(table), parts, strict=True)]
    with (folder / "manifest.csv").open("w", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_recordings(tmp_path: Path) -> None:
    found = cases.load(write_recordings(tmp_path))
    counted = {kind: int(found.rows(kind).sum()) for kind in cases.KINDS}
    assert counted["one"] == 15
    assert counted["several"] == 20
    assert counted["speech"] == 5
    assert counted["noise"] + counted["silence"] == 1 + cases.MADE_UP
    assert len(found.audio) == len(found.target) == len(found.weight) == len(found.accepted) == sum(counted.values())


def test_members_of_a_group_are_accepted(tmp_path: Path) -> None:
    found = cases.load(write_recordings(tmp_path))
    group = found.rows("one") & ~found.target.any(1)
    assert group.sum() == 5
    members = [COLUMN[member] for member in validation.GROUPS["GRP_voice"]]
    assert np.flatnonzero(found.accepted[group][0]).tolist() == sorted(members)
    others = ~group
    np.testing.assert_array_equal(found.accepted[others], found.target[others])


def test_a_corpus_is_judged_by_its_validation_split(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    split(tmp_path, ["validation", "train", "train", "validation", "validation", "train", "validation"])
    found = cases.load(tmp_path)
    alone = found.rows("one")
    assert found.target[alone][:, COLUMN["violin"]].sum() == 5
    assert found.target[:, COLUMN["piano"]].sum() == 0
    assert (found.accepted[alone].sum(1) == 3).sum() == 3  # vocals: any of three kinds of singer
    assert found.rows("speech").sum() == 3
    assert found.rows("noise", "silence").sum() == 3 + cases.MADE_UP


def test_a_mixture_says_what_is_known_of_it(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    split(tmp_path, ["test"] * 7)
    with (tmp_path / "manifest.csv").open(newline="") as table:
        rows = [row | {"present": "", "absent": ""} for row in csv.DictReader(table)]
    rows[0] |= {"label": "mix", "present": "piano;any_bass", "absent": "flute"}
    rows[3] |= {"label": "mix", "present": "tuba", "absent": "*"}
    with (tmp_path / "manifest.csv").open("w", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]))
        writer.writeheader()
        writer.writerows([rows[0], rows[3]])
    found = cases.load(tmp_path, cases.TEST)
    mixture = found.rows("several")
    assert (mixture.sum(), found.rows("one").sum()) == (5, 3)  # one label alone: no sums of two
    assert np.flatnonzero(found.target[mixture][0]).tolist() == [COLUMN["piano"]]
    assert sorted(np.flatnonzero(found.weight[mixture][0]).tolist()) == sorted([COLUMN["piano"], COLUMN["flute"]])
    accepted = {COLUMN[label] for label in ("piano", "electric_bass", "double_bass")}
    assert set(np.flatnonzero(found.accepted[mixture][0]).tolist()) == accepted
    assert found.target[found.rows("one")][:, COLUMN["tuba"]].all()


def test_what_cannot_be_judged_on(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"neither recordings\.csv nor manifest\.csv"):
        cases.load(tmp_path)
    write_corpus(tmp_path)
    with pytest.raises(UsageError, match="no column 'split'"):
        cases.load(tmp_path)
    split(tmp_path, ["train"] * 7)
    with pytest.raises(UsageError, match="nothing to judge on"):
        cases.load(tmp_path)


def test_made_up_windows_hold_noise_and_silence() -> None:
    sound = cases.made_up_negatives(np.random.default_rng(1)).astype(np.float64)
    silent = ~sound.any(1)
    assert silent.sum() == cases.MADE_UP // 4
    levels = 10 * np.log10(np.square(sound[~silent] / 32768).mean(1))
    assert levels.min() > -61
    assert levels.max() < -19
