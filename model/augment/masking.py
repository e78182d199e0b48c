"""SpecAugment's masks (Park et al., Interspeech 2019): parts of the time and of the mel bands left out in training."""

import torch
from torch import Tensor, nn
from torchaudio.functional import mask_along_axis_iid


class Masking(nn.Module):
    """Masks one stretch of frames and one of bands of every example; does nothing outside training.

    `time_share` and `band_share` (0..1) are the longest stretch as a share of the whole; each length is drawn evenly
    from 0 up to it. What is masked gets the example's mean, since a log-mel's 0 is no silence.
    """

    def __init__(self, time_share: float = 0.3, band_share: float = 0.25) -> None:
        super().__init__()
        self.time_share, self.band_share = time_share, band_share

    def forward(self, features: Tensor) -> Tensor:
        """`features` `[n, bands, frames]` or `[n, channels, bands, frames]`; the same shape, a copy where masked."""
        if not self.training:
            return features
        images = features if features.ndim == 4 else features.unsqueeze(1)
        mean = images.mean(dim=(1, 2, 3), keepdim=True)
        # One channel of ones carries the mask: all channels of an example lose the same stretch.
        kept = torch.ones_like(images[:, :1])
        for axis, share in ((2, self.band_share), (3, self.time_share)):
            longest = int(share * images.shape[axis])
            if longest:
                kept = mask_along_axis_iid(kept, longest + 1, 0.0, axis)
        return torch.where(kept > 0, images, mean).reshape(features.shape)
