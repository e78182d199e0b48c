"""Events become spans: plain ones, renamed ones, those that nothing ended."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from earmark.clients.export.spans import Session, SessionSpans, Span, Take
from earmark.realtime.board import Board
from earmark.realtime.events import Event
from tests.clients.export.sessions import RATE, event, state


def session(events: Sequence[Event]) -> Session:
    spans = SessionSpans("s", RATE)
    for one in events:
        spans.apply(one)
    return spans.session()


def seconds(told: Session) -> list[tuple[int, str, float, float]]:
    return [(one.channel, one.label, one.start_sample / RATE, one.end_sample / RATE) for one in told.spans]


def test_an_onset_and_its_offset_are_a_span_with_the_last_confidence() -> None:
    told = session(
        [
            state(names=("Keys",), path="take.wav"),
            event("onset", 1, 1, label="piano", confidence=0.4, name="Keys"),
            event("offset", 5, 1, label="piano", confidence=0.9, name="Keys"),
        ]
    )
    assert told.spans == (Span(1, "piano", RATE, 5 * RATE, 0.9),)
    assert (told.path, told.names, told.open) == ("take.wav", {1: "Keys"}, 0)
    assert told.end_sample == 5 * RATE + RATE // 4


def test_renames_give_one_span_with_the_last_name_since_the_sound_began() -> None:
    told = session(
        [
            event("onset", 1, 1, label="keys"),
            event("rename", 1, 1, from_="keys", to="piano"),
            event("rename", 1, 1, from_="piano", to="organ", confidence=0.8),
            event("offset", 9, 1, label="organ", confidence=0.8),
        ]
    )
    assert told.spans == (Span(1, "organ", RATE, 9 * RATE, 0.8),)


def test_a_rename_to_a_name_that_is_on_leaves_one_span() -> None:
    told = session(
        [
            event("onset", 1, 1, label="piano"),
            event("onset", 3, 1, label="organ"),
            event("rename", 3, 1, from_="organ", to="piano"),
            event("offset", 9, 1, label="piano"),
        ]
    )
    assert seconds(told) == [(1, "piano", 1, 9)]


def test_what_nothing_ended_ends_with_the_session() -> None:
    told = session([event("onset", 1, 1, label="piano"), event("levels", 7)])
    assert seconds(told) == [(1, "piano", 1, 7.25)]
    assert told.open == 1


def test_an_offset_without_an_onset_and_one_before_it_do_no_harm() -> None:
    told = session(
        [
            event("offset", 1, 1, label="piano"),
            event("onset", 3, 1, label="piano"),
            event("offset", 2, 1, label="piano"),
        ]
    )
    assert seconds(told) == [(1, "piano", 3, 3)]


def test_takes_last_until_their_stop_the_next_start_or_the_end() -> None:
    told = session(
        [
            event("take", 1, number=1, action="start"),
            event("take", 3, number=1, action="stop"),
            event("take", 5, number=2, action="start"),
            event("take", 8, number=3, action="start"),
            event("levels", 9.75),
        ]
    )
    assert told.takes == {
        1: Take(RATE, 3 * RATE),
        2: Take(5 * RATE, 8 * RATE),
        3: Take(8 * RATE, 10 * RATE),
    }


def test_a_state_after_lost_events_is_believed() -> None:
    """piano went on; organ ended unseen; strings became a violin; a flute began."""
    on = [
        {"label": "piano", "confidence": 0.9, "sample": RATE},
        {"label": "violin", "confidence": 0.7, "sample": 2 * RATE},
        {"label": "flute", "confidence": 0.6, "sample": 8 * RATE},
    ]
    told = session(
        [
            event("onset", 1, 1, label="piano"),
            event("onset", 2, 1, label="strings"),
            event("onset", 3, 1, label="organ"),
            state(10, names=("Stage",), labels={1: on}),
            event("offset", 12, 1, label="violin"),
            event("offset", 13, 1, label="flute"),
            event("offset", 14, 1, label="piano"),
        ]
    )
    assert seconds(told) == [(1, "piano", 1, 14), (1, "violin", 2, 12), (1, "organ", 3, 3.25), (1, "flute", 8, 13)]


def test_lost_samples_count() -> None:
    told = session([event("onset", 1, 1, label="piano"), event("gap", 2, lost_samples=3 * RATE, reason="overflow")])
    assert told.end_sample == 5 * RATE


LABELS = ("piano", "organ", "flute", "uncertain")
STEP = st.tuples(
    st.sampled_from(["onset", "offset", "rename"]),
    st.integers(1, 2),
    st.sampled_from(LABELS),
    st.sampled_from(LABELS),
    st.integers(0, 3),
)


def _events(steps: Sequence[tuple[str, int, str, str, int]]) -> list[Event]:
    """A session that keeps the rules of the journal: only what is on ends or is renamed, each sound by its onset."""
    on: dict[tuple[int, str], float] = {}
    events: list[Event] = []
    now = 0.0
    for kind, channel, label, other, wait in steps:
        now += wait
        if kind == "onset" and (channel, label) not in on:
            on[channel, label] = now
            events.append(event("onset", now, channel, label=label))
        elif kind == "offset" and (channel, label) in on:
            del on[channel, label]
            events.append(event("offset", now, channel, label=label))
        elif kind == "rename" and (channel, label) in on and (channel, other) not in on:
            on[channel, other] = began = on.pop((channel, label))
            events.append(event("rename", began, channel, from_=label, to=other))
    return events


@given(st.lists(STEP, max_size=40))
def test_spans_are_what_the_board_saw(steps: list[tuple[str, int, str, str, int]]) -> None:
    events = _events(steps)
    board = Board(("", ""), RATE)
    for one in events:
        board.apply(one)
    told = session(events)
    onsets = [one for one in events if one.kind == "onset"]
    assert len(told.spans) == len(onsets), "a sound is one span, however often it is renamed"
    assert sorted(one.start_sample for one in told.spans) == sorted(one.sample for one in onsets)
    assert told.open == sum(len(channel.labels) for channel in board.channels.values())
    for one in told.spans:
        assert 0 <= one.start_sample <= one.end_sample <= told.end_sample
