"""Markers in a MIDI file: the very bytes, as mido reads them, and the way back."""

import io

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.clients.export.marks import Mark
from earmark.clients.export.midi import decode, encode
from earmark.clients.export.sheets import Sheet
from earmark.realtime.errors import UsageError
from tests.clients.export.sessions import assert_same, sheet, sheets


def test_the_file_is_format_0_with_120_beats_a_minute() -> None:
    data = encode(sheet(Mark(0, 1, "piano"), Mark(2.5, 2.5, "é")))
    assert data == bytes.fromhex(
        "4d546864 00000006 0000 0001 01e0"  # MThd, format 0, one track, 480 ticks a beat
        "4d54726b 00000029"
        "00 ff5103 07a120"  # 500,000 µs a beat
        "00 ff0605 7069616e6f"  # piano
        "8740 ff0609 7069616e6f20656e64"  # 960 ticks later: piano end
        "8b20 ff0602 c3a9"  # 1,440 ticks later
        "00 ff2f00"
    )


def test_mido_reads_it() -> None:
    file = mido.MidiFile(file=io.BytesIO(encode(sheet(Mark(1, 2, "piano", "Keys")))), charset="utf-8")
    markers = [message for message in file.tracks[0] if message.type == "marker"]
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (0, 480, 1)
    assert [(one.text, one.time) for one in markers] == [("Keys: piano", 960), ("Keys: piano end", 960)]


def test_spans_that_follow_each_other_at_once_stay_two() -> None:
    meant = sheet(Mark(0, 1, "piano"), Mark(1, 2, "piano"), Mark(2, 2, "piano"))
    assert decode(encode(meant), "x") == list(meant.marks)


@given(sheets())
def test_what_is_written_is_read_back(meant: Sheet) -> None:
    assert_same(decode(encode(meant), "x"), meant, within_s=0.5 / 960 + 1e-6)


def test_a_file_of_somebody_elses_with_its_own_tempo_is_read() -> None:
    """Format 1: 60 beats a minute from beat 2 on, markers on a track of their own, in Latin-1, one without an end."""
    tempo = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000, time=192)])
    marks = [
        mido.MetaMessage("marker", text="Bläser", time=0),
        mido.MetaMessage("marker", text="weekend", time=192),
        mido.MetaMessage("marker", text="Bläser end", time=96),
    ]
    out = io.BytesIO()
    mido.MidiFile(type=1, ticks_per_beat=96, tracks=[tempo, mido.MidiTrack(marks)], charset="latin1").save(file=out)
    assert decode(out.getvalue(), "x") == [Mark(0, 2, "Bläser"), Mark(1, 1, "weekend")]


def test_a_rest_that_midi_cannot_count_is_refused() -> None:
    with pytest.raises(UsageError, match="more than 77 hours"):
        encode(sheet(Mark(0, 300_000, "piano")))


def refusal(data: bytes) -> str | None:
    try:
        decode(data, "x")
    except UsageError as error:
        return str(error)
    return None


@given(st.binary(max_size=60), st.booleans(), st.integers(0, 80))
def test_what_is_none_is_refused(noise: bytes, whole: bool, cut: int) -> None:
    good = encode(sheet(Mark(0, 1, "piano"), Mark(2, 3, "violin")))
    said = refusal(noise if whole else good[:cut] + noise)
    assert said is None or (said.startswith("x") and "\n" not in said)


def test_a_file_that_counts_frames_is_refused() -> None:
    data = bytearray(encode(sheet(Mark(0, 1, "piano"))))
    data[12:14] = b"\xe8\x28"  # 24 frames a second, 40 ticks a frame
    with pytest.raises(UsageError, match="counts time in frames"):
        decode(bytes(data), "x")
