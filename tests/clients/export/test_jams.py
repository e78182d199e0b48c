"""JAMS as the package that defines it validates it, and the way back."""

import io
import json
from typing import Any

import jams
import pytest
from hypothesis import given, settings

from earmark.clients.export.jams import decode, encode
from earmark.clients.export.marks import Mark
from earmark.clients.export.sheets import Sheet
from earmark.realtime.errors import UsageError
from tests.clients.export.sessions import assert_same, sheet, sheets

MARKS = (Mark(0, 5, "piano", "Keys", 1, 0.93), Mark(2, 2.5, "singer", "Vox", 2, 0.5), Mark(6, 7, "organ", "Keys", 1))


def test_there_is_one_annotation_an_input_with_the_confidence() -> None:
    jam = json.loads(encode(sheet(*MARKS, duration_s=12.5)))
    assert jam["file_metadata"] == {"duration": 12.5, "title": "take 1", "jams_version": "0.3.4"}
    keys, vox = jam["annotations"]
    assert keys["namespace"] == "tag_open"
    assert keys["annotation_metadata"]["data_source"] == "program"
    assert keys["sandbox"] == {"channel": 1, "name": "Keys"}
    assert keys["data"] == [
        {"time": 0.0, "duration": 5.0, "value": "piano", "confidence": 0.93},
        {"time": 6.0, "duration": 1.0, "value": "organ", "confidence": None},
    ]
    assert [one["value"] for one in vox["data"]] == ["singer"]


@pytest.mark.filterwarnings("ignore:Passing a schema to Validator:DeprecationWarning")  # its own, of jsonschema
@settings(max_examples=10, deadline=None)  # the package builds a schema each time
@given(sheets())
def test_the_jams_package_finds_it_valid(meant: Sheet) -> None:
    jam = jams.load(io.StringIO(encode(meant).decode()), validate=True, strict=True)
    assert jam.file_metadata.duration == meant.duration_s
    told = [(one.time, one.value) for annotation in jam.annotations for one in annotation.data]
    assert len(told) == len(meant.marks)


@given(sheets())
def test_what_is_written_is_read_back(meant: Sheet) -> None:
    found = decode(encode(meant), "x")
    assert_same(found, meant, within_s=1.1e-6)

    def rows(marks: Any) -> list[tuple[Any, ...]]:
        return sorted((mark.channel, mark.name, mark.label, mark.confidence) for mark in marks)

    assert rows(found) == rows(meant.marks)


def test_annotations_of_others_are_read_where_their_values_are_names() -> None:
    tags = {"namespace": "tag_medleydb_instruments", "data": [], "annotation_metadata": {}}
    tags["data"] = [{"time": 1, "duration": 2, "value": "piano", "confidence": "sure"}]
    beats = {"namespace": "beat", "data": [{"time": 0, "duration": 0, "value": 1, "confidence": None}]}
    data = json.dumps({"annotations": [beats, tags], "file_metadata": {}}).encode()
    assert decode(data, "x") == [Mark(1, 3, "piano")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"annotations": 3}',
        b'{"annotations": [{"namespace": 1, "data": []}]}',
        b'{"annotations": [{"namespace": "tag_open", "data": [1]}]}',
        b'{"annotations": [{"namespace": "tag_open", "data": [{"time": "a"}]}]}',
        b'{"annotations": [{"namespace":"tag_open","data":[{"time":1,"duration":-2,"value":"","confidence":0}]}]}',
        b'{"annotations": [{"namespace":"tag_open","data":[{"time":NaN,"duration":0,"value":"","confidence":0}]}]}',
        b'{"annotations": [{"namespace": "tag_open", "sandbox": [1], "data": []}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"^x"):
        decode(data, "x")
