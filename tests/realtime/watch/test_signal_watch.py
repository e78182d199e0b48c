import csv
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
import soundfile

from earmark.realtime.config import WatchConfig
from earmark.realtime.events import KINDS, Draft
from earmark.realtime.watch.signal_watch import SignalWatch
from tests.real import recordings
from tests.realtime.watch.line_sounds import (
    HOP,
    RATE,
    Sound,
    clicks,
    faults,
    hits,
    mains,
    noise,
    off,
    on,
    stack,
    states,
    tone,
    watched,
)


def test_the_first_hop_says_whether_each_input_is_silent_or_present() -> None:
    drafts = watched(stack(noise(0.25, -90), tone(0.25, 440)))
    assert states(drafts, 1) == [("silent", True)]
    assert states(drafts, 2) == [("present", True)]
    assert all(set(d.fields) == set(KINDS["signal"].fields) and d.kind == "signal" for d in drafts)


def test_sound_is_present_within_one_hop_and_silent_when_held_out() -> None:
    sound = np.concatenate([noise(2, -90), tone(2, 440), noise(3, -90, 1)])
    drafts = watched(sound)
    assert states(drafts) == [("silent", True), ("present", True), ("silent", True)]
    _, present, silent = drafts
    assert present.sample == 2 * RATE
    assert present.decided_sample == 2 * RATE + HOP
    assert silent.sample == 4 * RATE
    assert silent.decided_sample == 5 * RATE


def test_short_pauses_and_levels_near_the_threshold_do_not_flicker() -> None:
    pauses = np.concatenate([np.concatenate([tone(0.5, 440), noise(0.75, -90)]) for _ in range(6)])
    near = np.concatenate([noise(1, level, int(-level)) for level in (-59, -61, -60.5, -59.5, -62, -61)])
    assert states(watched(pauses)) == [("present", True)]
    assert states(watched(near)) == [("present", True)]


def test_clipping_needs_consecutive_samples_at_one_rail() -> None:
    sound = tone(4, 220, 0.1)
    sound[RATE : RATE + 2] = 1.0
    sound[RATE + 100 : RATE + 103] = (1.0, -1.0, 1.0)
    assert not on(watched(sound), "clipping")
    sound[2 * RATE : 2 * RATE + 3] = -1.0
    drafts = watched(sound)
    assert [d.sample for d in on(drafts, "clipping")] == [2 * RATE]
    assert [d.decided_sample for d in off(drafts, "clipping")] == [2 * RATE + HOP + RATE]


def test_clipping_across_two_hops_is_found() -> None:
    sound = tone(1, 220, 0.1)
    sound[HOP - 2 : HOP + 1] = 1.0
    assert [d.sample for d in on(watched(sound), "clipping")] == [HOP]


def test_one_full_scale_sample_may_be_called_clipping() -> None:
    sound = tone(1, 220, 0.1)
    sound[100] = 1.0
    assert on(watched(sound, options=WatchConfig(clip_samples=1)), "clipping")


