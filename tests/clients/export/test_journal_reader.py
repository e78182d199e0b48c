"""Journals as we write them, torn ones, and files that are none."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.clients.export import journal_reader
from earmark.clients.export.journal_reader import LONGEST_LINE_BYTES, read_sessions
from earmark.realtime.errors import UsageError
from tests.clients.export.sessions import RATE, event, journal, lines, state

PIANO = [state(names=("Keys",)), event("onset", 1, 1, label="piano"), event("offset", 2, 1, label="piano")]


def test_the_sessions_of_a_journal_come_in_their_order(tmp_path: Path) -> None:
    other = [
        state(path="b.wav", session="t", sample_rate=44_100),
        event("onset", 1, 1, label="organ", session="t", sample_rate=44_100),
    ]
    told = read_sessions(journal(tmp_path / "j.jsonl", [*PIANO, *other]))
    assert [(one.id, one.rate, one.path) for one in told.sessions] == [("s", RATE, None), ("t", 44_100, "b.wav")]
    assert [span.label for one in told.sessions for span in one.spans] == ["piano", "organ"]
    assert (told.skipped, told.first_skipped, told.torn) == (0, None, False)


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_line_that_a_crash_cut_off_is_left_out_and_told(tmp_path: Path, cut: int) -> None:
    whole = lines(PIANO)
    file = tmp_path / "j.jsonl"
    file.write_bytes(whole[:-cut])
    told = read_sessions(file)
    assert told.torn
    assert (told.skipped, told.sessions[0].open) == (0, 1)


def test_a_torn_line_between_two_sessions_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "j.jsonl"
    file.write_bytes(lines(PIANO)[:-30] + b"\n" + lines([state(session="t")]))
    told = read_sessions(file)
    assert (told.skipped, told.first_skipped, told.torn) == (1, 3, False)
    assert [one.id for one in told.sessions] == ["s", "t"]


def test_without_its_first_state_a_session_has_the_rate_that_its_times_tell(tmp_path: Path) -> None:
    events = [event("onset", 1, 1, label="piano", sample_rate=44_100)]
    told = read_sessions(journal(tmp_path / "j.jsonl", events))
    assert told.sessions[0].rate == 44_100


def changed(**values: Any) -> bytes:
    return json.dumps(json.loads(lines([PIANO[1]])) | values).encode() + b"\n"


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"no JSON\n",
        b"[1,2]\n",
        b'"text"\n',
        b"\xff\xfe\x00\n",
        b"[" * 100_000 + b"\n",
        b'{"v":1}\n',
        b'{"seq":' + b"9" * 5_000 + b"}\n",
        changed(v=2),
        changed(label="theremin"),
        changed(label=["piano"]),
        changed(channel=0),
        changed(channel="1"),
        changed(channel=True),
        changed(channel=10**9),
        changed(name=7),
        changed(sample=-1),
        changed(sample=1.5),
        changed(sample=10**18),
        changed(confidence=float("nan")),
        changed(confidence=1.5),
        changed(confidence=None),
        changed(kind=None),
        changed(kind="rename"),
        changed(kind="take", number=1, action="jump"),
        changed(kind="gap"),
        changed(kind="state", path=None, channels=[{"channel": 1, "name": "", "labels": ["piano"]}]),
        changed(kind="state", path=None, channels={}),
        changed(session=4),
        b"x" * (LONGEST_LINE_BYTES + 1_000) + b"\n",
        b"x" * (2 * LONGEST_LINE_BYTES + 2) + b"\n",
    ],
    ids=range(31),
)
def test_a_line_that_is_no_event_is_skipped(tmp_path: Path, line: bytes) -> None:
    told = read_sessions(journal(tmp_path / "j.jsonl", PIANO[:1], line + lines(PIANO[1:])))
    assert (told.skipped, told.first_skipped, told.torn) == (1, 2, False)
    assert [span.label for span in told.sessions[0].spans] == ["piano"]


def test_kinds_that_a_later_version_may_add_are_no_mistake(tmp_path: Path) -> None:
    told = read_sessions(journal(tmp_path / "j.jsonl", [*PIANO, event("weather", 9, 1, rain=True)]))
    assert told.skipped == 0
    assert told.sessions[0].end_sample == 9 * RATE + RATE // 4


@pytest.mark.parametrize("data", [b"", b"hello\n" * 5_000, b"\0" * 100_000, lines(PIANO)[:20]])
def test_a_file_without_an_event_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "j.jsonl"
    file.write_bytes(data)
    with pytest.raises(UsageError, match=r"has no event in it: name a journal"):
        read_sessions(file)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_sessions(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="cannot read"):
        read_sessions(tmp_path)


@given(st.data())
def test_no_change_of_a_value_brings_it_down(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Every event of a good journal with one value replaced by anything that JSON has."""
    events = [*PIANO, event("rename", 3, 1, from_="piano", to="organ"), event("take", 4, number=1, action="start")]
    raw = [json.loads(line) for line in lines(events).splitlines()]
    victim = data.draw(st.sampled_from(raw))
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
        max_leaves=5,
    )
    victim[data.draw(st.sampled_from(sorted(victim)))] = data.draw(anything)
    file = tmp_path_factory.getbasetemp() / "any.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in raw))
    told = journal_reader.read_sessions(file)
    assert told.skipped <= 1
