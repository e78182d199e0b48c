import numpy as np
import pytest

from tests.realtime.watch.line_sounds import (
    RATE,
    mains,
    noise,
    off,
    on,
    states,
    tone,
    watched,
)


@pytest.mark.parametrize(("hz", "name"), [(50.0, "50 Hz"), (49.85, "50 Hz"), (60.0, "60 Hz"), (60.15, "60 Hz")])
def test_mains_hum_is_found_and_named(hz: float, name: str) -> None:
    drafts = watched(noise(4) + mains(4, hz, -45))
    assert [d.fields["detail"] for d in on(drafts, "hum")] == [name]
    assert on(drafts, "hum")[0].decided_sample <= 2.25 * RATE


def test_hum_of_a_rectifier_lies_at_twice_the_mains() -> None:
    assert [d.fields["detail"] for d in on(watched(noise(4) + mains(4, 100, -45)), "hum")] == ["50 Hz"]


def test_hum_is_held_under_music_and_ends_once() -> None:
    hum = np.concatenate([mains(8, 50, -45), np.zeros(5 * RATE, np.float32)])
    music = noise(13)
    music[3 * RATE : 6 * RATE] += tone(3, 196, 0.2)
    drafts = watched(hum + music)
    assert states(drafts)[:2] == [("present", True), ("hum", True)]
    assert len(on(drafts, "hum")) == len(off(drafts, "hum")) == 1
    assert 8 * RATE < off(drafts, "hum")[0].sample < 10.25 * RATE


@pytest.mark.parametrize("hz", [49.0, 49.22, 55.0, 58.27, 61.74, 98.0, 123.47, 349.23, 233.08])
@pytest.mark.parametrize("decay_s", [1.0, np.inf])
def test_notes_near_the_mains_are_not_hum(hz: float, decay_s: float) -> None:
    assert not on(watched(noise(6) + tone(6, hz, 0.2, 8, decay_s)), "hum")


def test_a_note_on_the_mains_that_dies_away_is_not_hum() -> None:
    assert not on(watched(noise(6) + tone(6, 50.0, 0.2, 8, decay_s=0.8)), "hum")


def test_hum_at_another_rate_and_hop() -> None:
    t = np.arange(4 * 44_100) / 44_100
    sound = (0.01 * np.sin(2 * np.pi * 50 * t) + 0.004 * np.sin(2 * np.pi * 150 * t)).astype(np.float32)
    assert on(watched(sound, rate=44_100, hop=4_410), "hum")
