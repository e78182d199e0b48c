import numpy as np
import pytest

from tests.realtime.watch.line_sounds import (
    RATE,
    Sound,
    clicks,
    faults,
    hits,
    noise,
    off,
    on,
    pulses,
    tone,
    watched,
)


def test_clicks_several_a_second_are_crackle() -> None:
    drafts = watched(np.concatenate([noise(2), noise(4) + clicks(4, 10, 0.1), noise(4)]))
    assert len(on(drafts, "crackle")) == len(off(drafts, "crackle")) == 1
    assert "clicks a second" in on(drafts, "crackle")[0].fields["detail"]
    assert 5.5 * RATE < off(drafts, "crackle")[0].sample < 7.5 * RATE


def test_a_broken_contact_under_a_note_is_crackle() -> None:
    sound = noise(4) + tone(4, 110)
    for start in range(0, sound.size - 4_000, 7_001):
        sound[start : start + 90] = 0.0
    assert on(watched(sound), "crackle")


def test_single_clicks_are_not_crackle() -> None:
    sound = noise(6)
    sound[RATE::RATE] = 0.3
    assert not on(watched(sound), "crackle")


@pytest.mark.parametrize(
    "sound",
    [
        hits(4, 8, 0.06),
        hits(4, 12, 0.015),
        hits(4, 6, 0.2),
        np.clip(tone(4, 110, 3.0), -0.8, 0.8),
        pulses(41.2),
        pulses(110),
        noise(4, -10),
    ],
    ids=["drums", "claps", "snares", "clipped guitar", "low pulses", "pulses", "noise"],
)
def test_music_is_not_crackle(sound: Sound) -> None:
    assert "crackle" not in faults(watched(sound))
