"""Windows of close microphones: the own hit is in them, the rest of the kit comes at its level."""

import numpy as np
import pytest

from earmark.model.corpus.close_drums import TAUGHT, CloseDrums, as_recorded
from earmark.model.labels import PART_LABELS

from ..drums import kit


@pytest.fixture(scope="module")
def drums() -> CloseDrums:
    return CloseDrums([kit()], seed=1)


def draw(drums: CloseDrums, part: str, how: object, seed: int) -> np.ndarray:
    return drums.window(drums.kits[0], part, how, np.random.default_rng(seed))  # type: ignore[arg-type]


@pytest.mark.parametrize("part", PART_LABELS)
def test_windows_are_whole_and_the_same_for_the_same_seed(drums: CloseDrums, part: str) -> None:
    for seed in range(6):
        window = draw(drums, part, TAUGHT, seed)
        assert window.shape == (48_000,)
        assert window.dtype == np.float32
        assert 1e-3 < np.abs(window).max() <= 1
        np.testing.assert_array_equal(window, draw(drums, part, TAUGHT, seed))


def test_alone_there_is_nothing_but_the_own_part(drums: CloseDrums) -> None:
    """A kick's power lies below 1 kHz whatever the pattern of the others is."""
    for seed in range(6):
        assert share_above(1_000, draw(drums, "kick", as_recorded(None), seed)) < 0.05


def test_bleed_comes_at_its_level(drums: CloseDrums) -> None:
    shares = {
        level: np.mean([share_above(2_000, draw(drums, "kick", as_recorded(level), seed)) for seed in range(12)])
        for level in (-24.0, -12.0, 0.0)
    }
    assert shares[-24.0] < shares[-12.0] < shares[0.0]
    assert shares[-24.0] < 0.1 < shares[0.0]


def test_the_hit_lies_anywhere_and_is_always_heard(drums: CloseDrums) -> None:
    how = as_recorded(None)._replace(single_share=1.0)
    peaks = [int(np.abs(draw(drums, "snare", how, seed)).argmax()) for seed in range(40)]
    assert min(peaks) < 12_000
    assert max(peaks) > 36_000


def test_a_part_that_the_kit_lacks_is_heard_from_another_kit_but_never_asked_of_it() -> None:
    poor = kit("poor", parts="kick")
    drums = CloseDrums([poor, kit()], seed=1)
    heard = [share_above(2_000, draw(drums, "kick", as_recorded(0.0), seed)) for seed in range(6)]
    assert max(heard) > 0.1
    with pytest.raises(KeyError, match="tom"):
        draw(drums, "tom", TAUGHT, 1)


def test_bleed_of_a_whole_kit_has_a_level_of_one(drums: CloseDrums) -> None:
    audio = drums.bleed(np.random.default_rng(3))
    power = np.square(audio.reshape(10, -1)).mean(1)
    assert 0.5 < np.sqrt(power[power > power.max() / 1000].mean()) < 2


def share_above(hertz: float, audio: np.ndarray) -> float:
    power = np.square(np.abs(np.fft.rfft(audio)))
    return float(power[int(hertz) :].sum() / power.sum())
