import numpy as np
import pytest

from earmark.realtime.config import SmoothingConfig
from earmark.realtime.separation import Separated, Separation
from earmark.realtime.windows import Windows

RATE, HOP = 48_000, 12_000


def noise(seconds: float, seed: int, silent_before_s: float = 0, silent_after_s: float = 0) -> np.ndarray:
    sound = np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE))
    before, after = np.zeros(round(silent_before_s * RATE)), np.zeros(round(silent_after_s * RATE))
    return np.concatenate([before, sound, after]).astype(np.float32)


def separate(sound: np.ndarray, **options: object) -> tuple[list[Separated], list[np.ndarray]]:
    """What each hop tells, and its windows as the model gets them."""
    separation = Separation(len(sound), RATE, SmoothingConfig.model_validate(options), RATE, RATE, HOP)
    hops = Windows(len(sound), RATE).push(sound)
    told = [separation.step(hop) for hop in hops]
    return told, [hop.window for hop in hops]


@pytest.fixture(scope="module")
def stage() -> np.ndarray:
    """Two inputs: the first plays for 6 s and is heard on the second at -20 dB, which plays from second 8 on."""
    first = noise(6, 1, silent_after_s=6)
    second = noise(4, 2, silent_before_s=8)
    return np.stack([first, second + 0.1 * first])


def test_one_input_alone_is_always_its_own() -> None:
    sound = noise(2, 1, silent_after_s=1)[None]
    told, windows = separate(sound)
    assert [bool(one.own[0]) for one in told] == [True] * 8 + [False] * 4
    assert (windows[7][0] == sound[0, RATE : 2 * RATE]).all()


def test_what_is_only_anothers_sound_is_not_judged_and_its_source_is_told(stage: np.ndarray) -> None:
    told, _ = separate(stage)
    assert [one.own.tolist() for one in told[4:24]] == [[True, False]] * 20
    assert {int(one.bleed_of[1]) for one in told[4:24]} == {0}
    assert all(one.bleed_of[0] == -1 for one in told)


def test_an_inputs_own_sound_is_its_own_and_has_just_begun(stage: np.ndarray) -> None:
    told, _ = separate(stage)
    assert all(one.own.tolist() == [False, True] for one in told[33:])
    assert told[40].gating.rise_sample[1] == pytest.approx(8 * RATE, abs=HOP)


def test_the_model_hears_less_of_the_bleed_and_all_of_what_is_own(stage: np.ndarray) -> None:
    _, windows = separate(stage)
    bleed = stage[1, 4 * RATE : 5 * RATE]
    assert np.square(windows[19][1][: RATE // 2]).mean() < 0.3 * np.square(bleed).mean()
    assert (windows[19][0] == stage[0, 4 * RATE : 5 * RATE]).all()


def test_without_bleed_every_input_that_sounds_is_judged_as_it_is(stage: np.ndarray) -> None:
    told, windows = separate(stage, bleed=False)
    assert all(one.own.tolist() == [True, True] for one in told[:24])
    assert (windows[19][1] == stage[1, 4 * RATE : 5 * RATE]).all()


def test_inputs_of_one_group_do_not_explain_each_other(stage: np.ndarray) -> None:
    separation = Separation(2, RATE, SmoothingConfig(), RATE, RATE, HOP)
    separation.together([[0, 1]])
    told = [separation.step(hop) for hop in Windows(2, RATE).push(stage)]
    assert all(one.own.tolist() == [True, True] for one in told[:24])


def test_after_a_restart_what_was_learned_of_the_bleed_is_kept(stage: np.ndarray) -> None:
    separation = Separation(2, RATE, SmoothingConfig(), RATE, RATE, HOP)
    for hop in Windows(2, RATE).push(stage[:, : 4 * RATE]):
        separation.step(hop)
    separation.restart()
    told = [separation.step(hop) for hop in Windows(2, RATE).push(stage[:, : 2 * RATE])]
    assert all(one.own.tolist() == [True, False] for one in told[2:])
