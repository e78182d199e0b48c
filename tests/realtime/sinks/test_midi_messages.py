from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mido import Message

from earmark.model.labels import BY_ID, LABELS
from earmark.realtime.sinks.midi_messages import (
    ALL_NOTES_OFF,
    CONFIDENCE,
    CONFIDENCE_HZ,
    MidiEncoder,
    Out,
    controller,
    ports_needed,
)
from tests.realtime.sinks.wires import HOP, RATE, event, offset, onset, rename, state, streams

VIOLIN, VIOLA = BY_ID["violin"].note, BY_ID["viola"].note


def note_on(note: int, velocity: int, channel: int = 0, port: int = 0) -> Out:
    return Out(port, Message("note_on", channel=channel, note=note, velocity=velocity))


def note_off(note: int, channel: int = 0, port: int = 0) -> Out:
    return Out(port, Message("note_off", channel=channel, note=note, velocity=0))


def control(number: int, value: int, channel: int = 0, port: int = 0) -> Out:
    return Out(port, Message("control_change", channel=channel, control=number, value=value))


@pytest.mark.parametrize(("confidence", "velocity"), [(0.0, 1), (0.5, 64), (1.0, 127), (1.5, 127), (-1.0, 1)])
def test_an_onset_is_a_note_whose_velocity_is_the_confidence(confidence, velocity):
    assert MidiEncoder(1).encode([onset(1, 1, "violin", confidence)]) == [note_on(VIOLIN, velocity)]


def test_an_offset_is_a_note_off():
    encoder = MidiEncoder(1)
    assert encoder.encode([onset(1, 1, "violin", 1.0), offset(2, 1, "violin")])[1:] == [note_off(VIOLIN)]


def test_a_rename_is_note_off_and_note_on_in_one_write():
    encoder = MidiEncoder(1)
    encoder.encode([onset(1, 1, "violin")])
    assert encoder.encode([rename(2, 1, "violin", "viola", 1.0)]) == [note_off(VIOLIN), note_on(VIOLA, 127)]


@pytest.mark.parametrize(
    ("channel", "port", "midi_channel"), [(1, 0, 0), (16, 0, 15), (17, 1, 0), (32, 1, 15), (33, 2, 0), (64, 3, 15)]
)
def test_inputs_go_to_midi_channels_and_ports_in_order(channel, port, midi_channel):
    encoder = MidiEncoder(64, "both")
    assert encoder.encode([onset(1, channel, "violin", 1.0)]) == [
        note_on(VIOLIN, 127, midi_channel, port),
        control(controller("violin"), 127, midi_channel, port),
    ]


def test_enough_ports_for_every_input():
    assert [ports_needed(inputs) for inputs in (1, 16, 17, 64)] == [1, 1, 2, 4]


def test_cc_mode_sends_127_and_0_and_no_notes():
    out = MidiEncoder(1, "cc").encode([onset(1, 1, "violin", 0.3), offset(2, 1, "violin")])
    assert out == [control(controller("violin"), 127), control(controller("violin"), 0)]


def test_no_two_labels_share_a_controller_and_none_takes_one_that_means_something_else():
    numbers = [controller(label.id) for label in LABELS]
    assert len(set(numbers)) == len(LABELS)
    assert not set(numbers) & {0, 1, 7, 10, 11, 32, *range(64, 70), *range(96, 102), CONFIDENCE, *range(120, 128)}


def test_a_gap_that_ended_the_names_silences_every_channel():
    encoder = MidiEncoder(2)
    encoder.encode([onset(1, 1, "violin")])
    ended = [offset(2, 1, "violin"), event(3, "gap", lost_samples=48_000, reason="overflow")]
    assert encoder.encode(ended) == [note_off(VIOLIN), control(ALL_NOTES_OFF, 0), control(ALL_NOTES_OFF, 0, 1)]


