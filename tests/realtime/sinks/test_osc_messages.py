import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.model.labels import INDEX, LABELS
from earmark.realtime.sinks.osc_messages import (
    EVENT_ARGUMENTS,
    MAX_PACKET_BYTES,
    Message,
    OscEncoder,
    answer,
    event_message,
    packets,
    snapshot,
)
from earmark.realtime.sinks.osc_packets import messages_in
from tests.realtime.sinks.wires import event, offset, onset, rename, state, streams


def sent(groups: list[list[Message]], address: str) -> list[object]:
    return [message.values[0] for group in groups for message in group if message.address == address]


def test_an_onset_is_its_edge_its_confidence_the_top_and_the_event():
    [group] = OscEncoder().encode([onset(7, 3, "violin", 0.75)])
    assert group[:5] == [
        Message("/earmark/3/violin", "f", (1.0,)),
        Message("/earmark/3/violin/confidence", "f", (0.75,)),
        Message("/earmark/3/top", "s", ("violin",)),
        Message("/earmark/3/top/confidence", "f", (0.75,)),
        Message("/earmark/3/top/index", "i", (INDEX["violin"],)),
    ]
    assert group[5].address == "/earmark/event"


def test_an_offset_ends_the_edge_and_empties_the_top():
    encoder = OscEncoder()
    encoder.encode([onset(1, 3, "violin")])
    [group] = encoder.encode([offset(2, 3, "violin")])
    assert group[:5] == [
        Message("/earmark/3/violin", "f", (0.0,)),
        Message("/earmark/3/violin/confidence", "f", (0.0,)),
        Message("/earmark/3/top", "s", ("",)),
        Message("/earmark/3/top/confidence", "f", (0.0,)),
        Message("/earmark/3/top/index", "i", (-1,)),
    ]


def test_the_top_is_told_only_when_it_changes():
    encoder = OscEncoder()
    groups = encoder.encode([onset(1, 1, "violin", 0.8), onset(2, 1, "viola", 0.5), onset(3, 1, "piano", 0.9)])
    assert sent(groups, "/earmark/1/top") == ["violin", "piano"]
    assert sent(encoder.encode([offset(4, 1, "viola"), offset(5, 1, "piano")]), "/earmark/1/top") == ["violin"]


def test_a_rename_is_one_bundle_with_off_before_on_and_the_event():
    encoder = OscEncoder()
    encoder.encode([onset(1, 1, "violin")])
    [bundle] = packets(encoder.encode([rename(2, 1, "violin", "viola", 0.5)]))
    messages = {message.address: message.params for message in messages_in(bundle)}
    addresses = list(messages)
    assert messages["/earmark/1/violin"] == [0.0]
    assert messages["/earmark/1/viola"] == [1.0]
    assert addresses.index("/earmark/1/violin") < addresses.index("/earmark/1/viola")
    arguments = dict(zip([name for name, _, _ in EVENT_ARGUMENTS], messages["/earmark/event"], strict=True))
    assert (arguments["kind"], arguments["from"], arguments["label"]) == ("rename", "violin", "viola")


def test_a_rename_to_a_name_that_is_on_is_an_offset_of_the_old():
    encoder = OscEncoder()
    encoder.encode([onset(1, 1, "violin"), onset(2, 1, "viola")])
    groups = encoder.encode([rename(3, 1, "violin", "viola")])
    assert sent(groups, "/earmark/1/violin") == [0.0]
    assert sent(groups, "/earmark/1/viola") == []


def test_the_event_message_has_the_documented_arguments():
    message = event_message(onset(5, 2, "violin", 0.9, hop=4))
    assert message.types == "isissfsssss"
    assert message.values == (5, "onset", 2, "violin", "", 0.9, "47900", "48000", "0.997917", "a-session", "")


@pytest.mark.parametrize(
    ("kind", "fields", "label", "detail"),
    [
        ("signal", {"state": "hum", "on": True, "detail": "50 Hz"}, "hum", "on=1; detail=50 Hz"),
        ("take", {"number": 2, "action": "start"}, "start", "number=2; position="),
        ("gap", {"lost_samples": 480, "reason": "overflow"}, "overflow", "lost_samples=480"),
        ("overrun", {"skipped_windows": 3}, "", "skipped_windows=3"),
        ("sink", {"sink": "midi", "state": "lost", "detail": "gone"}, "lost", "sink=midi; detail=gone"),
    ],
)
def test_other_kinds_tell_their_state_and_their_other_fields(kind, fields, label, detail):
    values = event_message(event(1, kind, **fields)).values
    assert (values[2], values[3], values[-1]) == (0, label, detail)


def test_the_signal_is_everything_that_is_on():
    encoder = OscEncoder()
    groups = encoder.encode(
        [
            event(1, "signal", 1, state="present", on=True, detail=""),
            event(2, "signal", 1, state="hot", on=True, detail=""),
            event(3, "signal", 1, state="present", on=False, detail=""),
        ]
    )
    assert sent(groups, "/earmark/1/signal") == ["present", "present, hot", "hot"]


