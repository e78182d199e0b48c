import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.config import Config
from earmark.realtime.daw_tracks import DawTracks
from earmark.realtime.events import KINDS, Event
from earmark.realtime.session import Session
from earmark.realtime.stamps import Identity
from tests.realtime.ears import RATE, ToneEars, silence, tone


def make(inputs: int = 1, rate: int = RATE, ears: ToneEars | None = None, **config: object) -> Session:
    names = tuple(f"in {n}" for n in range(1, inputs + 1))
    return Session(Identity("s", rate, names, 0), ears or ToneEars(), Config.model_validate(config), lambda: 0)


def play(session: Session, sound: np.ndarray, chunk: int = 4800, **push: int) -> list[Event]:
    sound = np.atleast_2d(sound)
    events: list[Event] = []
    for start in range(0, sound.shape[1], chunk):
        events += session.push(sound[:, start : start + chunk], **push)
    return events + session.finish()


def edges(events: Sequence[Event]) -> list[tuple]:
    return [(e.kind, e.channel, e.fields["label"]) for e in events if e.kind in ("onset", "offset")]


class UnsureEars(ToneEars):
    """Takes everything for a piano that may as well be a violin."""

    def tag(self, windows: np.ndarray) -> np.ndarray:
        return np.tile(np.array([0.45, 0.4, 0.02], np.float32), (len(windows), 1))


SONG = np.concatenate([silence(0.7), tone(220, 3), silence(2), tone(1760, 3), silence(2)])


def test_a_song_gives_its_entries_at_their_samples() -> None:
    events = play(make(), SONG)
    assert edges(events) == [
        ("onset", 1, "piano"),
        ("offset", 1, "piano"),
        ("onset", 1, "violin"),
        ("offset", 1, "violin"),
    ]
    starts = [e.sample for e in events if e.kind == "onset"]
    assert starts == pytest.approx([0.7 * RATE, 5.7 * RATE], abs=0.02 * RATE)
    ends = [e.sample for e in events if e.kind == "offset"]
    assert ends == pytest.approx([3.7 * RATE, 8.7 * RATE], abs=0.03 * RATE)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=20))
def test_chunking_does_not_matter(sizes: list[int]) -> None:
    session, start, events = make(), 0, []
    for size in [*sizes, len(SONG)]:
        events += session.push(SONG[None, start : start + size])
        start += size
    events += session.finish()
    assert [e.to_dict() for e in events] == [e.to_dict() for e in play(make(), SONG)]


