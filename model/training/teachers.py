"""Networks that have learned already, and what they say of a window: soft labels for one that learns.

Hinton et al., "Distilling the knowledge in a neural network" (2015).
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torchaudio import functional

from .. import contract, torchscript
from ..corpus.decoded import SAMPLE_RATE
from ..labels import MODEL_LABELS

SUREST = 8.0
"""Log-odds are held within ± this before they are averaged."""


class Teachers:
    """Model files that keep the contract, all of our labels in each.

    Raises ContractError where a file breaks the contract or lacks a label.
    """

    def __init__(self, files: Sequence[Path], device: torch.device) -> None:
        self.models: list[torch.jit.ScriptModule] = []
        self.metas: list[contract.Meta] = []
        for file in files:
            module, meta = torchscript.load(file)
            known = contract.check(module, meta, str(file))
            if missing := [label for label in MODEL_LABELS if label not in known.labels]:
                raise contract.ContractError(f"{file} cannot teach: it has no label {missing[0]!r}")
            self.models.append(torchscript.freeze(module.to(device), []))
            self.metas.append(known)

    @torch.no_grad()
    def __call__(self, audio: Tensor) -> Tensor:
        """Probabilities `[batch, labels]` for sound `[batch, samples]` at `SAMPLE_RATE`: the mean of the log-odds."""
        every: list[Tensor] = []
        for model, meta in zip(self.models, self.metas, strict=True):
            sound = audio
            if meta.sample_rate != SAMPLE_RATE:
                sound = functional.resample(audio, SAMPLE_RATE, meta.sample_rate)
            columns = [meta.labels.index(label) for label in MODEL_LABELS]
            probabilities: Tensor = model(sound[..., -meta.window :])
            every.append(torch.logit(probabilities[:, columns].double()).clamp(-SUREST, SUREST))
        return torch.sigmoid(torch.stack(every).mean(0)).float()
