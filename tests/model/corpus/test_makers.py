"""Clips of a source: names, labels, groups, and their sound."""

import shutil
from pathlib import Path

import mido
import numpy as np
import pytest

from earmark.model.corpus import makers
from earmark.model.corpus.programs import DRUM_BANK
from earmark.model.corpus.registry import Package
from earmark.model.corpus.render import part_midi
from earmark.model.corpus.sources import Source

from .test_fonts import write_font
from .test_kits import write_kit
from .test_patches import write_patch
from .test_scores import song


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "TAKE_S", 2.0)


def source(kind: str, **changes: object) -> Source:
    return Source(
        **{"name": "here", "kind": kind, "packages": (Package("p"),), "licence": "CC0", "family": "f"} | changes
    )


def sound(job: makers.Job) -> np.ndarray:
    return job.make(makers.generator(1, job.name))


def test_a_font_gives_what_it_has(tmp_path: Path) -> None:
    font = write_font(tmp_path / "x.sf2", {(0, 0): "Piano", (16, 25): "Mandolin", (DRUM_BANK, 0): "Standard"})
    found = [(job.name, job.group) for job in makers.font_jobs(source("font"), font)]
    mandolins = [(f"here_16_025_{take}_mandolin", "f") for take in range(3)]
    drums = [("here_kit00_drum_set", "f"), ("here_auxiliary_percussion", "f")]
    assert found == [("here_0_000_0_piano", "f"), *mandolins, *drums]


def test_the_same_seed_gives_the_same_midi_and_another_does_not() -> None:
    part = makers.ROLES[1][1]

    def messages(seed: int) -> list[mido.Message]:
        return list(part_midi(part, makers.perform(part, makers.generator(seed, "a"))).tracks[0])

    assert messages(1) == messages(1)
    assert messages(1) != messages(2)


def test_patches_and_kits_and_the_synthesiser_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "TAKE_S", 12.0)
    write_patch(tmp_path / "011_Vibes.pat", 440.0, 1)
    patch = next(makers.patch_jobs(source("patches"), tmp_path))
    assert (patch.name, patch.label) == ("here_011_0_vibraphone", "vibraphone")
    write_kit(tmp_path / "Small Kit")
    (kit,) = makers.kit_jobs(source("kits", kits={"Small Kit": ("drum_set", "GPL-2")}), tmp_path)
    assert (kit.label, kit.licence, kit.group) == ("drum_set", "GPL-2", "here/Small Kit")
    patches = list(makers.synth_jobs(source("synth")))
    assert len({job.group for job in patches}) == makers.PATCHES
    for job in (patch, kit, patches[0]):
        assert np.abs(sound(job)).max() > 0.01
        np.testing.assert_array_equal(sound(job), sound(job))


def test_a_song_is_played_by_one_font_whose_family_is_the_group(tmp_path: Path) -> None:
    song().save(tmp_path / "one.mid")
    shutil.copy(tmp_path / "one.mid", tmp_path / "same.mid")
    fonts = [(source("font", name=name, family=name), Path(name)) for name in ("x", "y")]
    jobs = list(makers.score_jobs(source("scores"), tmp_path, fonts, 1))
    assert sorted(job.label for job in jobs) == ["drum_set", "electric_bass", "tuba"]
    assert len({job.group for job in jobs}) == 1
    assert {job.licence for job in jobs} == {"CC0; score CC0"}
