import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.osc_message_builder import OscMessageBuilder

from earmark.realtime.sinks.osc_packets import MAX_BYTES, MAX_MESSAGES, PacketError, messages_in

HEAD = b"#bundle\0" + bytes(7) + b"\1"


def message(address: str, *values: object) -> bytes:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)
    return builder.build().dgram


def bundle(*elements: bytes) -> bytes:
    return HEAD + b"".join(struct.pack(">i", len(element)) + element for element in elements)


def test_messages_come_in_order_also_out_of_nested_bundles():
    packet = bundle(message("/a", 1), bundle(message("/b", "x", 2.5)), message("/c"))
    assert [(m.address, m.params) for m in messages_in(packet)] == [("/a", [1]), ("/b", ["x", 2.5]), ("/c", [])]


def test_an_empty_bundle_is_no_message():
    assert messages_in(HEAD) == []


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0" * 8,
        b"/a\0\0;i\0\0",
        b"/a\0\0,i\0\0",
        b"/a\0\0,Q\0\0",
        b"/\xff\0\0,\0\0\0",
        b"#bundle\0short",
        HEAD + struct.pack(">i", -4),
        HEAD + struct.pack(">i", 0),
        HEAD + struct.pack(">i", 400) + message("/a"),
        HEAD + b"\0\0",
        bundle(bundle(bundle(bundle(bundle(message("/a")))))),
        bundle(*[message("/a")] * (MAX_MESSAGES + 1)),
        message("/a", "x" * MAX_BYTES),
    ],
)
def test_what_is_no_packet_is_refused(packet):
    with pytest.raises(PacketError):
        messages_in(packet)


@settings(deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_whatever_comes_it_ends_with_messages_or_a_refusal(noise, in_bundle):
    try:
        messages_in(HEAD + noise if in_bundle else b"/a" + noise)
    except PacketError:
        return
