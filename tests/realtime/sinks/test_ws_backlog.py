import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from earmark.realtime.board import Board
from earmark.realtime.events import Event
from earmark.realtime.sinks.lines import to_lines
from earmark.realtime.sinks.ws_backlog import CLIENT_REPLIES, History, Outbox
from tests.realtime.sinks.made import Script


def history_of(events: Sequence[Event], capacity: int = 100) -> History:
    history = History(capacity)
    for line in to_lines(events):
        history.add(line)
    return history


def taken(outbox: Outbox) -> list[bytes]:
    out: list[bytes] = []
    while (data := outbox.take(lambda missed: json.dumps({"state": missed}).encode())) is not None:
        out.append(data)
    return out


def seqs(outbox: Outbox) -> list[int | str]:
    return [message.get("seq", message) for message in map(json.loads, taken(outbox))]


@given(st.integers(1, 40), st.integers(1, 50), st.data())
def test_who_comes_back_gets_the_state_of_then_and_every_event_since(
    count: int, capacity: int, data: st.DataObject
) -> None:
    script = Script()
    events = [script.state(), *script.toggles(count)]
    since = data.draw(st.integers(1, count + 1))
    history = history_of(events, capacity)
    for earlier in data.draw(st.lists(st.integers(0, count + 2), max_size=3)):
        history.resume("s1", earlier)  # what others asked for before changes nothing
    resumed = history.resume("s1", since)
    if resumed.missed:
        assert since < len(events) - capacity
        assert (resumed.missed, resumed.lines) == (len(events) - since, ())
        return
    seen = Board()
    for event in events[:since]:
        seen.apply(event)
    assert resumed.state is not None
    assert resumed.state.seq == since
    assert resumed.state.fields == seen.snapshot()
    assert [line.event for line in resumed.lines] == events[since:]


def test_of_another_session_nothing_can_be_resumed() -> None:
    script = Script("today")
    history = history_of([script.state(), script.onset(1, "violin")])
    for session, since in (("yesterday", 1), ("today", 99)):
        resumed = history.resume(session, since)
        assert resumed.state == history.board.state_event()
        assert (list(resumed.lines), resumed.missed) == ([], None)


def test_a_client_that_has_seen_nothing_of_this_session_gets_the_present_state() -> None:
    script = Script()
    history = history_of([script.state(), script.onset(1, "violin")])
    resumed = history.resume("s1", 0)
    assert resumed.state == history.board.state_event()
    assert (resumed.missed, len(resumed.lines)) == (2, 0)


def test_before_the_first_event_there_is_no_state() -> None:
    assert History().resume("s1", 4).state is None


def test_scores_are_not_sent_again() -> None:
    script = Script()
    history = history_of([script.state(), script.scores(1), script.onset(1, "violin"), script.scores(1)])
    resumed = history.resume("s1", 2)
    assert resumed.state is not None
    assert resumed.state.seq == 2
    assert [line.event.seq for line in resumed.lines] == [3]


def test_a_hole_in_what_the_sink_got_ends_what_can_be_resumed() -> None:
    script = Script()
    events = [script.state(), *script.toggles(9)]
    history = History()
    assert [history.add(line) for line in to_lines([*events[:3], *events[6:]])] == [
        True,
        True,
        True,
        False,
        *[True] * 3,
    ]
    assert [history.resume("s1", since).missed for since in (3, 6)] == [7, 4]
    assert history.resume("s1", 7).missed == 0
    assert [line.event.seq for line in history.resume("s1", 7).lines] == [8, 9, 10]


def test_a_new_session_begins_a_new_history() -> None:
    history = history_of([*Script("a").toggles(5), *Script("b").toggles(3)])
    assert history.resume("a", 4).missed is None
    assert [line.event.seq for line in history.resume("b", 1).lines] == [2, 3]


def test_lines_come_in_order_and_replies_first() -> None:
    outbox = Outbox()
    for line in to_lines(Script().toggles(3)):
        outbox.push(line)
    outbox.reply(b'{"answer":"x"}')
    assert bool(outbox)
    assert seqs(outbox) == [{"answer": "x"}, 1, 2, 3]
    assert not outbox


def test_the_state_of_the_beginning_comes_before_what_follows() -> None:
    outbox = Outbox()
    one, two, three = to_lines(Script().toggles(3))
    outbox.begin_with_state(None)
    outbox.push(one)  # is in the state, which is made when it is taken
    assert outbox.take(lambda missed: None) is None
    outbox.push(two)
    assert outbox.take(lambda missed: json.dumps(missed).encode()) == b"null"
    outbox.push(three)
    assert seqs(outbox) == [3]


def test_what_was_missed_comes_before_what_is_new() -> None:
    outbox = Outbox()
    lines = to_lines(Script().toggles(3))
    outbox.push(lines[0])
    outbox.begin([b'{"seq":"state"}', lines[1].data])
    outbox.push(lines[2])
    assert seqs(outbox) == ["state", 2, 3]


def test_scores_give_way_before_anything_else() -> None:
    script = Script()
    outbox = Outbox(10)
    events = [script.scores(1) if k % 2 else script.onset(1, "violin") for k in range(16)]
    for line in to_lines(events):
        outbox.push(line)
    assert seqs(outbox) == [1, 3, 5, 7, 9, 11, 13, 15, 16]


def test_a_full_queue_of_events_takes_no_scores() -> None:
    script = Script()
    outbox = Outbox(3)
    for line in to_lines([*script.toggles(3), script.scores(1)]):
        outbox.push(line)
    assert seqs(outbox) == [1, 2, 3]


def test_a_full_queue_is_replaced_by_one_state_that_tells_how_many_it_stands_for() -> None:
    outbox = Outbox(10)
    lines = to_lines(Script().toggles(30))
    for line in lines[:25]:
        outbox.push(line)
    assert taken(outbox) == [b'{"state": 25}']
    for line in lines[25:]:
        outbox.push(line)
    assert seqs(outbox) == [26, 27, 28, 29, 30]


@given(st.lists(st.booleans(), max_size=600))
def test_a_client_that_reads_nothing_costs_a_bounded_amount(kinds: list[bool]) -> None:
    script, outbox = Script(), Outbox(20)
    for line in to_lines([script.scores(1) if scores else script.onset(1, "violin") for scores in kinds]):
        outbox.push(line)
        assert len(outbox._lines) <= 20
    assert len(taken(outbox)) <= 20


def test_replies_that_nobody_reads_are_bounded() -> None:
    outbox = Outbox()
    assert [outbox.reply(b"x") for _ in range(CLIENT_REPLIES + 1)] == [True] * CLIENT_REPLIES + [False]
