import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from earmark.realtime.errors import EarmarkError
from earmark.realtime.sinks import base
from earmark.realtime.sinks.journal import JournalFile, JournalSink, read_journal
from tests.realtime.sinks.made import Notes, Script, until


def sink(target: str | Path, notes: Notes | None = None, **options: Any) -> JournalSink:
    notes = notes or Notes()
    return JournalSink(str(target), notes.report, notes.want_state, **options)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def test_every_event_is_a_line_in_order(tmp_path: Path) -> None:
    script, path = Script(), tmp_path / "journal.jsonl"
    events = [script.state(), script.onset(1, "violin"), script.rename(1, "violin", "viola"), script.signal(2, "hum")]
    journal = sink(path)
    journal.start()
    journal.put(events[:1])
    journal.put(events[1:])
    journal.stop(20)
    assert list(read_journal(path)) == [event.to_dict() for event in events]
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [event.to_dict() for event in events]


def test_what_comes_on_request_is_not_written_unless_it_is_asked_for(tmp_path: Path) -> None:
    script = Script()
    events = [script.onset(1, "violin"), script.scores(1), script.offset(1, "violin")]
    for name, kinds in (("usual", None), ("scores", {"scores"})):
        file = JournalFile(str(tmp_path / name)) if kinds is None else JournalFile(str(tmp_path / name), kinds)
        file.write(events)
        file.close()
    assert [event["seq"] for event in read_journal(tmp_path / "usual")] == [1, 3]
    assert [event["seq"] for event in read_journal(tmp_path / "scores")] == [2]


def test_a_batch_is_in_the_file_as_soon_as_it_is_written(tmp_path: Path) -> None:
    script, path = Script(), tmp_path / "journal.jsonl"
    journal = sink(path)
    journal.start()
    for count in (1, 2, 3):
        journal.put(script.toggles(1))
        until(lambda count=count: len(list(read_journal(path))) == count)
    journal.stop(20)


def test_a_file_that_exists_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    for session in ("monday", "tuesday"):
        journal = sink(path)
        journal.start()
        journal.put(Script(session).toggles(2))
        journal.stop(20)
    sessions = [(event["session"], event["seq"]) for event in read_journal(path)]
    assert sessions == [("monday", 1), ("monday", 2), ("tuesday", 1), ("tuesday", 2)]


def test_a_line_torn_by_a_crash_does_not_spoil_the_next_session(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "journal.jsonl"
    whole = b"".join(json.dumps(event.to_dict()).encode() + b"\n" for event in Script("old").toggles(3))
    path.write_bytes(whole[:-20])
    assert [event["seq"] for event in read_journal(path)] == [1, 2]
    journal = sink(path)
    journal.start()
    journal.put(Script("new").toggles(1))
    journal.stop(20)
    assert [(event["session"], event["seq"]) for event in read_journal(path)] == [("old", 1), ("old", 2), ("new", 1)]
    assert "line 3: not a whole event" in caplog.text


def test_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    events = Script(names=("Grüße",)).toggles(2)
    journal = sink("-")
    journal.start()
    journal.put(events)
    journal.stop(20)
    assert [json.loads(line) for line in capfd.readouterr().out.splitlines()] == [event.to_dict() for event in events]
    os.write(1, b"")  # still open


def test_standard_output_of_a_process_that_replaced_it(capsys: pytest.CaptureFixture[str]) -> None:
    events = Script().toggles(2)
    file = JournalFile("-")
    file.write(events)
    file.close()
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [event.to_dict() for event in events]


def test_a_journal_that_cannot_be_opened_is_an_error_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "no" / "such" / "folder.jsonl"
    with pytest.raises(EarmarkError, match=f"^cannot write the journal {path}: No such file or directory; "):
        sink(path).start()
    with pytest.raises(EarmarkError, match=f"^cannot write the journal {tmp_path}: Is a directory; "):
        sink(tmp_path).start()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_device_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "FIRST_RETRY_S", 0.01)
    notes = Notes()
    journal = sink("/dev/full", notes)
    journal.start()
    journal.put(Script().toggles(3))
    until(lambda: journal._retry_s > 0.1)
    journal.put(Script().toggles(2))
    journal.stop(20)
    assert [(health.part, health.state) for health in notes.health] == [("journal", "lost"), ("journal", "failed")]
    assert notes.health[0].detail == "No space left on device; trying again"
    assert notes.health[1].detail == "5 events lost at the end: No space left on device"


def test_a_full_disk_loses_nothing_that_finds_room_in_time(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "FIRST_RETRY_S", 0.01)
    notes, script, path = Notes(), Script(), small_disk / "journal.jsonl"
    (small_disk / "ballast").write_bytes(bytes(48 * 1024))
    journal = sink(path, notes)
    journal.start()
    for _ in range(40):
        journal.put(script.toggles(5))
    until(lambda: notes.states == ["lost"])
    assert notes.health[0].detail == "No space left on device; trying again"
    assert path.read_bytes()[-1:] == b"\n"  # a batch that found no room left nothing behind
    (small_disk / "ballast").unlink()
    until(lambda: notes.states == ["lost", "ok"])
    assert notes.health[1].detail == "nothing lost"
    journal.stop(20)
    assert [event["seq"] for event in read_journal(path)] == list(range(1, 201))


def test_a_full_disk_for_too_long_costs_the_oldest_and_says_how_many(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "FIRST_RETRY_S", 0.01)
    notes, script, path = Notes(), Script(), small_disk / "journal.jsonl"
    (small_disk / "ballast").write_bytes(bytes(64 * 1024))
    journal = sink(path, notes, capacity_events=20)
    journal.start()
    journal.put(script.toggles(2))
    until(lambda: notes.states == ["lost"])
    for _ in range(49):
        journal.put(script.toggles(2))
    (small_disk / "ballast").unlink()
    until(lambda: notes.states_wanted == 1)
    journal.put([script.state()])
    journal.stop(20)
    seqs = [event["seq"] for event in read_journal(path)]
    lost = 101 - len(seqs)
    assert seqs[-1] == 101
    assert sorted(set(seqs)) == seqs
    assert lost >= 80
    assert f"{lost} events lost" in [health.detail for health in notes.health]
