import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.realtime.board import Board, Condition, LabelOn, SignalOn
from earmark.realtime.events import Event
from tests.realtime.sinks.made import HOP, Script

LABELS = ("violin", "cello", "strings", "speech", "uncertain")


def board_of(events: Sequence[Event], board: Board | None = None) -> Board:
    board = board or Board()
    for event in events:
        board.apply(event)
    return board


@st.composite
def sessions(draw: st.DrawFn) -> list[Event]:
    """Any events in any order, also ones that a smoother would never send."""
    script = Script()
    channel = st.integers(1, 4)
    label = st.sampled_from(LABELS)
    steps = draw(
        st.lists(
            st.one_of(
                st.tuples(st.just("onset"), channel, label, st.floats(0, 1)),
                st.tuples(st.just("offset"), channel, label),
                st.tuples(st.just("rename"), channel, label, label),
                st.tuples(st.just("signal"), channel, st.sampled_from(["hum", "silent", "present"]), st.booleans()),
                st.tuples(st.just("scores"), channel),
                st.tuples(st.just("state")),
            ),
            max_size=40,
        )
    )
    return [getattr(script, name)(*arguments) for name, *arguments in steps]


@given(sessions(), st.data())
def test_a_board_copied_midway_and_replayed_is_the_same_board(events: list[Event], data: st.DataObject) -> None:
    middle = data.draw(st.integers(0, len(events)))
    half = board_of(events[:middle])
    before = half.snapshot()
    whole = board_of(events[middle:], half.copy())
    assert half.snapshot() == before
    assert whole.snapshot() == board_of(events).snapshot()
    assert (whole.seq, whole.state_event()) == (board_of(events).seq, board_of(events).state_event())


@given(sessions())
def test_a_state_carries_the_whole_board(events: list[Event]) -> None:
    board = board_of(events)
    state = board.state_event()
    if not events:
        assert state is None
        return
    assert state is not None
    assert state.seq == events[-1].seq
    assert json.loads(json.dumps(state.fields)) == board.snapshot()
    assert board_of([state]).snapshot() == board.snapshot()


@given(sessions())
def test_a_label_is_on_as_its_last_event_says(events: list[Event]) -> None:
    on: dict[int, set[str]] = {}
    for event in events:
        labels = on.setdefault(event.channel or 0, set())
        fields = event.fields
        if event.kind == "state":
            on.clear()
        elif event.kind == "onset":
            labels.add(fields["label"])
        elif event.kind == "offset":
            labels.discard(fields["label"])
        elif event.kind == "rename":
            labels.discard(fields["from"])
            labels.add(fields["to"])
    shown = {one["channel"]: {row["label"] for row in one["labels"]} for one in board_of(events).snapshot()["channels"]}
    assert {n: labels for n, labels in shown.items() if labels} == {n: labels for n, labels in on.items() if labels}


def test_names_stand_before_the_first_event() -> None:
    board = Board(["Vox", "Gtr"], 44_100, "take.wav")
    assert (board.session, board.seq, board.state_event()) == (None, 0, None)
    assert board.snapshot() == {
        "path": "take.wav",
        "rate": 44_100,
        "take": None,
        "channels": [
            {"channel": 1, "name": "Vox", "labels": [], "signals": [], "group": None},
            {"channel": 2, "name": "Gtr", "labels": [], "signals": [], "group": None},
        ],
    }


def test_what_is_on_is_told_with_its_confidence_and_its_onset() -> None:
    script = Script()
    onset = script.onset(2, "violin", 0.83)
    board = board_of([onset, script.onset(2, "speech", 0.9), script.signal(2, "hum", detail="50 Hz")])
    two = board.channels[2]
    assert two.labels["violin"] == LabelOn("violin", 0.83, onset.sample)
    assert two.top == two.labels["speech"]
    assert two.signals == {"hum": SignalOn("hum", "50 Hz", 3 * HOP - 5000)}


def test_a_renamed_label_keeps_the_sample_at_which_its_sound_began() -> None:
    script = Script()
    board = board_of([script.onset(1, "strings"), script.rename(1, "strings", "violin", onset_sample=1234)])
    assert list(board.channels[1].labels) == ["violin"]
    assert board.channels[1].labels["violin"].sample == 1234


@pytest.mark.parametrize(("first", "second"), [("silent", "present"), ("present", "silent")])
def test_silent_and_present_end_each_other(first: str, second: str) -> None:
    script = Script()
    assert list(board_of([script.signal(1, first), script.signal(1, second)]).channels[1].signals) == [second]


def test_a_take_runs_until_it_stops() -> None:
    script = Script()
    board = board_of([script.event("take", number=3, action="start")])
    assert board.snapshot()["take"] == 3
    assert board_of([script.event("take", number=3, action="stop")], board).snapshot()["take"] is None


def test_health_of_source_and_sinks() -> None:
    script = Script()
    board = board_of(
        [
            script.event("device", state="lost", detail="unplugged"),
            script.event("sink", sink="journal", state="lost", detail="disk full"),
            script.event("sink", sink="journal", state="ok", detail="3 events lost"),
        ]
    )
    assert board.device == Condition("lost", "unplugged")
    assert board.sinks == {"journal": Condition("ok", "3 events lost")}


def test_a_new_session_begins_a_clean_board() -> None:
    board = board_of([Script("a").onset(1, "violin")])
    board.apply(Script("b").onset(2, "cello"))
    assert board.session == "b"
    assert [one["channel"] for one in board.snapshot()["channels"]] == [2]


def test_a_state_of_the_engine_replaces_what_was_missed() -> None:
    script = Script()
    board = board_of([script.onset(1, "violin"), replace(script.state(), seq=90)])
    assert board.seq == 90
    assert [len(one["labels"]) for one in board.snapshot()["channels"]] == [0, 0, 0, 0]


def test_a_group_is_on_the_board_while_it_lasts() -> None:
    board = Board(["L", "R", "Vox"], 48_000)

    def tell(seq: int, state: str) -> list[int | None]:
        board.apply(
            Event("s", seq, "group", None, None, 0, 0, 48_000, 0, 0, None, {"channels": [1, 2], "state": state})
        )
        return [one.group for one in board.channels.values()]

    assert tell(1, "proposed") == [None, None, None]
    assert tell(2, "accepted") == [1, 1, None]
    assert [entry["group"] for entry in board.copy().snapshot()["channels"]] == [1, 1, None]
    assert tell(3, "dissolved") == [None, None, None]
