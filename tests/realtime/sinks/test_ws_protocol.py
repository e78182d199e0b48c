import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.model.labels import LABELS
from earmark.realtime.commands import Command, CommandError
from earmark.realtime.errors import EarmarkError
from earmark.realtime.sinks.ws_protocol import (
    Filter,
    MessageError,
    RateLimit,
    Subscription,
    answer,
    error,
    hello,
    parse_message,
    state_message,
)
from tests.realtime.sinks.made import Script

KEYS = st.sampled_from(["subscribe", "do", "channel", "kinds", "channels", "since_seq", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.dictionaries(KEYS, inner) | st.lists(inner),
)


def chosen(**wanted: Any) -> Filter:
    return Filter.of(Subscription.model_validate(wanted))


def test_hello_names_labels_channels_and_the_session() -> None:
    said = json.loads(hello("1.2.3", "s1", {2: "Gtr", 1: None}))["hello"]
    assert (said["v"], said["version"], said["session"]) == (1, "1.2.3", "s1")
    assert said["channels"] == [{"channel": 1, "name": None}, {"channel": 2, "name": "Gtr"}]
    assert [row["id"] for row in said["labels"]] == [label.id for label in LABELS]
    assert {"id", "spoken", "family", "colour"} <= set(said["labels"][0])


def test_replies() -> None:
    assert json.loads(answer("input 1: violin")) == {"answer": "input 1: violin"}
    assert json.loads(error("no")) == {"error": "no"}


def test_a_state_says_what_was_missed_before_it() -> None:
    state = Script().state()
    assert json.loads(state_message(state, 3)) == state.to_dict() | {"missed": 3}
    assert json.loads(state_message(state, None))["missed"] is None


def test_a_subscription_may_be_empty() -> None:
    assert parse_message('{"subscribe": {}}') == Subscription()


def test_a_subscription_in_full() -> None:
    wanted = {"kinds": ["onset", "scores"], "channels": [1, 8], "labels": ["violin", "strings"]}
    wanted |= {"session": "s1", "since_seq": 12}
    assert parse_message(json.dumps({"subscribe": wanted})) == Subscription(**wanted)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 60_000, "not JSON"),
        ("9" * 10_000, "not JSON"),
        ('{"subscribe": {"since_seq": NaN}}', "not JSON"),
        ("[]", "a message is an object with 'subscribe' or 'do'"),
        ("null", "a message is an object with 'subscribe' or 'do'"),
        ("{}", "a message has 'subscribe' or 'do', and nothing beside 'subscribe'"),
        ('{"subscribe": {}, "more": 1}', "a message has 'subscribe' or 'do', and nothing beside 'subscribe'"),
        ('{"subscribe": {"kind": ["onset"]}}', "subscribe.kind: unknown; did you mean 'kinds'?"),
        ('{"subscribe": {"kinds": ["onsets"]}}', "subscribe.kinds: no kind 'onsets'; did you mean 'onset'?"),
        ('{"subscribe": {"labels": ["violine"]}}', "subscribe.labels: no label 'violine'; did you mean 'violin'?"),
        ('{"subscribe": {"channels": [0]}}', "subscribe.channels.0: Input should be greater than or equal to 1"),
        ('{"subscribe": {"channels": ["1"]}}', "subscribe.channels.0: Input should be a valid integer"),
        ('{"subscribe": {"session": "s1"}}', "subscribe: session and since_seq come together"),
        ('{"subscribe": {"since_seq": -1, "session": "s"}}', "greater than or equal to 0"),
        ('{"subscribe": 7}', "subscribe: Input should be a valid dictionary"),
        (json.dumps({"subscribe": {"channels": [1] * 1025}}), "at most 1024"),
        (json.dumps({"subscribe": {"kinds": ["onset"] * 99}}), "at most"),
        (json.dumps({"subscribe": {"kinds": ["x" * 60_000]}}), "no kind 'xxx"),
    ],
)
def test_garbage_is_refused_with_one_line(text: str, said: str) -> None:
    with pytest.raises(MessageError) as refused:
        parse_message(text)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)


@given(st.text() | JSON.map(json.dumps))
def test_whatever_comes_it_is_a_message_or_refused(text: str) -> None:
    try:
        message: Any = parse_message(text)
    except EarmarkError as refused:
        message = str(refused)
    assert isinstance(message, Subscription | Command) or len(message) < 500


def test_commands_are_those_of_the_one_table() -> None:
    assert parse_message('{"do": "ask", "channel": 3}') == Command("ask", {"channel": 3})
    with pytest.raises(CommandError, match="did you mean 'ask'"):
        parse_message('{"do": "aks"}')


def test_without_a_wish_everything_comes_but_what_is_on_request() -> None:
    script = Script()
    everything = chosen()
    assert everything.accepts(script.onset(3, "violin"))
    assert everything.accepts(script.event("gap", lost_samples=3, reason="x"))
    assert not everything.accepts(script.scores(1))
    assert not everything.accepts(script.event("levels", levels={}))
    assert everything.requested == frozenset()


def test_kinds_name_exactly_what_is_wanted_and_a_state_comes_all_the_same() -> None:
    script = Script()
    scores = chosen(kinds=["scores"])
    assert scores.accepts(script.scores(1))
    assert not scores.accepts(script.onset(1, "violin"))
    assert scores.accepts(script.state())
    assert scores.requested == {"scores"}


def test_channels_leave_out_other_inputs_but_not_what_speaks_of_none() -> None:
    script = Script()
    second = chosen(channels=[2])
    assert second.accepts(script.onset(2, "violin"))
    assert not second.accepts(script.onset(1, "violin"))
    assert second.accepts(script.event("overrun", skipped_windows=1))


def test_labels_choose_among_names_and_leave_the_rest_alone() -> None:
    script = Script()
    violin = chosen(labels=["violin"])
    assert violin.accepts(script.onset(1, "violin"))
    assert not violin.accepts(script.onset(1, "cello"))
    assert violin.accepts(script.rename(1, "strings", "violin"))
    assert violin.accepts(script.rename(1, "violin", "viola"))
    assert not violin.accepts(script.rename(1, "strings", "cello"))
    assert violin.accepts(script.signal(1, "hum"))


def test_a_state_is_narrowed_like_the_events() -> None:
    script = Script()
    on = [{"label": label, "confidence": 0.5, "sample": 1} for label in ("violin", "cello")]
    channels = [{"channel": n, "name": "", "labels": on, "signals": []} for n in (1, 2)]
    state = script.event("state", path=None, rate=48_000, take=None, channels=channels)
    narrow = chosen(channels=[2], labels=["cello"]).narrowed(state)
    assert narrow.fields["channels"] == [{"channel": 2, "name": "", "labels": on[1:], "signals": []}]
    assert narrow.seq == state.seq
    assert chosen().narrowed(state) is state
    assert len(state.fields["channels"][0]["labels"]) == 2


def test_twenty_messages_a_second_on_average() -> None:
    limit = RateLimit(20)
    assert [limit.allows(5.0) for _ in range(25)].count(True) == 20
    assert not limit.allows(5.04)
    assert limit.allows(5.11)
    assert [limit.allows(60 + k / 10) for k in range(100)].count(True) == 100
