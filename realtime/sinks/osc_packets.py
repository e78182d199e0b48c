"""OSC datagrams of strangers taken apart: pure, bounded, and sure to end.

python-osc reads single messages here. Its bundle reader is not used: a negative element size makes it loop for ever.
"""

import struct
from typing import Final

from pythonosc.osc_message import OscMessage

MAX_BYTES: Final = 8192
MAX_DEPTH: Final = 4
MAX_MESSAGES: Final = 512
_BUNDLE: Final = b"#bundle\0"
_HEAD_BYTES: Final = 16
_TYPE_TAGS: Final = frozenset(b"ihfdsbrmtTFN[]")


class PacketError(ValueError):
    """The datagram is no OSC packet, or a larger one than is read here."""


def messages_in(packet: bytes) -> list[OscMessage]:
    """The messages of a datagram in order; time tags of bundles are not waited for. Raises PacketError."""
    if len(packet) > MAX_BYTES:
        raise PacketError(f"longer than {MAX_BYTES} bytes")
    found: list[OscMessage] = []
    _collect(packet, 0, found)
    return found


def _collect(element: bytes, depth: int, found: list[OscMessage]) -> None:
    if not element.startswith(_BUNDLE):
        found.append(_message(element))
        if len(found) > MAX_MESSAGES:
            raise PacketError(f"more than {MAX_MESSAGES} messages")
        return
    if depth == MAX_DEPTH or len(element) < _HEAD_BYTES:
        raise PacketError("bundles too deep, or cut short")
    at = _HEAD_BYTES
    while at < len(element):
        size = struct.unpack_from(">i", element, at)[0] if len(element) - at >= 4 else -1
        if not 0 < size <= len(element) - at - 4:
            raise PacketError("a bundle's element is longer than the bundle")
        _collect(element[at + 4 : at + 4 + size], depth + 1, found)
        at += 4 + size


def _message(element: bytes) -> OscMessage:
    address, _, rest = element.partition(b"\0")
    tags = rest.lstrip(b"\0").partition(b"\0")[0]
    if not address or (tags and (not tags.startswith(b",") or not _TYPE_TAGS.issuperset(tags[1:]))):
        raise PacketError("not a message")
    try:
        return OscMessage(element)
    except Exception as error:  # whatever strangers can provoke in the reader: struct.error, UnicodeError, its own
        raise PacketError(f"not a message: {error}") from error
