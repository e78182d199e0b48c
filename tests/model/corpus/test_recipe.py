"""A small corpus, built on the spot: the same twice, resumed, with folders added and licences kept out."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.progress import Progress

from earmark.model.corpus import decoded, makers, recipe
from earmark.model.corpus.commands import corpus
from earmark.model.corpus.licences import unwanted
from earmark.model.corpus.manifest import read_manifest
from earmark.model.corpus.sources import SOURCES
from earmark.model.corpus.splits import shared_groups
from earmark.model.corpus.summary import minutes_by
from earmark.model.errors import EarmarkError, UsageError

from ..sounds import CLIPS, write_corpus
from .test_kits import write_kit

SYNTH = recipe.choose(["synth"])


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "TAKE_S", 1.0)
    monkeypatch.setattr(makers, "PATCHES", 3)


def build(made: recipe.Recipe) -> list[recipe.Row]:
    with Progress(disable=True) as progress:
        return recipe.build(made, progress)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_gives_the_same_corpus_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        build(recipe.Recipe(tmp_path / name, SYNTH, seed=seed))
    assert files(tmp_path / "a") == files(tmp_path / "b")
    clip = "clips/synth_00_bass.flac"
    assert files(tmp_path / "a")[clip] != files(tmp_path / "c")[clip]


def test_a_build_goes_on_where_it_stopped(tmp_path: Path) -> None:
    made = recipe.Recipe(tmp_path, SYNTH)
    build(made)
    before = files(tmp_path)
    kept = tmp_path / "clips/synth_00_bass.flac"
    written_ns = kept.stat().st_mtime_ns
    (tmp_path / "clips/synth_01_lead.flac").unlink()
    (tmp_path / "manifest.csv").unlink()
    build(made)
    assert files(tmp_path) == before
    assert kept.stat().st_mtime_ns == written_ns


def test_another_seed_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    build(recipe.Recipe(tmp_path, SYNTH))
    with pytest.raises(UsageError, match="was built with --seed 1; keep that seed"):
        build(recipe.Recipe(tmp_path, SYNTH, seed=2))


def test_added_folders_keep_their_labels_and_a_corpus_reads_the_whole(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    write_corpus(tmp_path / "mine")
    rows = build(recipe.Recipe(tmp_path / "out", SYNTH, added=(str(tmp_path / "mine"),), unwanted=unwanted("no-nc")))
    wanted = [clip[0] for clip in CLIPS if "NC" not in clip[2]]
    assert [row["label"] for row in rows] == ["synthesizer"] * 3 + wanted
    assert {row["group"] for row in rows[3:]} == {"here"}
    assert shared_groups(rows) == []
    assert read_manifest(tmp_path / "out") == rows
    loaded = decoded.load(tmp_path / "out", tmp_path / "cache")
    assert [clip.label for clip in loaded.clips] == [row["label"] for row in rows]
    assert minutes_by(rows, "label")["synthesizer"][0] > 0


def test_packages_that_are_there_are_used(tmp_path: Path) -> None:
    kits = tmp_path / ".packages/hydrogen-data/usr/share/hydrogen/data/drumkits"
    kits.mkdir(parents=True)
    write_kit(kits / "GMRockKit")
    (tmp_path / ".packages/hydrogen-drumkits").mkdir()
    impulses = tmp_path / ".packages/guitarix-common/usr/share/gx_head/sounds"
    (impulses / "amps").mkdir(parents=True)
    (impulses / "hall.wav").write_bytes((kits / "GMRockKit/hat.wav").read_bytes())
    (impulses / "amps/loud.wav").write_bytes((kits / "GMRockKit/hat.wav").read_bytes())
    rows = build(recipe.Recipe(tmp_path, recipe.choose(["hydrogen", "guitarix"])))
    assert [(row["label"], row["group"]) for row in rows] == [("drum_set", "hydrogen/GMRockKit")]
    with (tmp_path / "impulses/impulses.csv").open() as table:
        assert sorted(row["kind"] for row in csv.DictReader(table)) == ["cabinet", "room"]


def test_what_cannot_be_built_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no source is called nosuch; there are synth, fluidr3"):
        recipe.choose(["nosuch"])
    with pytest.raises(UsageError, match=r"has no manifest\.csv to add"):
        recipe.added_rows(str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="nothing is left to build from"):
        build(recipe.Recipe(tmp_path / "a", ()))
    (tmp_path / "c/.packages/freepats").mkdir(parents=True)
    with pytest.raises(EarmarkError, match="Tone_000 is not in the package as it was"):
        build(recipe.Recipe(tmp_path / "c", recipe.choose(["freepats"])))
    (tmp_path / "b/.packages/mma").mkdir(parents=True)
    with pytest.raises(UsageError, match="need a font: add --only fluidr3"):
        build(recipe.Recipe(tmp_path / "b", recipe.choose(["mma"])))


def test_groups_given_to_both_sides_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    with (folder / "manifest.csv").open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["path", "label", "kind", "source", "licence", "dur_s", "player", "group", "split"])
        for side in ("train", "validation"):
            writer.writerow([f"{side}.wav", "tuba", "note", "s", "CC0", "1.0", "p", "g", side])
    with pytest.raises(UsageError, match="both in training and in validation: g"):
        build(recipe.Recipe(tmp_path / "out", (), added=(str(folder),)))


def test_every_source_has_what_its_kind_needs() -> None:
    assert len({source.name for source in SOURCES}) == len(SOURCES)
    for source in SOURCES:
        assert bool(source.packages) is (source.kind != "synth")
        assert bool(source.label and source.form) is (source.kind == "recordings")
        assert bool(source.kits) is (source.kind == "kits")


def test_the_command_builds_and_says_what_is_in_it(tmp_path: Path) -> None:
    said = CliRunner().invoke(corpus, ["build", "--out", str(tmp_path / "out"), "--only", "synth"])
    assert said.exit_code == 0, said.output
    assert "synthesizer" in said.output
    assert "CC0" in said.output
    assert len(read_manifest(tmp_path / "out")) == 3
