"""The table of formats, and files read by it."""

from pathlib import Path

import pytest

from earmark.clients.export import formats
from earmark.clients.export.formats import FORMATS, read_marks
from earmark.clients.export.marks import Mark
from earmark.realtime.cli import EXPORTS
from earmark.realtime.errors import UsageError
from tests.clients.export.sessions import sheet


def test_the_command_offers_every_format() -> None:
    assert tuple(FORMATS) == EXPORTS


def test_no_two_formats_write_the_same_file() -> None:
    assert len({one.ending for one in FORMATS.values()}) == len(FORMATS)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_is_read_back(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "any"
    file.write_bytes(FORMATS[kind].encode(sheet(Mark(1, 2.5, "piano", "Keys", 1, 0.5))))
    (mark,) = read_marks(file, kind)
    assert (mark.start_s, mark.end_s, mark.title) == (1, 2.5, "Keys: piano")


@pytest.mark.parametrize("kind", FORMATS)
def test_an_empty_sheet_can_be_written_and_read(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "any"
    file.write_bytes(FORMATS[kind].encode(sheet()))
    assert read_marks(file, kind) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_missing_and_a_huge_file_are_refused(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_marks(tmp_path / "none", kind)
    (tmp_path / "huge").write_bytes(b"0\t1\tx\n" * 100)
    monkeypatch.setattr(formats, "LARGEST_BYTES", 99)
    with pytest.raises(UsageError, match="too large"):
        read_marks(tmp_path / "huge", kind)
