"""Songs taken apart: tracks by channel and program, music inside a WAD, accompaniments."""

import io
import struct
from pathlib import Path

import mido
import pytest

from earmark.model.corpus import scores


def song(bars: int = 20) -> mido.MidiFile:
    """A bass line, drums, a tuba after a long rest, and an effect that is no label; 120 beats a minute."""
    file = mido.MidiFile(ticks_per_beat=96)
    head = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500_000)])
    bass, drums, late = mido.MidiTrack(), mido.MidiTrack(), mido.MidiTrack()
    bass.append(mido.Message("program_change", channel=0, program=33))
    bass.append(mido.Message("control_change", channel=0, control=7, value=10))
    late.append(mido.Message("program_change", channel=1, program=58))
    late.append(mido.Message("program_change", channel=2, program=120))
    late.append(mido.Message("note_on", channel=2, note=60, velocity=90, time=96 * 20))
    for _ in range(2 * bars):
        for track, channel, note in ((bass, 0, 40), (drums, 9, 36), (late, 1, 45)):
            track.append(mido.Message("note_on", channel=channel, note=note, velocity=80, time=0))
            track.append(mido.Message("note_on", channel=channel, note=note, velocity=0, time=96))
    file.tracks += [head, bass, drums, late]
    return file


def to_bytes(midi: mido.MidiFile) -> bytes:
    out = io.BytesIO()
    midi.save(file=out)
    return out.getvalue()


def wad(lumps: dict[str, bytes]) -> bytes:
    body, directory = b"", b""
    for name, data in lumps.items():
        directory += struct.pack("<ii8s", 12 + len(body), len(data), name.encode())
        body += data
    return b"IWAD" + struct.pack("<ii", len(lumps), 12 + len(body)) + body + directory


def test_each_instrument_stands_alone_without_the_mix_and_the_rest() -> None:
    found = scores.tracks("song", song())
    assert [(track.song, track.label, track.is_drums) for track in found] == [
        ("song-0-33", "electric_bass", False),
        ("song-1-58", "tuba", False),
        ("song-9-0", "drum_set", True),
    ]
    for track in found:
        said = [message for message in track.midi.tracks[0] if not message.is_meta]
        assert said[0].type == "program_change"
        assert sum(message.type == "note_on" and message.velocity > 0 for message in said) == 40
        assert {message.type for message in said[1:-2]} == {"note_on"}
        assert track.midi.length == pytest.approx(20, abs=0.1)


def test_short_tracks_are_left_out_and_long_ones_cut() -> None:
    assert scores.tracks("song", song(5)) == []
    (bass, *_) = scores.tracks("song", song(100))
    assert bass.midi.length == pytest.approx(scores.LONGEST_S, abs=0.6)


def test_what_sounds_where_a_track_is_cut_is_let_go() -> None:
    held = mido.MidiTrack([mido.Message("program_change", program=16)])
    for _ in range(60):
        held.append(mido.Message("note_on", note=60, velocity=80, time=0))
        held.append(mido.Message("note_off", note=60, time=96 * 4))
    (organ,) = scores.tracks("song", mido.MidiFile(ticks_per_beat=96, tracks=[held]))
    said = [(message.type, getattr(message, "note", None)) for message in organ.midi.tracks[0] if not message.is_meta]
    assert said[-4:] == [("note_on", 60), ("note_off", 60), *[("control_change", None)] * 2]


def test_songs_of_a_package_come_once_each(tmp_path: Path) -> None:
    data = to_bytes(song())
    (tmp_path / "a tune.mid").write_bytes(data)
    (tmp_path / "again.mid").write_bytes(data)
    (tmp_path / "broken.mid").write_bytes(b"MThd nothing")
    (tmp_path / "game.wad").write_bytes(wad({"D_ONE": to_bytes(song(30)), "OTHER": b"text"}))
    found = list(scores.songs(tmp_path, 1))
    assert [name for name, _ in found] == ["a_tune", "game-D_ONE"]
    assert scores.tracks(*found[1])[0].label == "electric_bass"


def test_what_is_no_wad_is_refused() -> None:
    with pytest.raises(ValueError, match="no WAD"):
        list(scores.wad_music(b"hello, this is text"))


def test_accompaniments_are_written_by_the_packages_program(tmp_path: Path) -> None:
    library = tmp_path / "usr/share/mma"
    (library / "lib/stdlib").mkdir(parents=True)
    (library / "lib/stdlib/march.mma").write_text("DefGroove March\nDefGroove MarchEnd   Ending.\n")
    (tmp_path / "usr/bin").mkdir()
    program = "import sys, shutil; shutil.copy(sys.argv[3], 'script.mma'); shutil.copy('song.bin', sys.argv[2])"
    (tmp_path / "usr/bin/mma").write_text(program)
    (library / "song.bin").write_bytes(to_bytes(song()))
    (found,) = scores.songs(tmp_path, 1)
    assert found[0] == "mma-march"
    script = (library / "script.mma").read_text()
    assert script.startswith("RndSeed ")
    assert "Groove stdlib/march:March\n1 " in script
    (again,) = scores.songs(tmp_path, 1)
    assert script == (library / "script.mma").read_text()
    assert to_bytes(again[1]) == to_bytes(found[1])
