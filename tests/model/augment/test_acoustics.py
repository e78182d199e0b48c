"""Levels, noises and rooms."""

import numpy as np
import pytest

from earmark.model.augment.acoustics import SAMPLE_RATE, WINDOW, Rooms, coloured_noise, db, hum, normalised


def test_normalised_counts_only_what_sounds() -> None:
    audio = np.zeros(WINDOW, np.float32)
    audio[: WINDOW // 10] = 0.01
    loud = normalised(audio)
    assert float(np.sqrt(np.square(loud[: WINDOW // 10]).mean())) == pytest.approx(1, rel=1e-3)
    assert not normalised(np.zeros(WINDOW, np.float32)).any()


def test_noises_have_their_colours() -> None:
    white, pink, brown = coloured_noise(np.random.default_rng(0), 2 * WINDOW)
    high = [np.abs(np.fft.rfft(noise))[WINDOW // 2 :].mean() for noise in (white, pink, brown)]
    assert high[0] > high[1] > high[2]
    assert float(np.sqrt(np.square(pink).mean())) == pytest.approx(1, rel=1e-3)


def test_decibels() -> None:
    assert float(db(-20)) == pytest.approx(0.1)


def test_hum_is_mains_and_its_harmonics() -> None:
    random = np.random.default_rng(0)
    for _ in range(5):
        spectrum = np.abs(np.fft.rfft(hum(random)))
        strong = set(np.flatnonzero(spectrum > spectrum.max() / 20))
        assert strong <= {50, 100, 150, 250} or strong <= {60, 120, 180, 300}


def test_a_room_rings_after_the_sound() -> None:
    random = np.random.default_rng(0)
    rooms, click = Rooms(random, size=4), np.zeros(WINDOW, np.float32)
    click[0] = 1
    heard = [rooms.colour(click, random) for _ in range(20)]
    later = [float(np.abs(audio[SAMPLE_RATE // 20 : SAMPLE_RATE // 5]).max()) for audio in heard]
    assert all(audio.dtype == np.float32 and np.isfinite(audio).all() for audio in heard)
    assert max(later) > 1e-3


def test_a_close_microphone_hears_no_room() -> None:
    random = np.random.default_rng(0)
    rooms, click = Rooms(random, size=4), np.zeros(WINDOW, np.float32)
    click[0] = 1
    heard = [rooms.microphone(click, random) for _ in range(20)]
    # What is left later is the curves' own ringing: nothing beside the click itself.
    later = [np.square(audio[SAMPLE_RATE // 20 : SAMPLE_RATE // 2]).sum() / np.square(audio).sum() for audio in heard]
    assert max(later) < 1e-3
    assert len({round(float(np.abs(audio).max()), 4) for audio in heard}) > 1
