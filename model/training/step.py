"""One step of a run: a batch of windows to the loss that its network has on them."""

from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from ..augment.masking import Masking
from ..augment.mixup import Taught, mixed, mixed_labels, pairing
from ..nets.network import Network
from .config import RunConfig
from .objective import Objective
from .resampling import features_of
from .teachers import Teachers

EMBEDDINGS = 1
"""Sets the random numbers of mixing embeddings apart from those of mixing windows."""


class Step(nn.Module):
    """The loss of a batch, pairs mixed and teachers asked as the run's config wants it."""

    def __init__(self, config: RunConfig, network: Network, frequency: Tensor, device: torch.device) -> None:
        super().__init__()
        self.config = config
        self.network = network
        self.objective = Objective(config, frequency).to(device)
        self.teachers = Teachers(config.teachers.files, device)
        self.masking = Masking(config.mask.time_share, config.mask.band_share)

    def forward(self, number: int, audio: Tensor, target: Tensor, weight: Tensor, any_of: Tensor) -> Tensor:
        """Loss of batch `number`; shapes as in `mixer.Batch`. Teachers hear the windows as they were mixed."""
        mixup, taught = self.config.mixup, Taught(target, weight, any_of)
        if mixup.input_alpha > 0:
            pairs = pairing(len(audio), mixup.input_alpha, self._random(number))
            audio, taught = mixed(audio, pairs), mixed_labels(taught, pairs)
        features = cast(Any, self.network.features)
        soft = self.teachers(audio) if self.teachers.models else None
        embedding = features.embed(self._seen(audio))
        if mixup.embedding_alpha > 0:
            pairs = pairing(len(audio), mixup.embedding_alpha, self._random(number, EMBEDDINGS))
            embedding, taught = mixed(embedding, pairs), mixed_labels(taught, pairs)
            soft = soft if soft is None else mixed(soft, pairs)
        return self.objective(features.classifier(embedding), *taught, soft)

    def _seen(self, audio: Tensor) -> Tensor:
        mel, mask = features_of(self.network, audio), self.config.mask
        return self.masking(mel) if mask.time_share or mask.band_share else mel

    def _random(self, *number: int) -> np.random.Generator:
        return np.random.default_rng((self.config.seed, *number))