@pytest.mark.parametrize("rate", [44_100, 22_050, 96_000])
def test_event_times_are_in_the_sources_own_samples(rate: int) -> None:
    song = np.concatenate([silence(1.3, rate), tone(220, 2, rate), silence(2, rate)])
    onset = next(e for e in play(make(rate=rate), song) if e.kind == "onset")
    assert onset.time_s == pytest.approx(1.3, abs=0.02)
    assert onset.decided_sample % (rate // 4) == 0 or rate == 22_050
    assert onset.rate == rate


def test_seq_counts_up_and_decided_samples_never_go_back() -> None:
    events = play(make(3), np.stack([SONG, np.roll(SONG, RATE), np.roll(SONG, 3000)]))
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    decided = [e.decided_sample for e in events]
    assert decided == sorted(decided)


def test_every_event_is_json_with_the_fields_of_its_kind() -> None:
    session = make(2)
    events = session.tell_state({"path": None, "rate": RATE, "take": None, "channels": []})
    events += session.take("start", "0:01") + session.tell_device("ok", "") + session.tell_sink("osc", "lost", "gone")
    events += session.push(np.stack([SONG, SONG])) + session.gap(30_000, "lost") + session.take("stop", None)
    for event in events + session.finish():
        out = json.loads(json.dumps(event.to_dict()))
        assert out["v"] == 1
        assert set(event.fields) <= set(KINDS[event.kind].fields)


def test_a_short_gap_keeps_names_and_time() -> None:
    session = make()
    events = session.push(tone(220, 3)[None]) + session.gap(1000, "xrun") + session.push(tone(220, 2)[None])
    events += session.finish()
    assert edges(events) == [("onset", 1, "piano"), ("offset", 1, "piano")]
    gap = next(e for e in events if e.kind == "gap")
    assert (gap.sample, gap.fields["lost_samples"]) == (3 * RATE, 1000)
    assert events[-1].sample == 5 * RATE + 1000


def test_a_long_gap_ends_what_was_on() -> None:
    session = make()
    session.push(tone(220, 3)[None])
    events = session.gap(RATE, "device lost")
    assert [e.kind for e in events] == ["offset", "gap"]
    assert edges(session.push(tone(220, 2)[None]))[0] == ("onset", 1, "piano")


def test_windows_that_come_too_late_are_skipped_counted_and_told() -> None:
    session = make()
    events = session.push(tone(220, 3)[None], catch_up_hops=2)
    assert session.counts.skipped == 11
    overrun = next(e for e in events if e.kind == "overrun")
    assert overrun.fields["skipped_windows"] == 11
    assert session.push(tone(220, 0.5)[None], catch_up_hops=2) == [], "two hops are still caught up with"
    assert session.counts.skipped == 11


def test_numbers_that_are_no_sound_are_counted_told_once_and_heard_as_silence() -> None:
    session = make()
    bad = tone(220, 1)
    bad[100:200] = np.nan
    bad[300] = np.inf
    events = session.push(bad[None]) + session.push(bad[None])
    assert session.counts.bad_samples == 202
    assert [e.fields["state"] for e in events if e.kind == "device"] == ["bad_samples"]
    events += session.push(tone(220, 1)[None])
    assert ("onset", 1, "piano") in edges(events)


def test_a_model_that_fails_leaves_its_hop_untold_and_listening_goes_on() -> None:
    ears = ToneEars()
    session = make(ears=ears)
    session.push(tone(220, 2)[None])
    ears.fails = True
    session.push(tone(220, 1)[None])
    assert session.counts.failed_hops == 4
    ears.fails = False
    assert edges(session.push(tone(220, 1)[None]) + session.finish())[-1] == ("offset", 1, "piano")


def test_takes_count_and_every_event_knows_its_take() -> None:
    session = make()
    (start,) = session.take("start", "0:10:00")
    assert start.to_dict()["number"] == 1
    assert start.fields["position"] == "0:10:00"
    assert session.take("start", None) == []
    onset = next(e for e in session.push(tone(220, 1)[None]) if e.kind == "onset")
    assert onset.to_dict()["take"] == 1
    assert session.take("stop", None)[0].fields["number"] == 1
    assert session.take("start", None)[0].fields["number"] == 2


def test_scores_and_levels_come_only_when_wanted() -> None:
    session = make()
    assert not {"scores", "levels"} & {e.kind for e in session.push(tone(220, 1)[None])}
    session.wanted = frozenset({"scores", "levels"})
    events = session.push(tone(220, 1)[None])
    assert [e for e in events if e.kind == "scores"][-1].fields["scores"]["piano"] > 0.8
    levels = next(e for e in events if e.kind == "levels").fields["levels"]
    assert levels["peak_dbfs"][0] == pytest.approx(-10.5, abs=0.2)


def test_only_configured_labels_are_told() -> None:
    assert edges(play(make(labels=["violin"]), SONG)) == [("onset", 1, "violin"), ("offset", 1, "violin")]


def test_utc_follows_the_samples() -> None:
    session = make()
    session.anchor_utc(1_000_000_000)
    onset = next(e for e in session.push(SONG[None]) if e.kind == "onset")
    assert onset.utc_ns == 1_000_000_000 + onset.sample * 1_000_000_000 // RATE
    assert onset.decided_utc_ns - onset.utc_ns == pytest.approx((onset.decided_s - onset.time_s) * 1e9, abs=2)


def test_the_line_check_hears_what_the_session_hears_and_ends_with_it() -> None:
    inputs = [{"channel": 1, "name": "Vln"}, {"channel": 2, "name": "Keys"}]
    identity = Identity("s", RATE, ("Vln", "Keys"), 0)
    session = Session(identity, ToneEars(), Config.model_validate({"inputs": inputs}), lambda: 0)
    events = session.check("start", None) + play(session, np.stack([tone(1760, 4), silence(4)]))
    told = [(e.channel, e.fields["state"], e.fields["heard"]) for e in events if e.kind == "check"]
    assert told == [(None, "start", ""), (1, "good", "violin"), (2, "open", ""), (None, "done", "")]
    good = next(e for e in events if e.kind == "check" and e.fields["state"] == "good")
    assert (good.name, good.fields["peak_dbfs"]) == ("Vln", pytest.approx(-10.5, abs=0.1))
    assert session.check_status().startswith("1 of 2 good, the line check is over. Input 2, Keys: nothing yet")
    assert [e.seq for e in events] == list(range(1, len(events) + 1))


def test_only_inputs_that_the_daw_has_armed_are_checked() -> None:
    inputs = [{"channel": 1, "name": "Vln", "track": "1"}, {"channel": 2, "name": "Keys", "track": "Piano"}]
    identity = Identity("s", RATE, ("Vln", "Keys"), 0)
    session = Session(identity, ToneEars(), Config.model_validate({"inputs": inputs}), lambda: 0)
    tracks = DawTracks()
    for address, value in (("/track/2/name", "Piano"), ("/track/1/recarm", 0.0), ("/track/2/recarm", 1.0)):
        tracks.feed_osc(address, [value])
    session.arm(tracks)
    session.check("start", None)
    assert [result.channel for result in session.check_results()] == [2]
    tracks.feed_osc("/track/1/recarm", [1.0])
    session.arm(tracks)
    assert [result.channel for result in session.check_results()] == [1, 2]


def test_what_is_known_weighs_and_can_change_while_it_runs() -> None:
    song = np.concatenate([tone(220, 3), silence(2), tone(220, 3), silence(2)])
    ears = UnsureEars()
    assert ("onset", 1, "piano") in edges(play(make(ears=ears), song))
    expecting, band = make(ears=ears), make(ears=ears)
    expecting.expect(1, ("violin",))
    band.band(("violin",))
    for session in (expecting, band):
        assert edges(play(session, song))[0] == ("onset", 1, "violin")
    clear = make()
    clear.expect(1, ("violin",))
    assert edges(play(clear, song))[0] == ("onset", 1, "piano"), "what is clear is named, whatever is expected"


def only_violin() -> Session:
    config = Config.model_validate({"inputs": [{"channel": 1, "only": ["violin"]}]})
    return Session(Identity("s", RATE, ("in 1",), 0), ToneEars(), config, lambda: 0)


def test_only_is_a_hard_list() -> None:
    session = only_violin()
    assert ("onset", 1, "piano") not in edges(play(session, SONG))


def test_two_passes_name_the_same_song_at_the_end_and_say_so() -> None:
    session = Session(Identity("s", RATE, ("in 1",), 0), ToneEars(), Config(), lambda: 0, two_pass=True)
    assert edges(session.push(SONG[None])) == []
    events = session.finish()
    assert edges(events) == edges(play(make(), SONG))
    assert all(e.fields["two_pass"] for e in events if e.kind == "onset")


def test_inputs_take_the_names_of_the_tracks_they_feed() -> None:
    session = Session(
        Identity("s", RATE, ("",), 0),
        ToneEars(),
        Config.model_validate({"inputs": [{"channel": 1, "track": "3"}]}),
        lambda: 0,
    )
    tracks = DawTracks()
    tracks.feed_osc("/track/3/name", ["Violin"])
    assert session.name_after(tracks) == {1: "Violin"}
    assert {e.name for e in play(session, SONG) if e.channel == 1} == {"Violin"}


def test_the_inputs_of_a_group_are_told_as_one_and_apart_again_when_it_is_undone() -> None:
    session = make(2, groups=["1-2"])
    assert [e.fields for e in session.tell_groups()] == [{"channels": [1, 2], "state": "accepted"}]
    pair = np.stack([SONG, 0.8 * np.roll(SONG, 40)])
    assert {e.channel for e in play(session, pair) if e.kind == "onset"} == {1}
    assert [e.fields["state"] for e in session.undo()] == ["dissolved"]
    assert session.undo() == session.accept() == []
    assert {e.channel for e in play(make(2), pair) if e.kind == "onset"} == {1, 2}


def test_a_stereo_pair_is_proposed_once() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 20 * RATE) * np.repeat(
        np.random.default_rng(1).random(200), RATE // 10
    )
    pair = np.stack([noise, 0.8 * np.roll(noise, 40)]).astype(np.float32)
    session = make(2)
    events = play(session, pair)
    assert [e.fields for e in events if e.kind == "group"] == [{"channels": [1, 2], "state": "proposed"}]
    assert [e.fields["state"] for e in session.accept()] == ["accepted"]


def test_what_is_bleed_is_told_on_request_and_not_named() -> None:
    random = np.random.default_rng(0)
    own = np.concatenate([random.normal(0, 0.1, 6 * RATE), np.zeros(6 * RATE)])
    other = np.concatenate([np.zeros(4 * RATE), random.normal(0, 0.1, 8 * RATE)])
    sound = np.stack([own + 0.1 * other, other + 0.1 * own]).astype(np.float32)
    session = make(2)
    session.wanted = frozenset({"bleed"})
    events = play(session, sound)
    told = [(e.channel, e.fields["bleed_of"]) for e in events if e.kind == "bleed"]
    assert (2, 1) in told, "the second input is silent but for the first at the start"
    assert not [e for e in play(make(2), sound) if e.kind == "bleed"]
