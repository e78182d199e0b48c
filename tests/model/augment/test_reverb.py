"""Freeverb's tail."""

import numpy as np
import pytest

from earmark.model.augment.reverb import Freeverb


def test_tail_lasts_longer_with_more_reverberance_and_never_comes_first() -> None:
    freeverb, click = Freeverb(), np.zeros(48_000, np.float32)
    click[2_000] = 0.5
    late = []
    for reverberance in (10, 50, 90):
        heard = freeverb(click, reverberance=reverberance, damping=50, room=50, wet_db=0)
        assert np.isfinite(heard).all()
        assert heard[2_000] == pytest.approx(0.5, abs=0.05)
        late.append(float(np.square(heard[24_000:]).sum()))
        # What wraps round the transform lies 60 dB and more below the click.
        assert np.abs(heard[:2_000]).max() < 5e-4
    assert late[0] < late[1] < late[2]


def test_a_sound_must_fit() -> None:
    with pytest.raises(ValueError, match="at most 512"):
        Freeverb(1_024)(np.zeros(513, np.float32), reverberance=50, damping=50, room=50, wet_db=0)