def test_a_gap_that_names_survive_stops_no_note():
    encoder = MidiEncoder(1)
    encoder.encode([onset(1, 1, "violin")])
    assert encoder.encode([event(2, "gap", lost_samples=64, reason="overflow")]) == []


def test_the_end_switches_off_what_is_on_before_all_notes_off():
    encoder = MidiEncoder(2)
    encoder.encode([onset(1, 2, "violin")])
    assert encoder.end() == [note_off(VIOLIN, 1), control(ALL_NOTES_OFF, 0), control(ALL_NOTES_OFF, 0, 1)]
    assert encoder.end() == [control(ALL_NOTES_OFF, 0), control(ALL_NOTES_OFF, 0, 1)]


def test_the_end_takes_confidence_back():
    encoder = MidiEncoder(2, confidence=True)
    encoder.encode([onset(1, 2, "violin")])
    assert control(CONFIDENCE, 0, 1) in encoder.end()
    assert control(CONFIDENCE, 0, 0) not in encoder.end()


def test_a_fresh_start_switches_off_whatever_a_crash_left_on():
    out = MidiEncoder(17).fresh()
    for port, channels in ((0, range(16)), (1, range(1))):
        for channel in channels:
            mine = [one.message for one in out if one.port == port and one.message.channel == channel]
            assert [m.note for m in mine[:-1]] == [label.note for label in LABELS]
            assert {m.type for m in mine[:-1]} == {"note_off"}
            assert mine[-1].control == ALL_NOTES_OFF
    assert {one.message.type for one in out[-17:]} == {"control_change"}


def test_after_a_fresh_start_a_state_brings_back_what_is_on():
    encoder = MidiEncoder(1)
    encoder.encode([onset(1, 1, "violin")])
    encoder.fresh()
    assert encoder.encode([state(2, [["violin"]])]) == [note_on(VIOLIN, 64)]


def test_confidence_follows_the_surest_label():
    encoder = MidiEncoder(2, confidence=True)
    out = encoder.encode([onset(1, 1, "violin", 0.5), onset(2, 1, "viola", 1.0), onset(3, 2, "piano", 0.0)])
    assert out[3:] == [control(CONFIDENCE, 127)]
    out = encoder.encode([offset(4, 1, "violin", hop=2), offset(5, 1, "viola", hop=2)])
    assert out[2:] == [control(CONFIDENCE, 0)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4000), st.floats(0, 1)), min_size=1, max_size=60))
def test_confidence_is_told_at_most_ten_times_a_second_and_the_last_value_is_not_lost(steps):
    encoder = MidiEncoder(1, "cc", confidence=True)
    at, told = 0, []
    for seq, (samples, confidence) in enumerate(steps):
        at += samples
        surer = replace(onset(seq, 1, "violin", confidence), decided_sample=at)
        told += [(at, out.message.value) for out in encoder.encode([surer]) if out.message.control == CONFIDENCE]
    assert all(later - earlier >= RATE / CONFIDENCE_HZ for (earlier, _), (later, _) in pairwise(told))
    much_later = event(999, "overrun", hop=at // HOP + 2, skipped_windows=1)
    told += [(at, out.message.value) for out in encoder.encode([much_later])]
    last = round(127 * steps[-1][1])
    assert (told[-1][1] if told else 0) == last


@settings(deadline=None)
@given(streams)
def test_notes_and_controllers_are_balanced_whatever_comes(events):
    encoder = MidiEncoder(3, "both")
    on: set[tuple[str, int, int]] = set()
    for out in encoder.encode(events) + encoder.end():
        message = out.message
        if message.type == "control_change" and message.control == ALL_NOTES_OFF:
            continue
        number, rises = (
            (message.control, message.value > 0)
            if message.type == "control_change"
            else (message.note, message.type == "note_on")
        )
        key = ("cc" if message.type == "control_change" else "note", message.channel, number)
        assert rises != (key in on)
        on ^= {key}
    assert not on
