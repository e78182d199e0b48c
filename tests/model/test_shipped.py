"""The model that ships: what it tells, and that it knows a kick from a snare from a hi-hat."""

import numpy as np
import pytest

from earmark.model.labels import MODEL_LABELS, PART_LABELS
from earmark.model.tagger import Tagger

from .drums import hit

ATTACKS = (0, 12_000, 28_000, 40_000)
"""Where in the window a hit begins: as it is heard in the hops of one second."""


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(None, "cpu")


def heard(tagger: Tagger, part: str) -> np.ndarray:
    """Mean probability of each part over the hops that hear one synthesised hit."""
    windows = np.zeros((len(ATTACKS), tagger.window), np.float32)
    for window, start in zip(windows, ATTACKS, strict=True):
        stroke = 0.5 * hit(part)[: tagger.window - start]
        window[start : start + len(stroke)] = stroke
    return tagger.tag(windows)[:, len(MODEL_LABELS) :].mean(0)


def test_it_tells_instruments_and_then_the_parts_of_a_drum_set(tagger: Tagger) -> None:
    assert tagger.labels == (*MODEL_LABELS, *PART_LABELS)


@pytest.mark.parametrize("part", ["kick", "snare", "hi_hat", "tom"])
def test_it_knows_synthesised_parts(tagger: Tagger, part: str) -> None:
    assert PART_LABELS[int(heard(tagger, part).argmax())] == part


def test_a_tone_and_silence_are_no_part(tagger: Tagger) -> None:
    time_s = np.arange(tagger.window, dtype=np.float32) / tagger.sample_rate
    voice = sum(np.sin(2 * np.pi * 220 * k * time_s) / k for k in range(1, 12)).astype(np.float32)  # type: ignore[union-attr]
    windows = np.stack([0.1 * voice, np.zeros_like(voice)])
    assert tagger.tag(windows)[:, len(MODEL_LABELS) :].max() < 0.2
