"""The layout of ReaStream's packets, as Cockos published it. All numbers are little endian.

 4  "MRSR" (sound; "mRSR" is MIDI)      1  channels, 1-64
 4  size of the whole packet            4  sample rate in Hz
32  name, filled with zeros,            2  bytes of sound, at most 1,200
    the last byte always 0              …  float32, one channel after the other
"""

import struct
from typing import Final, NamedTuple

from ..errors import UsageError

PORT: Final = 58710
HEADER: Final = struct.Struct("<4sI32sBIH")
MOST_BYTES: Final = 1200
"""Most bytes of sound in a packet."""

MOST_CHANNELS: Final = 64
NAME_BYTES: Final = 31

_SOUND: Final = b"MRSR"
_MIDI: Final = b"mRSR"
_RATES: Final = range(8_000, 384_001)


class Header(NamedTuple):
    """`name` as bytes, without the zeros. `frames` samples of each channel follow the header."""

    name: bytes
    channels: int
    rate: int
    frames: int


class Malformed(ValueError):  # noqa: N818 - a finding about a packet
    """No packet of ReaStream's."""


def parse(packet: bytes | memoryview) -> Header | None:
    """The header of a whole packet of sound; None if it is MIDI. Raises Malformed if it is neither."""
    if bytes(packet[:4]) == _MIDI:
        return None
    if len(packet) < HEADER.size:
        raise Malformed("too short")
    magic, size, name, channels, rate, sound_bytes = HEADER.unpack_from(packet)
    if magic != _SOUND:
        raise Malformed("not ReaStream")
    if size != len(packet) or sound_bytes != size - HEADER.size or sound_bytes > MOST_BYTES:
        raise Malformed("sizes contradict one another")
    if not 1 <= channels <= MOST_CHANNELS or rate not in _RATES:
        raise Malformed("no such channels or rate")
    if sound_bytes == 0 or sound_bytes % (4 * channels):
        raise Malformed("not a whole number of frames")
    return Header(name.partition(b"\0")[0], channels, rate, sound_bytes // (4 * channels))


def name_bytes(name: str) -> bytes:
    """A stream's name as packets carry it. Raises UsageError if none can."""
    encoded = name.encode()
    if not encoded or len(encoded) > NAME_BYTES or b"\0" in encoded:
        raise UsageError(f"'{name}' cannot be a ReaStream identifier: they have 1 to {NAME_BYTES} bytes")
    return encoded
