"""Names for files, on made-up probabilities: one name for each sound, and what never happens."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.config import SmoothingConfig
from earmark.realtime.events import Draft
from earmark.realtime.evidence import log_odds
from earmark.realtime.expectations import Known, expectations
from earmark.realtime.gate import Gate
from earmark.realtime.smoother import Reading
from earmark.realtime.two_pass import TwoPass
from earmark.realtime.windows import Windows

LABELS = ("piano", "organ", "violin", "cello", "female_singer", "speech")
RATE, HOP = 48_000, 12_000
SILENCE = None

Hops = Sequence[dict[str, float] | None]


def readings(inputs: Sequence[Hops]) -> list[Reading]:
    """Each hop of each input is its probabilities, or None for silence; what is not given is 1 %."""
    out: list[Reading] = []
    rise, fall = np.full(len(inputs), -1), np.zeros(len(inputs), np.int64)
    for k in range(len(inputs[0])):
        start = k * HOP
        now = [hops[k] for hops in inputs]
        for channel, hops in enumerate(inputs):
            if now[channel] is not None:
                rested = all(hop is None for hop in hops[max(0, k - 4) : k])
                rise[channel] = start if rested or rise[channel] < 0 else rise[channel]
                fall[channel] = start + HOP
        p = np.array([[(hop or {}).get(label, 0.01) for label in LABELS] for hop in now], np.float32)
        sounds = np.array([hop is not None for hop in now])
        level = np.where(sounds, -20.0, -120.0)
        out.append(Reading(start, start + HOP, log_odds(p), sounds, level, rise.copy(), fall.copy()))
    return out


def run(*inputs: Hops, prepare: Callable[[TwoPass], None] = lambda _: None, **options: Any) -> list[Draft]:
    decider = TwoPass(len(inputs), LABELS, RATE, SmoothingConfig(), **options)
    prepare(decider)
    for reading in readings(inputs):
        assert decider.step(reading) == []
    end = len(inputs[0]) * HOP
    return decider.end(end, end)


def story(drafts: Sequence[Draft]) -> list[tuple[str, str]]:
    return [(draft.kind, draft.fields["label"]) for draft in drafts]


def names(drafts: Sequence[Draft]) -> list[str]:
    return [draft.fields["label"] for draft in drafts if draft.kind == "onset"]


def test_a_note_is_one_name_from_its_rise_to_its_fall() -> None:
    onset, offset = run([SILENCE] * 2 + [{"piano": 0.9}] * 20 + [SILENCE] * 12)
    assert (onset.kind, onset.sample) == ("onset", 2 * HOP)
    assert (offset.kind, offset.sample) == ("offset", 22 * HOP)
    assert onset.decided_sample == offset.decided_sample == 34 * HOP, "the end of the file decided"
    assert onset.fields["two_pass"] is True
    assert onset.fields["family"] == "keys"
    assert 0.8 < onset.fields["confidence"] < 0.95


def test_what_comes_later_names_the_beginning() -> None:
    drafts = run([{"violin": 0.6, "cello": 0.3}] * 6 + [{"violin": 0.3, "cello": 0.7}] * 30)
    assert story(drafts) == [("onset", "cello"), ("offset", "cello")]
    assert drafts[0].sample == 0


def test_a_change_of_player_is_found_without_a_rest() -> None:
    drafts = run([{"piano": 0.9}] * 20 + [{"violin": 0.9}] * 20)
    assert story(drafts) == [("onset", "piano"), ("offset", "piano"), ("onset", "violin"), ("offset", "violin")]
    assert drafts[1].sample == drafts[2].sample
    assert abs(drafts[1].sample - 20 * HOP) <= 2 * HOP


def test_a_name_goes_on_over_a_short_rest_and_ends_with_a_long_one() -> None:
    phrase = [{"piano": 0.9}] * 8
    assert names(run(phrase + [SILENCE] * 8 + phrase)) == ["piano"]
    assert names(run(phrase + [SILENCE] * 12 + phrase)) == ["piano", "piano"]


def test_the_best_label_needs_little_and_a_further_one_more() -> None:
    assert names(run([{"piano": 0.3, "violin": 0.25}] * 12)) == ["piano"]
    assert set(names(run([{"piano": 0.8, "violin": 0.75}] * 12))) == {"piano", "violin"}


def test_speech_silences_singers() -> None:
    assert names(run([{"speech": 0.8, "female_singer": 0.75}] * 12)) == ["speech"]


def test_a_family_is_named_when_no_member_is_sure() -> None:
    few = {"violin": 0.9, "cello": 0.9}
    assert names(run([{"violin": 0.35, "cello": 0.35}] * 12, floors=few)) == ["strings"]


def test_a_long_sound_without_a_name_is_uncertain() -> None:
    assert names(run([{}] * 12)) == ["uncertain"]
    assert names(run([{}] * 4)) == []


def test_only_told_labels_are_named() -> None:
    assert names(run([{"piano": 0.9, "violin": 0.3}] * 12, told=("violin",))) == ["violin"]
    assert names(run([{}] * 12, told=("violin",))) == []


def test_a_floor_of_its_own_overrules_the_others() -> None:
    assert "piano" not in names(run([{"piano": 0.9}] * 12, floors={"piano": 0.95}))
    assert names(run([{"piano": 0.12}] * 12, floors={"piano": 0.1})) == ["piano"]


def test_every_input_is_named_by_itself_and_drafts_are_in_order() -> None:
    drafts = run([{"piano": 0.9}] * 20, [SILENCE] * 4 + [{"violin": 0.9}] * 12 + [SILENCE] * 4, [SILENCE] * 20)
    assert [(draft.channel, *told) for draft, told in zip(drafts, story(drafts), strict=True)] == [
        (1, "onset", "piano"),
        (2, "onset", "violin"),
        (2, "offset", "violin"),
        (1, "offset", "piano"),
    ]


def test_two_players_of_one_instrument_are_both_named() -> None:
    assert names(run([{"violin": 0.9}] * 20, [{"violin": 0.7}] * 20)) == ["violin", "violin"]


def test_after_an_end_nothing_is_left_of_what_was_before() -> None:
    decider = TwoPass(1, LABELS, RATE, SmoothingConfig())
    told = readings([[{"piano": 0.9}] * 8])
    for reading in told:
        decider.step(reading)
    assert names(decider.end(8 * HOP, 8 * HOP)) == ["piano"]
    assert decider.end(9 * HOP, 9 * HOP) == []


def test_the_value_is_the_newest_windows() -> None:
    decider = TwoPass(1, LABELS, RATE, SmoothingConfig())
    assert set(decider.value(0).values()) == {0.0}
    decider.step(readings([[{"piano": 0.9}]])[0])
    assert abs(decider.value(0)["piano"] - 0.9) < 0.01


def expecting(*expected: str, only: tuple[str, ...] = ()) -> Callable[[TwoPass], None]:
    return lambda decider: decider.expect(expectations(LABELS, [Known(expect=expected, only=only)]))


def test_what_is_expected_wins_where_it_is_near() -> None:
    near = [{"violin": 0.4, "cello": 0.3}] * 12
    assert names(run(near)) == ["violin"]
    assert names(run(near, prepare=expecting("cello"))) == ["cello"]


def test_what_is_clear_is_named_whatever_was_expected() -> None:
    assert names(run([{"piano": 0.95, "cello": 0.1}] * 12, prepare=expecting("cello"))) == ["piano"]


def test_what_is_expected_is_no_reason_for_a_second_name() -> None:
    assert names(run([{"piano": 0.95, "violin": 0.5}] * 12, prepare=expecting("violin", "piano"))) == ["piano"]


def test_nothing_but_what_is_allowed_is_named() -> None:
    assert "piano" not in names(run([{"piano": 0.95}] * 12, prepare=expecting(only=("violin",))))


def heard_in_chunks(audio: np.ndarray, frames: int) -> list[Draft]:
    """`audio` [inputs, samples] through windows and gate; tones over 1 kHz are a violin, others a cello."""
    windows, gate = Windows(len(audio), RATE), Gate(len(audio), RATE, SmoothingConfig())
    decider = TwoPass(len(audio), LABELS, RATE, SmoothingConfig())
    hops = [hop for at in range(0, audio.shape[1], frames) for hop in windows.push(audio[:, at : at + frames])]
    for hop in hops + windows.flush():
        gating = gate.step(hop.block, hop.start_sample)
        spectrum = np.abs(np.fft.rfft(hop.window)) ** 2 + 1e-9
        p = np.full((len(audio), len(LABELS)), 0.01, np.float32)
        p[:, 2] = spectrum[:, 1000:].sum(1) / spectrum.sum(1)
        p[:, 3] = 1 - p[:, 2]
        edges = gating.rise_sample, gating.fall_sample
        decider.step(
            Reading(hop.start_sample, hop.decided_sample, log_odds(p), gating.sounds, gating.level_dbfs, *edges)
        )
    return decider.end(windows.position, windows.position)


def test_the_same_sound_gives_the_same_names_whatever_the_chunks() -> None:
    time_s = np.arange(12 * RATE) / RATE
    pitch = np.where(time_s < 5, 220, 2200)
    audio = np.stack([np.sin(2 * np.pi * np.cumsum(pitch) / RATE), np.sin(2 * np.pi * 1500 * time_s)])
    audio[0, : RATE // 2] = audio[1, 4 * RATE : 9 * RATE] = 0
    audio = 0.1 * audio.astype(np.float32)
    whole = heard_in_chunks(audio, audio.shape[1])
    assert [(draft.channel, *told) for draft, told in zip(whole, story(whole), strict=True)] == [
        (2, "onset", "violin"),
        (1, "onset", "cello"),
        (2, "offset", "violin"),
        (1, "offset", "cello"),
        (1, "onset", "violin"),
        (2, "onset", "violin"),
        (1, "offset", "violin"),
        (2, "offset", "violin"),
    ]
    assert abs(whole[1].sample - RATE // 2) <= 480
    assert abs(whole[3].sample - 5 * RATE) <= HOP
    for frames in (999, 12_000, 50_000):
        assert heard_in_chunks(audio, frames) == whole


PROBABILITIES = st.dictionaries(st.sampled_from(LABELS), st.floats(0, 1), max_size=4)
HOPS = st.lists(st.one_of(st.none(), PROBABILITIES), min_size=1, max_size=60)


@settings(max_examples=80, deadline=None)
@given(HOPS, HOPS)
def test_onsets_and_offsets_alternate_in_order_and_within_the_stream(first: list, second: list) -> None:
    length = max(len(first), len(second))
    drafts = run(*(hops + [SILENCE] * (length - len(hops)) for hops in (first, second)))
    on: dict[tuple, int] = {}
    for draft in drafts:
        key = draft.channel, draft.fields["label"]
        if draft.kind == "onset":
            assert key not in on
            on[key] = draft.sample
        else:
            assert on.pop(key) < draft.sample
        assert 0 <= draft.sample <= draft.decided_sample == length * HOP
    assert not on
    assert [draft.sample for draft in drafts] == sorted(draft.sample for draft in drafts)


@settings(max_examples=50, deadline=None)
@given(HOPS)
def test_a_silent_input_never_gets_a_name(hops: list) -> None:
    drafts = run(hops, [SILENCE] * len(hops), prepare=lambda decider: decider.expect(BOTH_EXPECT_A_PIANO))
    assert all(draft.channel == 1 for draft in drafts)


BOTH_EXPECT_A_PIANO = expectations(LABELS, [Known(expect=("piano",))] * 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(LABELS), st.floats(0, 0.05)), min_size=1, max_size=40))
def test_what_is_expected_but_not_heard_is_never_named(hops: list) -> None:
    assert set(names(run(hops, prepare=expecting("piano")))) <= {"uncertain"}


@settings(max_examples=50, deadline=None)
@given(HOPS)
def test_same_input_same_output(hops: list) -> None:
    assert run(hops) == run(hops)
