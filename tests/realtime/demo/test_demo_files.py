import json
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from earmark.model.labels import MODEL_LABELS
from earmark.realtime.config import WatchConfig
from earmark.realtime.demo.compare import compare
from earmark.realtime.demo.tunes import ENTRIES, line
from earmark.realtime.levels import rms_dbfs
from earmark.realtime.watch.signal_watch import SignalWatch

HOP = 12_000
Sound = NDArray[np.float32]


def file(name: str) -> Path:
    return Path(str(resources.files("earmark.realtime.demo").joinpath(name)))


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    return json.loads(file("truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def session(truth: dict[str, Any]) -> Sound:
    sound, rate = soundfile.read(file("session.ogg"), dtype="float32", always_2d=True)
    assert rate == truth["rate"]
    return np.ascontiguousarray(sound.T)


def test_the_file_is_as_long_and_as_wide_as_the_truth_says(session: Sound, truth: dict[str, Any]) -> None:
    assert session.shape == (len(truth["names"]), round(truth["length_s"] * truth["rate"]))
    assert file("session.ogg").stat().st_size < 3_000_000


def test_the_truth_lists_the_entries_of_the_tunes(truth: dict[str, Any]) -> None:
    assert [(e["channel"], e["label"]) for e in truth["entries"]] == [(e.channel, e.label) for e in ENTRIES]
    assert {e["label"] for e in truth["entries"]} <= set(MODEL_LABELS)
    assert not compare(truth, []).wrong


def test_turns_on_one_input_do_not_overlap_and_one_input_changes_players(truth: dict[str, Any]) -> None:
    by_input: dict[int, list[dict[str, Any]]] = {}
    for entry in truth["entries"]:
        assert 0 <= entry["start_s"] < entry["end_s"] <= truth["length_s"]
        by_input.setdefault(entry["channel"], []).append(entry)
    for turns in by_input.values():
        assert all(before["end_s"] < after["start_s"] for before, after in pairwise(turns))
    assert any(len({turn["label"] for turn in turns}) > 1 for turns in by_input.values())


def test_every_turn_sounds_where_the_truth_says_and_nowhere_else(session: Sound, truth: dict[str, Any]) -> None:
    rate = truth["rate"]
    plays = np.zeros(session.shape, bool)
    for entry in truth["entries"]:
        start, end = round(entry["start_s"] * rate), round(entry["end_s"] * rate)
        plays[entry["channel"] - 1, start:end] = True
        turn = session[entry["channel"] - 1 : entry["channel"], start:end]
        assert -30 < rms_dbfs(turn)[0] < -15, entry
        before = session[entry["channel"] - 1 : entry["channel"], max(0, start - rate // 10) : start]
        first = turn[:, : rate // 10]
        assert not before.size or rms_dbfs(first)[0] > rms_dbfs(before)[0] + 10, entry
    for channel in range(session.shape[0]):
        rest = session[channel][~plays[channel]]
        assert rms_dbfs(rest[None])[0] < -58, truth["names"][channel]


def test_the_lines_of_the_session_are_good(session: Sound) -> None:
    watch = SignalWatch(session.shape[0], 48_000, WatchConfig())
    starts = range(0, session.shape[1], HOP)
    drafts = [draft for start in starts for draft in watch.step(session[:, start : start + HOP], start)]
    assert {draft.fields["state"] for draft in drafts} == {"present", "silent"}


def test_lines_are_read_as_they_are_written() -> None:
    first, second, third = line("c4:1 -:0.5 f#3+a1:2")
    assert [(n.start, n.length, n.pitch) for n in (first, second, third)] == [(0, 1, 60), (1.5, 2, 54), (1.5, 2, 33)]
    with pytest.raises(ValueError, match="could not convert"):
        line("c4")
    with pytest.raises(KeyError):
        line("h4:1")
