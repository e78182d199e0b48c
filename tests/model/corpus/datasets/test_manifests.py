"""Recordings become manifest rows that a corpus decodes, with what is known of each."""

from pathlib import Path

import pytest

from earmark.model.corpus import decoded
from earmark.model.corpus.datasets.catalogue import DATA_SETS, DataSet
from earmark.model.corpus.datasets.manifests import to_manifest
from earmark.model.corpus.datasets.recording import About, Recording
from earmark.model.corpus.manifest import read_manifest
from earmark.model.corpus.targets import COLUMN, GROUP_COLUMN, truth_of

from . import trees


def test_rows(tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    folders = [
        (DATA_SETS["musicnet"], trees.musicnet(tmp_path / "m")),
        (DATA_SETS["irmas"], trees.irmas(tmp_path / "i")),
    ]
    assert to_manifest(folders, out) == out / "manifest.csv"
    rows = {(Path(row["path"]).stem, row["start_s"]): row for row in read_manifest(out)}
    solo, duo = rows["1788", "0.0000"], rows["1788", "0.5000"]
    assert (solo["label"], solo["present"], solo["absent"]) == ("violin", "", "")
    assert (duo["label"], duo["present"], duo["absent"]) == ("mix", "piano;violin", "*")
    excerpt = rows["008__[gel][dru][pop_roc]0058__1", ""]
    assert (excerpt["label"], excerpt["present"], excerpt["absent"]) == ("mix", "guitar_electric;drum_set", "")
    assert float(excerpt["dur_s"]) == pytest.approx(0.3)
    assert excerpt["group"] == "irmas/train/0058"


@pytest.mark.parametrize("name", trees.ALL)
def test_every_data_set_can_be_decoded_and_taught(name: str, tmp_path: Path) -> None:
    to_manifest([(DATA_SETS[name], trees.ALL[name](tmp_path / name))], tmp_path / "corpus")
    corpus = decoded.load(tmp_path / "corpus", tmp_path / "cache")
    assert {clip.source for clip in corpus.clips} == {name}
    assert {clip.split for clip in corpus.clips} == {"train", "validation", "test"}
    for clip in corpus.clips:
        columns = truth_of(clip)
        assert sorted(columns.right + columns.wrong + columns.unknown) == sorted(COLUMN.values())


def test_unknown_answers_are_neither_right_nor_wrong(tmp_path: Path) -> None:
    to_manifest([(DATA_SETS["openmic2018"], trees.openmic2018(tmp_path / "o"))], tmp_path / "corpus")
    first = decoded.load(tmp_path / "corpus", tmp_path / "cache").clips[0]
    columns = truth_of(first)
    assert (first.present, first.absent) == (("any_guitar",), ("any_piano",))
    assert columns.right == ()
    assert columns.groups == (GROUP_COLUMN["any_guitar"],)
    assert set(columns.wrong) == {COLUMN[label] for label in ("piano", "tack_piano", "electric_piano")}


def test_stretches_are_cut_from_their_file(tmp_path: Path) -> None:
    to_manifest([(DATA_SETS["musicnet"], trees.musicnet(tmp_path / "m"))], tmp_path / "corpus")
    clips = decoded.load(tmp_path / "corpus", tmp_path / "cache").clips
    assert [clip.length for clip in clips[:4]] == [24_000, 24_000, 24_000, 48_000]


def test_group_on_two_sides_is_refused(tmp_path: Path) -> None:
    sound = trees.sound(tmp_path / "a.wav")

    def read(_: Path) -> list[Recording]:
        train = Recording(sound, {"violin": 1}, True, "stem", "CC0", "here", "song", "train")
        return [train, Recording(sound, {"violin": 1}, True, "stem", "CC0", "here", "song", "validation")]

    with pytest.raises(ValueError, match="both in training and in validation: here/song"):
        to_manifest([(DataSet(About("here", "CC0", "", ""), read), tmp_path)], tmp_path / "corpus")
