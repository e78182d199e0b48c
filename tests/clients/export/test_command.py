"""`earmark export`: which files it writes, and what it says where it cannot."""

import os
from pathlib import Path

import pytest

from earmark.clients.export import command
from earmark.clients.export.command import run_export
from earmark.clients.export.formats import FORMATS, read_marks
from earmark.realtime.errors import EarmarkError, UsageError
from tests.clients.export.sessions import event, journal, lines, state

NAMES = ("Keys", "Vox", "")
JAM = [
    state(names=NAMES),
    event("onset", 1, 1, label="keys", name="Keys"),
    event("take", 2, number=1, action="start"),
    event("rename", 1, 1, from_="keys", to="piano", name="Keys"),
    event("onset", 3, 2, label="male_singer", name="Vox"),
    event("offset", 5, 1, label="piano", name="Keys"),
    event("take", 6, number=1, action="stop"),
    event("offset", 8, 2, label="male_singer", name="Vox"),
]


@pytest.fixture
def jam(tmp_path: Path) -> Path:
    return journal(tmp_path / "jam.jsonl", JAM)


def told(path: Path, kind: str = "audacity") -> list[tuple[str, float, float]]:
    return [(mark.title, mark.start_s, mark.end_s) for mark in read_marks(path, kind)]


@pytest.mark.parametrize("kind", FORMATS)
def test_one_file_for_all_inputs_and_one_for_each(jam: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_export(str(jam), kind, None, None, force=False)
    ending = FORMATS[kind].ending
    names = [f"jam{ending}", f"jam-input1-Keys{ending}", f"jam-input2-Vox{ending}"]
    assert capsys.readouterr().out.splitlines() == [str(jam.parent / name) for name in names]
    assert {path.name for path in jam.parent.iterdir()} == {"jam.jsonl", *names}
    assert told(jam.parent / names[0], kind) == [("Keys: piano", 1, 5), ("Vox: singer", 3, 8)]
    (vox,) = read_marks(jam.parent / names[2], kind)
    assert (vox.label, vox.start_s, vox.end_s) == ("singer", 3, 8)


def test_a_take_is_cut_out_and_counts_from_its_start(jam: Path) -> None:
    run_export(str(jam), "audacity", None, "take:1", force=False)
    assert told(jam.parent / "jam-take1.txt") == [("Keys: piano", 0, 3), ("Vox: singer", 1, 4)]


@pytest.mark.parametrize("origin", ["take:2", "take:0"])
def test_a_take_that_is_not_there_is_told_with_those_that_are(jam: Path, origin: str) -> None:
    with pytest.raises(EarmarkError, match=r"has no take \d: its takes are 1$"):
        run_export(str(jam), "midi", None, origin, force=False)


@pytest.mark.parametrize("origin", ["take", "take:x", "take.wav", "", "take:٣"])
def test_an_origin_that_is_none_is_refused(jam: Path, origin: str) -> None:
    with pytest.raises(UsageError, match="write take:3"):
        run_export(str(jam), "midi", None, origin, force=False)


def test_nothing_that_exists_is_written_over(jam: Path) -> None:
    there = jam.parent / "jam-input1-Keys.txt"
    there.write_text("mine")
    with pytest.raises(UsageError, match=r"jam-input1-Keys\.txt exists: --force writes over, --out names another"):
        run_export(str(jam), "audacity", None, None, force=False)
    assert not (jam.parent / "jam.txt").exists()
    assert there.read_text() == "mine"
    run_export(str(jam), "audacity", None, None, force=True)
    assert told(there) == [("piano", 1, 5)]


def test_another_folder_is_made(jam: Path, tmp_path: Path) -> None:
    run_export(str(jam), "csv", tmp_path / "a" / "b", None, force=False)
    assert (tmp_path / "a" / "b" / "jam.csv").exists()
    assert not (tmp_path / "jam.csv").exists()


def test_a_folder_that_cannot_be_made_is_told(jam: Path) -> None:
    with pytest.raises(EarmarkError, match=r"cannot write .*--out names another folder"):
        run_export(str(jam), "csv", jam / "below", None, force=False)


def test_each_session_of_a_journal_has_its_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = [
        state(path="/takes/Lead vox.wav", session="a"),
        event("onset", 1, 1, label="piano", session="a"),
        event("offset", 2, 1, label="piano", session="a"),
        state(path=r"C:\takes\kit.v2.flac", session="b"),
        event("onset", 1, 1, label="drum_set", session="b"),
        event("offset", 2, 1, label="drum_set", session="b"),
        state(session="c"),
    ]
    run_export(str(journal(tmp_path / "day.jsonl", events)), "audacity", None, None, force=False)
    said = capsys.readouterr()
    assert told(tmp_path / "day-1-Lead_vox.txt") == [("piano", 1, 2)]
    assert told(tmp_path / "day-2-kit_v2.txt") == [("drums", 1, 2)]
    assert len(said.out.splitlines()) == 2
    assert said.err == "earmark: day-3: nothing was named, so there is no file\n"


def test_where_nothing_was_named_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(EarmarkError, match=r"nothing was named in .*there is nothing to export"):
        run_export(str(journal(tmp_path / "j.jsonl", [state()])), "midi", None, None, force=False)


def test_what_a_crash_left_is_exported_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = journal(tmp_path / "j.jsonl", JAM[:5], b"no event\n" + lines(JAM[5:6])[:-9])
    run_export(str(file), "audacity", None, None, force=False)
    assert told(tmp_path / "j.txt") == [("Keys: piano", 1, 3.25), ("Vox: singer", 3, 3.25)]
    notes = capsys.readouterr().err.splitlines()
    assert len(notes) == 3
    assert "the last line of" in notes[0]
    assert "1 line is no whole event, the first is line 6" in notes[1]
    assert "2 names were still on" in notes[2]


def test_last_is_the_newest_journal_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "journals"
    monkeypatch.setattr(command, "journals", lambda: folder)
    with pytest.raises(UsageError, match="there is no journal in"):
        run_export("last", "midi", None, None, force=False)
    folder.mkdir()
    for age, name in enumerate(["new", "old"]):
        file = journal(folder / f"{name}.jsonl", JAM)
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
    run_export("last", "midi", tmp_path / "out", None, force=False)
    assert (tmp_path / "out" / "new.mid").exists()
    assert not (tmp_path / "out" / "old.mid").exists()
