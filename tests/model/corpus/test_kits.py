"""Hydrogen's drum kits."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus import kits
from earmark.model.corpus.playing import Note

KIT = """<?xml version="1.0"?>
<drumkit_info xmlns="http://www.hydrogen-music.org/drumkit"><instrumentList>
<instrument><name>Kick</name><instrumentComponent><layer><filename>soft.wav</filename></layer>
<layer><filename>hard.wav</filename></layer></instrumentComponent></instrument>
<instrument><name>Closed HH</name><filename>hat.wav</filename></instrument>
<instrument><name>17</name></instrument>
</instrumentList></drumkit_info>"""


def write_kit(folder: Path) -> Path:
    folder.mkdir()
    (folder / "drumkit.xml").write_text(KIT)
    for name in ("soft", "hard", "hat"):
        soundfile.write(folder / f"{name}.wav", 0.5 * np.ones(2_000), 48_000)
    return folder


def test_layers_and_old_kits_are_read_by_key(tmp_path: Path) -> None:
    samples = kits.read_kit(write_kit(tmp_path / "kit"), percussion=False)
    assert [(sample.pitch, sample.velocity) for sample in samples] == [(36, 64), (36, 127), (42, 127)]
    notes = [Note(0.0, 0.1, 36, 90), Note(0.0, 0.1, 49, 90)]
    assert kits.playable(notes, samples) == [Note(0.0, kits.RING_S, 36, 90)]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("BassDrum", 36),
        ("Pearl Side Stick", 37),
        ("Sabian Hat Pedal", 44),
        ("Open HH", 46),
        ("Hi Hat Closed", 42),
        ("Tom Low", 41),
        ("Crash Left", 49),
        ("Ride Jazz", 51),
        ('Ride (Custom, Zagrebin 22")', 51),
        ("Hand Clap", None),
    ],
)
def test_names_of_drums(name: str, key: int | None) -> None:
    assert kits.key_of(name) == key


def test_kits_that_declare_entities_or_hold_nothing_are_refused(tmp_path: Path) -> None:
    folder = write_kit(tmp_path / "kit")
    (folder / "drumkit.xml").write_text('<!DOCTYPE x [<!ENTITY a "b">]><drumkit_info/>')
    with pytest.raises(ValueError, match="declares entities"):
        kits.read_kit(folder, percussion=False)
    (folder / "drumkit.xml").write_text("<drumkit_info/>")
    with pytest.raises(ValueError, match="no drum of kit"):
        kits.read_kit(folder, percussion=True)
