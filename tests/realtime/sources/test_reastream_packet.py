import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.errors import UsageError
from earmark.realtime.sources.reastream_packet import Header, Malformed, name_bytes, parse

from .reastream_sender import packet


def test_a_packet_of_sound() -> None:
    assert parse(packet(b"drums", 8, 44_100, bytes(4 * 8 * 37))) == Header(b"drums", 8, 44_100, 37)


def test_midi_is_let_pass() -> None:
    assert parse(b"mRSR" + struct.pack("<I", 40) + bytes(32)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MRSR",
        packet(b"a", 2, 48_000, bytes(16))[:-1],
        packet(b"a", 2, 48_000, bytes(16)) + b"\0",
        packet(b"a", 2, 48_000, bytes(12)),
        packet(b"a", 2, 48_000, b""),
        packet(b"a", 0, 48_000, bytes(16)),
        packet(b"a", 65, 48_000, bytes(4 * 65)),
        packet(b"a", 2, 0, bytes(16)),
        packet(b"a", 2, 2**31, bytes(16)),
        packet(b"a", 1, 48_000, bytes(1204)),
        b"X" + packet(b"a", 2, 48_000, bytes(16))[1:],
    ],
)
def test_what_contradicts_itself_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse(data)


@settings(deadline=None)
@given(data=st.binary(max_size=1400), begin=st.booleans())
def test_nothing_that_arrives_breaks_the_parser(data: bytes, begin: bool) -> None:
    try:
        header = parse(b"MRSR" + data if begin else data)
    except Malformed:
        return
    assert header is None or header.frames * header.channels * 4 <= 1200


@pytest.mark.parametrize("name", ["", "n" * 32, "ü" * 16, "a\0b"])
def test_a_name_that_no_packet_can_carry_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a ReaStream identifier"):
        name_bytes(name)
