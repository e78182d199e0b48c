"""Drum kits hit by hit: names and keys tell the part."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus import drum_kits
from earmark.model.corpus.sources import Source
from earmark.model.labels import PART_LABELS

from ..drums import hit


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("BassDrum", "kick"),
        ("a3 - bass drum 4", "kick"),
        ("07609_bd_haus.opus", "kick"),
        ("Snare Rimshot (Pearl Free Floating)", "snare"),
        ("Pearl Side Stick", "snare"),
        ("Sabian Hat Swish", "hi_hat"),
        ("Side OHH", "hi_hat"),
        ("07675_drum_cymbal_closed.opus", "hi_hat"),
        ("07683_drum_cymbal_hard.opus", "cymbals"),
        ("Ride (Custom, Zagrebin)", "cymbals"),
        ("China", "cymbals"),
        ("samples_Toms_16-vel_layer_tom2LH07", "tom"),
        ("Hand Clap", None),
        ("Stick", None),
        ("beats_rave_kick01", None),
        ("Tambourine Pedal", None),
    ],
)
def test_names_tell_the_part(name: str, part: str | None) -> None:
    assert drum_kits.part_of(name) == part


def test_every_key_is_one_of_a_part() -> None:
    assert set(drum_kits.PART_OF_KEY.values()) == set(PART_LABELS)
    assert drum_kits.PART_OF_AVL_KEY[48] == "hi_hat"


def test_hydrogen_kits_have_voices_by_part(tmp_path: Path) -> None:
    home = tmp_path / "package" / "kits" / "Real"
    home.mkdir(parents=True)
    drums = {"Kick": ["kick"], "Snare": ["snare", "snare"], "Cowbell": ["tom"], "Nothing tom": []}
    rows = "".join(
        f"<instrument><name>{name}</name>{''.join(f'<filename>{n}{i}.wav</filename>' for i, n in enumerate(files))}"
        "</instrument>"
        for name, files in drums.items()
    )
    (home / "drumkit.xml").write_text(f"<drumkit_info>{rows}</drumkit_info>")
    for name in ("kick0", "snare0", "snare1", "tom0"):
        soundfile.write(home / f"{name}.wav", np.concatenate([np.zeros(4_800), hit(name[:-1])]), 48_000)
    listed = {"Real": ("drum_set", "CC0"), "Hands": ("auxiliary_percussion", "CC0"), "Elsewhere": ("drum_set", "CC0")}
    source = Source("some", "kits", (), "CC0", "some", "kits", kits=listed)
    (kit,) = drum_kits.hydrogen_kits(source, [tmp_path / "package"])
    assert (kit.name, kit.group, kit.licence, kit.held_out) == ("Real", "Real", "CC0", False)
    assert {part: [len(voice) for voice in voices] for part, voices in kit.voices.items()} == {
        "kick": [1],
        "snare": [2],
    }
    assert np.abs(kit.voices["kick"][0][0][:480]).max() > 0.1  # the silence before the hit is gone


def test_recordings_are_one_kit_a_source(tmp_path: Path) -> None:
    rows = [
        ("kick_1.wav", "drum_set", "hit", "one"),
        ("snare_1.wav", "auxiliary_percussion", "hit", "one"),
        ("tom_2.wav", "drum_set", "stem", "one"),
        ("kick_2.wav", "drum_set", "hit/loop", "two"),
        ("piano.wav", "piano", "note", "three"),
    ]
    text = "path,label,kind,source,licence\n" + "".join(f"{','.join(row)},CC0\n" for row in rows)
    (tmp_path / "manifest.csv").write_text(text)
    for name, *_ in rows:
        soundfile.write(tmp_path / name, hit("kick"), 48_000)
    found = {kit.name: set(kit.voices) for kit in drum_kits.recorded_kits(tmp_path)}
    assert found == {"one": {"kick", "snare"}, "two": {"kick"}}


def test_what_may_be_one_recording_is_held_out_together() -> None:
    groups = {drum_kits.ONE_OWNER[name] for name in ("GMRockKit", "The Black Pearl 1.0")}
    assert groups == {"macarthur"}
    assert groups <= drum_kits.HELD_OUT
