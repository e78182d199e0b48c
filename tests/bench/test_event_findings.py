"""From takes to tables, pictures and numbers, by ears that need no network."""

import json

import event_plots
import event_tables
import events
import pytest
import takes_layout
from event_findings import Findings, Judge, as_json
from event_runs import RememberingEars
from event_variants import SHIPPED, VARIANTS, shipped_value, sweep
from takes_layout import Bleed

from ..realtime.ears import ToneEars
from .stand_ins import write_recordings

SETTING = "smoothing.best_on"


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    rows = takes_layout.recordings(write_recordings(tmp_path_factory.mktemp("recordings")))
    alike = [takes_layout.relay(rows, inputs=2), takes_layout.quiet(rows)]
    heard = []
    judge = Judge(RememberingEars(ToneEars()), lambda: heard.append(1))
    some = (SHIPPED, VARIANTS[1])
    levels = {
        bleed: [judge.result(one, [*alike, *takes_layout.bands(rows, bleed)]) for one in some]
        for bleed in (Bleed(-24), Bleed(-12))
    }
    takes = [*alike, *takes_layout.bands(rows, Bleed(-24))]
    found = Findings(levels, {SETTING: [(value, judge.result(one, takes)) for value, one in sweep(SETTING, True)]})
    assert len(heard) == 4 * 4 + 3 * 4
    return found


def test_ears_that_know_better_are_judged_better(findings):
    shipped = findings.usual[0].figures()
    assert shipped["heard"] == 1.0
    assert shipped["right"] > 0.85
    assert shipped["wrong"] < 0.05


def test_halves_add_up_to_the_whole(findings):
    shipped = findings.usual[0]
    whole, a, b = shipped.tally(), shipped.tally("A"), shipped.tally("B")
    assert whole.segments == a.segments + b.segments == 8
    assert whole.right == pytest.approx(a.right + b.right)
    assert a.segments > 0
    assert b.segments > 0


def test_what_does_not_bleed_is_the_same_at_every_level(findings):
    usual, loud = (results[0] for results in findings.variants.values())
    assert usual.takes["relay"] is loud.takes["relay"]
    assert set(usual.takes) - set(loud.takes) == {"band duet, -24 dB", "band encore, -24 dB"}


def test_tables_name_every_row_and_column(findings):
    usual = findings.usual
    found = [event_tables.targets(findings), event_tables.variants(usual, "-24 dB"), event_tables.halves(usual)]
    found += [event_tables.bleeds(findings), event_tables.over_time(usual), event_tables.quiet(usual)]
    found += [event_tables.takes(usual[0]), event_tables.swept(SETTING, findings.sweeps[SETTING])]
    for table in found:
        assert all(len(row) == len(table.header) for row in table.rows)
        assert all(all(row) for row in table.rows)
    assert [row[0] for row in found[0].rows[:2]] == ["Heard", "Right"]
    assert found[0].rows[0][1] == "1.000"
    assert [row[0] for row in found[-1].rows].count(f"{shipped_value(SETTING):g}*") == 1


def test_targets_are_kept_or_not(findings):
    found = {one.name: one for one in event_tables.aims(findings)}
    assert (found["Right"].limit, found["Right"].kept) == ("≥ 0.78", True)
    assert (found["Wrong"].limit, found["Wrong"].kept) == ("≤ 0.05", True)
    assert found["Wrong"].found[0] == findings.usual[0].figures()["wrong"]
    more = found["Stray, more at -12 dB"]
    usual, loud = (results[0].figures("B")["stray"] for results in findings.variants.values())
    assert more.found[2] == pytest.approx(loud - usual)
    assert not any("band" in name for name in found)


def test_a_page_with_pictures_and_words(findings, tmp_path):
    pytest.importorskip("matplotlib", reason='pip install "earmark[bench]"')
    folder = tmp_path / "events"
    folder.mkdir()
    events.write(findings, folder)
    page = (tmp_path / "events.md").read_text()
    for file in ("parts.png", "bleed.png", "delay.png", "best_on.png"):
        assert (folder / file).read_bytes()[:4] == b"\x89PNG"
        assert f"(events/{file})" in page
    assert "| as it ships |" in page


def test_every_picture_has_words(findings, tmp_path):
    pytest.importorskip("matplotlib", reason='pip install "earmark[bench]"')
    pictures = event_plots.draw(findings, tmp_path)
    assert all(one.words.endswith(".") and len(one.words) > 60 for one in pictures)


def test_numbers_are_json(findings):
    numbers = json.loads(json.dumps(events.numbers(findings, same=True)))
    assert numbers["targets"]["Right"]["kept"] is True
    assert numbers["same_events_as_the_command"] is True
    assert numbers["variants"]["-12 dB"]["as it ships"]["all"]["heard"] == 1.0
    assert [one["value"] for one in numbers["sweeps"][SETTING]] == [value for value, _ in sweep(SETTING, True)]
    assert as_json(findings)["takes"].keys() == findings.usual[0].takes.keys()
