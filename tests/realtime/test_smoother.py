"""The smoother, on made-up probabilities: what is named, when, and what never happens."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.config import SmoothingConfig
from earmark.realtime.events import Draft
from earmark.realtime.evidence import log_odds
from earmark.realtime.expectations import Expectations, Known, expectations
from earmark.realtime.smoother import Reading, Smoother

LABELS = ("piano", "organ", "violin", "cello", "female_singer", "speech")
RATE, HOP = 48_000, 12_000
SILENCE = None


def run(hops: Sequence[dict[str, float] | None], **options: float) -> list[Draft]:
    """One input; each hop is its probabilities, or None for silence. Ends the stream after the last."""
    smoother = Smoother(1, LABELS, RATE, SmoothingConfig(**options))
    drafts: list[Draft] = []
    rise, fall = -1, 0
    for k, hop in enumerate(hops):
        start = k * HOP
        if hop is not None:
            rested = all(h is None for h in hops[max(0, k - 4) : k])
            rise = start if rise < 0 or rested else rise
            fall = start + HOP
        p = np.array([[(hop or {}).get(label, 0.01) for label in LABELS]], np.float32)
        sounds, level = np.array([hop is not None]), np.array([-120.0 if hop is None else -20.0])
        reading = Reading(start, start + HOP, log_odds(p), sounds, level, np.array([rise]), np.array([fall]))
        drafts += smoother.step(reading)
    return drafts + smoother.end(len(hops) * HOP, len(hops) * HOP)


def story(drafts: Sequence[Draft]) -> list[tuple[str, ...]]:
    return [
        ("rename", d.fields["from"], d.fields["to"]) if d.kind == "rename" else (d.kind, d.fields["label"])
        for d in drafts
    ]


def test_a_held_note_is_one_onset_and_one_offset() -> None:
    drafts = run([{"piano": 0.45}] * 240 + [SILENCE] * 8)
    assert story(drafts) == [("onset", "piano"), ("offset", "piano")]
    onset, offset = drafts
    assert onset.sample == 0
    assert onset.decided_sample == 2 * HOP, "the second of two hops that agree decides"
    assert offset.sample == 240 * HOP


def test_one_sure_hop_confirms_alone() -> None:
    assert run([{"piano": 0.97}, SILENCE, SILENCE])[0].decided_sample == HOP


def test_one_unsure_hop_names_nothing() -> None:
    assert run([{"piano": 0.45}] + [SILENCE] * 8) == []


def test_the_best_label_needs_little_and_a_second_one_more() -> None:
    assert story(run([{"piano": 0.4, "violin": 0.35}] * 12)) == [("onset", "piano"), ("offset", "piano")]
    both = story(run([{"piano": 0.8, "violin": 0.7}] * 12))
    assert {("onset", "piano"), ("onset", "violin")} <= set(both)


def test_a_sibling_must_be_surer_than_another_family() -> None:
    assert ("onset", "organ") not in story(run([{"piano": 0.8, "organ": 0.6}] * 12))
    assert ("onset", "violin") in story(run([{"piano": 0.8, "violin": 0.7}] * 12))


def test_speech_silences_singers() -> None:
    assert ("onset", "female_singer") not in story(run([{"speech": 0.8, "female_singer": 0.75}] * 12))


def test_a_family_is_named_when_no_member_is_sure() -> None:
    assert story(run([{"violin": 0.24, "cello": 0.24}] * 6))[0] == ("onset", "strings")


def test_long_sound_without_a_name_is_uncertain_until_it_has_one() -> None:
    drafts = run([{}] * 12 + [{"piano": 0.9}] * 12)
    assert story(drafts)[0] == ("onset", "uncertain")
    assert ("onset", "uncertain") not in story(drafts)[1:]
    assert "piano" in story(drafts)[1]


def test_a_change_of_player_is_an_offset_and_an_onset_within_three_hops() -> None:
    drafts = run([{"piano": 0.9}] * 20 + [{"violin": 0.9}] * 20)
    assert story(drafts)[:3] == [("onset", "piano"), ("offset", "piano"), ("onset", "violin")]
    assert drafts[2].decided_sample <= 23 * HOP
    assert abs(drafts[2].sample - 20 * HOP) <= 2 * HOP


def test_a_better_name_for_the_same_sound_is_a_rename_with_the_sounds_onset() -> None:
    drafts = run([{"violin": 0.55, "cello": 0.3}] * 3 + [{"violin": 0.1, "cello": 0.75}] * 12)
    assert story(drafts)[:2] == [("onset", "violin"), ("rename", "violin", "cello")]
    assert drafts[1].fields["onset_sample"] == drafts[0].sample


def test_a_short_rest_does_not_end_a_name() -> None:
    phrase = [{"piano": 0.9}] * 4 + [SILENCE] * 2
    assert story(run(phrase * 6)) == [("onset", "piano"), ("offset", "piano")]


def test_only_told_labels_are_named() -> None:
    smoother = Smoother(1, LABELS, RATE, SmoothingConfig(), told=("violin",))
    reading = Reading(
        0,
        HOP,
        log_odds(np.full((1, 6), 0.97, np.float32)),
        np.array([True]),
        np.array([-20.0]),
        np.array([0]),
        np.array([HOP]),
    )
    assert story(smoother.step(reading)) == [("onset", "violin")]


def test_a_floor_of_its_own_overrules_the_others() -> None:
    smoother = Smoother(1, LABELS, RATE, SmoothingConfig(), floors={"piano": 0.95})
    for k in range(6):
        p = np.array([[0.9, 0.01, 0.01, 0.01, 0.01, 0.01]], np.float32)
        at = (k * HOP, (k + 1) * HOP, log_odds(p))
        drafts = smoother.step(Reading(*at, np.array([True]), np.array([-20.0]), np.array([0]), np.array([0])))
        assert ("onset", "piano") not in story(drafts)


HOPS = st.lists(
    st.one_of(st.none(), st.dictionaries(st.sampled_from(LABELS), st.floats(0, 1), max_size=4)), max_size=60
)


@settings(max_examples=150, deadline=None)
@given(HOPS)
def test_onsets_and_offsets_alternate_and_everything_ends(hops: list) -> None:
    on: set[str] = set()
    for draft in run(hops):
        gone, come = {
            "onset": (None, draft.fields.get("label")),
            "offset": (draft.fields.get("label"), None),
            "rename": (draft.fields.get("from"), draft.fields.get("to")),
        }[draft.kind]
        if gone:
            on.remove(gone)
        if come:
            assert come not in on
            on.add(come)
    assert not on


@settings(max_examples=100, deadline=None)
@given(HOPS)
def test_every_onset_is_confirmed_and_times_are_in_order(hops: list) -> None:
    drafts = run(hops)
    for draft in drafts:
        assert 0 <= draft.sample <= draft.decided_sample <= len(hops) * HOP
        if draft.kind == "onset" and draft.fields["label"] in LABELS:
            k = draft.decided_sample // HOP - 1
            recent = [hop for hop in hops[: k + 1] if hop is not None][-3:]
            sure = (hops[k] or {}).get(draft.fields["label"], 0) >= 0.49
            assert sure or len(recent) >= 2
    decided = [draft.decided_sample for draft in drafts]
    assert decided == sorted(decided)


@settings(max_examples=50, deadline=None)
@given(HOPS)
def test_same_input_same_output(hops: list) -> None:
    assert run(hops) == run(hops)


def together(hops: Sequence[Sequence[dict[str, float] | None]], known: Expectations | None = None) -> list:
    """Several inputs; each hop is one dictionary an input, None where it is not judged. The story of each input."""
    count = len(hops[0])
    smoother = Smoother(count, LABELS, RATE, SmoothingConfig())
    if known is not None:
        smoother.expect(known)
    drafts: list[Draft] = []
    for k, hop in enumerate(hops):
        p = np.array([[(one or {}).get(label, 0.01) for label in LABELS] for one in hop], np.float32)
        judged = np.array([one is not None for one in hop])
        at = np.zeros(count, np.int64)
        where = (k * HOP, (k + 1) * HOP, log_odds(p), judged, np.where(judged, -20.0, -120.0))
        drafts += smoother.step(Reading(*where, at, at + (k + 1) * HOP))
    drafts += smoother.end(len(hops) * HOP, len(hops) * HOP)
    return [story([draft for draft in drafts if draft.channel == channel]) for channel in range(1, count + 1)]


def test_two_players_of_one_instrument_are_both_named() -> None:
    both = together([[{"violin": 0.8}, None]] * 4 + [[{"violin": 0.8}, {"violin": 0.5}]] * 8)
    assert both == [[("onset", "violin"), ("offset", "violin")]] * 2


def test_who_talks_does_not_sing_for_a_moment() -> None:
    talk = [{"speech": 0.95}] * 16
    assert story(run(talk + [{"female_singer": 0.8, "speech": 0.1}] * 2 + talk)) == [
        ("onset", "speech"),
        ("offset", "speech"),
    ]
    assert ("onset", "female_singer") in story(run(talk + [{"female_singer": 0.95}] * 12))


def test_what_an_input_has_been_today_breaks_ties_and_no_more() -> None:
    tied = {"violin": 0.4, "cello": 0.42}
    rest = [SILENCE] * 8
    assert story(run([*[{"violin": 0.9}] * 80, *rest, *[tied] * 8]))[2] == ("onset", "violin")
    assert story(run([*[{"violin": 0.9}] * 80, *rest, *[{"violin": 0.3, "cello": 0.5}] * 8]))[2] == ("onset", "cello")


def test_an_expectation_holds_from_when_it_is_given() -> None:
    known = expectations(LABELS, [Known(expect=("cello",))])
    heard = [[{"violin": 0.4, "cello": 0.35}]] * 8
    assert together(heard)[0][0] == ("onset", "violin")
    assert together(heard, known)[0][0] == ("onset", "cello")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.one_of(st.none(), st.dictionaries(st.sampled_from(LABELS), st.floats(0, 1)))] * 3)),
    st.lists(st.sampled_from(LABELS), min_size=3, max_size=3),
)
def test_a_silent_input_never_gets_a_name_whatever_is_expected(hops: list, expected: list[str]) -> None:
    known = expectations(LABELS, [Known(expect=(label,)) for label in expected])
    stories = together([(*hop, None) for hop in hops] or [(None,) * 4], _with_a_fourth(known))
    assert stories[3] == []
    quiet = together([({},) * 4] * 12, _with_a_fourth(known))
    assert all(event[-1] == "uncertain" for told in quiet for event in told), "priors alone never make a name"


def _with_a_fourth(known: Expectations) -> Expectations:
    return expectations(LABELS, [*(Known(expect=tuple(one)) for one in known.expected), Known(expect=("piano",))])


def test_the_parts_of_a_drum_set_do_not_disturb_an_input_that_is_no_close_microphone() -> None:
    labels = ("drum_set", "kick", "snare")
    for name, expected in (("Drums", ["drum_set"]), ("Snare", ["snare"])):
        smoother = Smoother(1, labels, RATE, SmoothingConfig())
        smoother.expect(expectations(labels, [Known(name)]))
        named: list[str] = []
        for k in range(12):
            odds = log_odds(np.array([[0.6, 0.99 if k % 4 < 2 else 0.01, 0.97]], np.float32))
            one = (np.array([True]), np.array([-20.0]), np.array([0]), np.array([(k + 1) * HOP]))
            drafts = smoother.step(Reading(k * HOP, (k + 1) * HOP, odds, *one))
            named += [draft.fields["label"] for draft in drafts if draft.kind == "onset"]
        assert [label for label in named if label != "kick"] == expected