def test_the_line_check_of_an_input_has_an_address_of_its_own():
    fields = {"expected": "snare", "heard": "kick", "other": 4, "fault": "", "peak_dbfs": None, "detail": ""}
    [group, end] = OscEncoder().encode(
        [event(1, "check", 3, state="wrong", **fields), event(2, "check", state="done", detail="3 of 4")]
    )
    assert sent([group], "/earmark/3/check") == ["wrong"]
    values = group[1].values
    assert (values[1], values[2], values[3]) == ("check", 3, "wrong")
    assert values[-1] == "expected=snare; heard=kick; other=4; fault=; peak_dbfs=; detail="
    assert [message.address for message in end] == ["/earmark/event"]


def test_what_is_only_on_request_is_not_sent():
    assert OscEncoder().encode([event(1, "scores", 1, scores={}), event(2, "levels", levels={})]) == []


def test_one_onset_held_for_a_minute_is_exactly_one_edge():
    encoder = OscEncoder()
    groups = encoder.encode([onset(1, 1, "violin")])
    for hop in range(2, 240):
        groups += encoder.encode([event(hop, "overrun", hop=hop, skipped_windows=1)])
        if hop % 20 == 0:
            snapshot(encoder.board)
            groups += encoder.encode([state(hop, [["violin"]], hop=hop)])
    groups += encoder.encode([offset(999, 1, "violin", hop=240)])
    assert sent(groups, "/earmark/1/violin") == [1.0, 0.0]


def test_64_inputs_that_all_change_stay_within_a_datagram_each_and_no_event_is_split():
    longest = max((label.id for label in LABELS), key=len)
    encoder = OscEncoder()
    encoder.encode([onset(n, n, longest) for n in range(1, 65)])
    groups = encoder.encode([rename(n, n, longest, "auxiliary_percussion") for n in range(1, 65)])
    bundles = packets(groups)
    assert max(map(len, bundles)) <= MAX_PACKET_BYTES
    received = [[message.address for message in messages_in(bundle)] for bundle in bundles]
    assert [address for bundle in received for address in bundle] == [m.address for group in groups for m in group]
    starts = {tuple(m.address for m in group) for group in groups}
    for bundle in received:
        assert bundle[-1] == "/earmark/event"
        assert any(tuple(bundle[: len(start)]) == start for start in starts)


def test_plain_targets_get_every_message_alone_in_the_same_order():
    groups = OscEncoder().encode([onset(1, 1, "violin"), onset(2, 2, "piano")])
    alone = [messages_in(packet) for packet in packets(groups, plain=True)]
    assert all(len(messages) == 1 for messages in alone)
    assert [messages[0].address for messages in alone] == [m.address for group in groups for m in group]


def test_a_snapshot_tells_everything_and_never_uses_an_edges_address():
    encoder = OscEncoder()
    encoder.encode([state(4, [["violin", "viola"], []])])
    messages = [message for group in snapshot(encoder.board) for message in group]
    assert messages == [
        Message("/earmark/state/session", "s", ("a-session",)),
        Message("/earmark/state/take", "i", (0,)),
        Message("/earmark/state/1/name", "s", ("input 1",)),
        Message("/earmark/state/1/signal", "s", ("present",)),
        Message("/earmark/state/1/labels", "s", ("violin viola",)),
        Message("/earmark/state/1/violin", "f", (0.5,)),
        Message("/earmark/state/1/viola", "f", (0.5,)),
        Message("/earmark/state/2/name", "s", ("input 2",)),
        Message("/earmark/state/2/signal", "s", ("present",)),
        Message("/earmark/state/2/labels", "s", ("",)),
        Message("/earmark/state/seq", "i", (4,)),
    ]


@settings(deadline=None)
@given(streams)
def test_on_every_address_the_edges_alternate(events):
    encoder = OscEncoder()
    last: dict[str, object] = {}
    edges = {f"/earmark/{channel}/{label.id}" for channel in range(1, 4) for label in LABELS}
    for one in events:
        for message in (message for group in encoder.encode([one]) for message in group):
            if message.address in edges:
                assert message.values[0] == 1.0 - last.get(message.address, 0.0)
                last[message.address] = message.values[0]


@settings(deadline=None)
@given(st.text(max_size=2000), st.text(max_size=2000))
def test_no_text_makes_a_datagram_too_long_or_unreadable(reason, detail):
    one = event(2**40, "sink", sink=reason, state=detail, detail=reason + detail)
    [bundle] = packets(OscEncoder().encode([one]))
    assert len(bundle) <= MAX_PACKET_BYTES
    [message] = messages_in(bundle)
    assert message.address == "/earmark/event"
    [said] = messages_in(answer(reason))
    assert said.address == "/earmark/answer"
    assert len(answer(reason)) <= MAX_PACKET_BYTES
