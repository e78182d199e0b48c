"""Masks over time and bands."""

import pytest
import torch

from earmark.model.augment.masking import Masking


@pytest.mark.parametrize("shape", [(16, 40, 50), (16, 1, 40, 50), (16, 3, 40, 50)])
def test_masks_are_stretches_of_frames_and_bands_within_their_shares(shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    features = torch.randn(shape)
    out = Masking(0.3, 0.2).train()(features)
    assert out.shape == features.shape
    images, before = out.reshape(16, -1, 40, 50), features.reshape(16, -1, 40, 50)
    lost = (images != before).all(1)
    frames, bands = lost.all(1), lost.all(2)
    assert frames.sum(1).max() <= 15
    assert bands.sum(1).max() <= 8
    assert frames.any()
    assert bands.any()
    assert (lost == (frames[:, None, :] | bands[:, :, None])).all()
    mean = before.mean((1, 2, 3))[:, None, None].expand(-1, 40, 50)
    assert torch.allclose(images[:, 0][lost], mean[lost])


def test_nothing_is_masked_outside_training_or_with_shares_of_0() -> None:
    features = torch.randn(4, 40, 50)
    assert torch.equal(Masking().eval()(features), features)
    assert torch.equal(Masking(0, 0).train()(features), features)