def test_hot_begins_over_its_level_and_does_not_flicker() -> None:
    steps = [tone(0.5, 440, 10 ** (level / 20), 1) for level in (-3.5, -2.0, -4.0, -2.5, -5.0, -20.0, -20.0, -20.0)]
    drafts = watched(np.concatenate(steps))
    assert [(d.sample, d.fields["detail"]) for d in on(drafts, "hot")] == [(RATE // 2, "peak -2.0 dBFS")]
    assert [d.sample for d in off(drafts, "hot")] == [5 * RATE // 2]


def test_levels_and_held_peaks() -> None:
    watch = SignalWatch(2, RATE, WatchConfig())
    assert watch.levels.peak_dbfs.tolist() == [-120.0, -120.0]
    watch.step(np.full((2, HOP), 0.5, np.float32), 0)
    watch.step(np.full((2, HOP), 0.1, np.float32), HOP)
    assert watch.levels.peak_dbfs == pytest.approx([-20.0, -20.0])
    assert watch.levels.rms_dbfs == pytest.approx([-20.0, -20.0], abs=0.01)
    assert watch.take_held_peaks() == pytest.approx([-6.02, -6.02], abs=0.01)
    assert watch.take_held_peaks().tolist() == [-120.0, -120.0]


def test_states_tell_what_is_on_now() -> None:
    watch = SignalWatch(2, RATE, WatchConfig())
    sound = stack(np.ones(HOP, np.float32), noise(0.25, -90))
    watch.step(sound, 0)
    assert watch.states == (("present", "clipping", "hot"), ("silent",))


def test_every_state_ends_before_it_begins_again() -> None:
    rng = np.random.default_rng(3)
    pieces = [noise(0.5, -90), tone(0.7, 220), np.ones(3_000, np.float32), clicks(1.5, 12, 0.3), mains(3, 60, -30)]
    sound = np.concatenate([pieces[i] for i in rng.integers(0, len(pieces), 40)])
    drafts = watched(stack(sound, -sound))
    running: set[tuple[int | None, str]] = set()
    for draft in drafts:
        state = (draft.channel, str(draft.fields["state"]))
        assert draft.sample <= draft.decided_sample
        if state[1] in ("present", "silent"):
            continue
        assert draft.fields["on"] == (state not in running)
        running ^= {state}
    said = [d.fields["state"] for d in drafts if d.channel == 1 and d.fields["state"] in ("present", "silent")]
    assert all(a != b for a, b in pairwise(said))


def test_the_same_sound_gives_the_same_drafts() -> None:
    sound = stack(noise(5, -50) + mains(5, 50, -40), hits(5, 6, 0.1), clicks(5, 9, 0.2))
    assert watched(sound) == watched(sound)


def test_a_gap_forgets_what_was_being_measured() -> None:
    watch = SignalWatch(1, RATE, WatchConfig())
    zeros = np.zeros((1, HOP), np.float32)
    drafts: list[Draft] = []
    for hop in range(14):
        if hop == 7:
            watch.gap()
        drafts += watch.step(zeros, hop * HOP)
    assert not on(drafts, "dead")
    drafts = watch.step(zeros, 14 * HOP)
    assert [d.decided_sample for d in on(drafts, "dead")] == [15 * HOP]


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_any_rate_and_any_length_of_hop(rate: int) -> None:
    watch = SignalWatch(3, rate, WatchConfig())
    rng = np.random.default_rng(0)
    start = 0
    for n in [1, 2, 7, 300, rate // 4, rate // 20, rate, 1, rate // 4 + 3] * 3:
        block = (0.1 * rng.standard_normal((3, n))).astype(np.float32)
        block[1] *= -1
        block[2] = -block[0]
        drafts = watch.step(block, start)
        start += n
        assert all(draft.sample <= draft.decided_sample == start for draft in drafts)
    assert watch.states == (("present", "twin"), ("present",), ("present", "twin"))


def solos(every: int) -> Iterator[tuple[str, Sound]]:
    folder = recordings()
    with (folder / "recordings.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["role"] in ("SOLO", "STEM")]
    for row in rows[::every]:
        sound, rate = soundfile.read(folder / row["path"], dtype="float32", always_2d=True)
        assert rate == RATE
        yield row["path"], sound[: 20 * RATE, 0]


def test_real_solos_are_good_lines() -> None:
    found = {path: faults(watched(sound)) for path, sound in solos(every=9)}
    assert len(found) > 10
    assert {path: kinds for path, kinds in found.items() if kinds} == {}


def test_faults_on_real_solos_are_found() -> None:
    for path, sound in solos(every=40):
        music = np.concatenate([sound[: 8 * RATE], np.zeros(4 * RATE, np.float32)])
        music += noise(music.size / RATE, -75)
        seconds = music.size / RATE
        level = float(np.abs(music).max())
        assert faults(watched(music + clicks(seconds, 10, 0.5 * level))) == {"crackle"}, path
        assert faults(watched(music + mains(seconds, 50, -45))) == {"hum"}, path
        assert faults(watched(stack(music, -0.5 * music)), channel=2) == {"twin"}, path


def test_a_real_guitar_that_hums() -> None:
    path = recordings() / "waveform_playlist" / "0214_GRP_electric_guitar.opus"
    if not path.exists():
        pytest.skip("other recordings than the ones this test knows")
    sound, _ = soundfile.read(path, dtype="float32")
    drafts = watched(sound)
    assert faults(drafts) == {"hum"}
    assert [d.fields["detail"] for d in on(drafts, "hum")] == ["50 Hz"]
