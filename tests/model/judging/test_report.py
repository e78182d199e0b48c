"""The page for everyone: headings, captions, words for every picture; the Markdown; the numbers."""

import json
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest

from earmark.model.errors import UsageError
from earmark.model.judging import plots, report, tables
from earmark.model.judging.evaluate import Report

from .reports import made

pytest.importorskip("matplotlib", reason='pip install "earmark[bench]"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> list[Report]:
    found = made(tmp_path_factory.mktemp("models"), "first", "second")
    report.prepare(folder)
    report.write(found, folder)
    return found


class Page(HTMLParser):
    """Tags of a page with their attributes, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page(reports: list[Report], folder: Path) -> Page:
    return Page((folder / report.PAGE).read_text(encoding="utf-8"))


def test_the_page_is_whole_and_has_no_script(page: Page) -> None:
    assert page.open == []
    assert page.all("script") == []
    assert page.all("html") == [{"lang": "en"}]
    assert [len(page.all(tag)) for tag in ("h1", "main", "title")] == [1, 1, 1]
    assert len(page.all("h2")) == 1 + 2 + 1


def test_every_picture_is_there_and_has_words(page: Page, folder: Path) -> None:
    images = page.all("img")
    assert len(images) == 3 + 2 * 2
    for image in images:
        assert (folder / str(image["src"])).read_bytes()[:4] == b"\x89PNG"
        assert len(str(image["alt"]).split()) >= 10


def test_every_table_has_a_caption_and_named_rows_and_columns(page: Page) -> None:
    count = len(page.all("table"))
    assert count == len(page.all("caption")) == 5 + 2 * 5
    assert all(heading.get("scope") in ("row", "col") for heading in page.all("th"))


def test_names_are_escaped(reports: list[Report]) -> None:
    table = tables.Table("<b>", ("a", "b"), (("<i>", "&"),))
    assert "<b>" not in report.page(reports, [plots.Picture("x.png", "<b>", '"')] * 7)
    assert report.markdown(table).splitlines()[2:] == ["| a | b |", "| --- | ---: |", "| <i> | & |"]


def test_markdown_and_numbers(reports: list[Report], folder: Path) -> None:
    lines = (folder / report.MARKDOWN).read_text(encoding="utf-8").splitlines()
    assert [line.split("|")[1].strip() for line in lines[4:]] == ["first", "second"]
    numbers = json.loads((folder / report.NUMBERS).read_text(encoding="utf-8"))
    assert numbers[0]["figures"]["naming"]["top1"] == reports[0].figures.naming.top1
    assert numbers[0]["figures"]["cod"]["windows"] == 0
    assert numbers[0]["figures"]["sweep"][0]["threshold"] == 0.05
    assert len(numbers[1]["figures"]["confusion"]) == 38


def test_words_say_what_the_pictures_show(reports: list[Report]) -> None:
    said = plots.confusion_words(reports[0])
    assert "flute is called piano in 100%" in said
    assert "tuba is called electric bass in 100%" in said
    assert "more sure than right" in plots.reliability_words(reports[0])


def test_confusions_as_a_table(reports: list[Report]) -> None:
    assert ("flute", "0%", "piano 100%") in tables.confusions(reports[0]).rows


def test_every_row_has_a_cell_for_each_column(reports: list[Report]) -> None:
    shared = (tables.summary, tables.tagging, tables.naming, tables.alarms, tables.speed)
    own = (tables.bins, tables.sweep, tables.top_n, tables.labels, tables.confusions)
    for table in [make(reports) for make in shared] + [make(reports[0]) for make in own]:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.header)}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch(stat.S_IRUSR)
    with pytest.raises(UsageError, match="name another with --report"):
        report.prepare(tmp_path / "file" / "below")
