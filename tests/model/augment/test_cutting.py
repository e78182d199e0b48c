"""Seconds cut from clips."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.model.augment.acoustics import WINDOW
from earmark.model.augment.cutting import ATTACK_BLOCK, ATTACK_S, Cutter, from_attack
from earmark.model.augment.settings import MixSettings
from earmark.model.corpus.decoded import FRAME, Clip, Corpus, frame_levels


def corpus_of(audio: np.ndarray, kind: str) -> Corpus:
    samples = np.pad(np.round(audio * 32_767).astype(np.int16), (0, -len(audio) % FRAME))
    clip = Clip("a.wav", "violin", kind, "here", "CC0", "one", 0, len(audio))
    return Corpus((clip,), samples, frame_levels(samples))


def bursts(samples: int, *starts: int) -> np.ndarray:
    """Half a second of a tone at each of the starts, silence between them."""
    audio = np.zeros(samples)
    for start in starts:
        audio[start : start + WINDOW // 2] = 0.3 * np.sin(np.arange(WINDOW // 2) * 0.1)
    return audio


@given(st.integers(0, 20_000), st.integers(0, 60))
def test_a_sound_begins_within_a_block_of_its_attack(silence: int, below_db: int) -> None:
    audio = np.full(30_000, 0.5 * 10 ** (-below_db / 20), np.float32)
    audio[:silence] = 0
    kept = from_attack(audio)
    begin = len(audio) - len(kept)
    searched = int(ATTACK_S * WINDOW)
    # A block of which only the last hundredth sounds may be lost.
    assert silence - ATTACK_BLOCK <= begin <= silence + ATTACK_BLOCK // 100 if silence < searched else begin == 0


def test_of_less_than_a_block_all_stays() -> None:
    assert len(from_attack(np.zeros(100, np.float32))) == 100


@pytest.mark.parametrize("speed_share", [0.0, 1.0])
def test_playing_begins_with_an_attack_where_asked(speed_share: float) -> None:
    corpus = corpus_of(bursts(6 * WINDOW, WINDOW // 2 + 777, 3 * WINDOW + 1_111), "phrase")
    cutter = Cutter(corpus, MixSettings(speed_share=speed_share))
    random = np.random.default_rng(0)
    for _ in range(20):
        audio = cutter.playing(corpus.clips[0], random, attack=True)
        assert audio.shape == (WINDOW,)
        assert np.abs(audio[:600]).max() > 0.1
        assert np.abs(audio[3 * WINDOW // 4 :]).max() == 0


@pytest.mark.parametrize("samples", [50, FRAME, WINDOW // 2, WINDOW + 1, 3 * WINDOW])
@pytest.mark.parametrize("attack", [False, True])
def test_clips_of_any_length_give_a_second(samples: int, attack: bool) -> None:
    corpus = corpus_of(np.full(samples, 0.1), "phrase")
    cutter, random = Cutter(corpus, MixSettings()), np.random.default_rng(0)
    for _ in range(5):
        for audio in (
            cutter.playing(corpus.clips[0], random, attack=attack),
            cutter.notes(corpus.clips[0], [corpus.clips[0]], random, attack=attack),
        ):
            assert audio.shape == (WINDOW,)
            assert audio.dtype == np.float32
        assert cutter.playing(corpus.clips[0], random, attack=attack).any()


def test_notes_begin_at_once_where_asked() -> None:
    corpus = corpus_of(bursts(WINDOW, 5_000), "note")
    cutter, random = Cutter(corpus, MixSettings()), np.random.default_rng(0)
    for _ in range(10):
        assert np.abs(cutter.notes(corpus.clips[0], [corpus.clips[0]], random, attack=True)[:600]).max() > 0.05


def test_a_short_sound_is_repeated_where_that_is_wanted() -> None:
    sound = 0.3 * np.sin(np.arange(WINDOW // 3) * 0.1)
    corpus = corpus_of(sound, "phrase")
    settings = MixSettings(looped=True, speed_share=0)
    cut = Cutter(corpus, settings).playing(corpus.clips[0], np.random.default_rng(1))
    np.testing.assert_allclose(cut, np.tile(sound, 3), atol=1e-4)
