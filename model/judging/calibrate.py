"""Turns logits into calibrated probabilities, and finds each label's threshold.

Platt scaling per label, shrunk towards one common scaling: labels with few recordings keep to what all the others say.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

SHRINKAGE = 30.0
"""Weight of the pull towards the common scaling, in windows."""
THRESHOLDS = (0.15, 0.9)
"""Thresholds stay within these."""
NEGATIVE_QUANTILE = 0.995
"""At least this share of the windows without an instrument lies below each label's threshold."""

Floats = npt.NDArray[np.float64]


class Scaling(NamedTuple):
    """`sigmoid(scale * logit + bias)` is calibrated; both `[labels]` float32."""

    scale: Tensor
    bias: Tensor


def fit(logits: Tensor, target: Tensor, weight: Tensor) -> Scaling:
    """The scaling of `logits` `[n, labels]` towards `target` (0 or 1) where `weight` is not 0.

    Minimises cross-entropy plus `SHRINKAGE` times the squared distance (log scale, bias) from the common scaling.
    """
    labels = logits.shape[1]
    common = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    own = torch.zeros(2, labels, dtype=torch.float64, requires_grad=True)
    given, wanted, counts = logits.double(), target.double(), weight.double()
    optimiser = torch.optim.LBFGS([common, own], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> float:
        optimiser.zero_grad()
        scaled = given * torch.exp(common[0] + own[0]) + common[1] + own[1]
        each = nn.functional.binary_cross_entropy_with_logits(scaled, wanted, weight=counts, reduction="sum")
        loss = (each + SHRINKAGE * own.square().sum()) / len(given)
        loss.backward()
        return float(loss.detach())

    optimiser.step(closure)
    with torch.no_grad():
        return Scaling(torch.exp(common[0] + own[0]).float(), (common[1] + own[1]).float())


def best_f1(scores: Floats, positive: npt.NDArray[np.bool_]) -> float:
    """The threshold on `scores` `[n]` that gives the highest F1 against `positive`; 0.5 without positives."""
    if not positive.any():
        return 0.5
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(positive[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + positive.sum())
    best = int(f1.argmax())
    below = scores[order[best + 1]] if best + 1 < len(order) else 0.0
    return float((scores[order[best]] + below) / 2)


def thresholds(scores: Floats, target: Floats, weight: Floats, negative: npt.NDArray[np.bool_]) -> list[float]:
    """One threshold per label for probabilities `scores` `[n, labels]`.

    Half way between the label's own best F1 and that of all labels together, raised until few `negative` windows
    (no instrument in them) pass, and kept within `THRESHOLDS`.
    """
    counted = weight > 0
    common = best_f1(scores[counted], target[counted] > 0)
    found: list[float] = []
    for column in range(scores.shape[1]):
        rows = counted[:, column]
        own = best_f1(scores[rows, column], target[rows, column] > 0) if target[:, column].any() else common
        quiet = scores[negative & (target[:, column] == 0), column]
        least = float(np.quantile(quiet, NEGATIVE_QUANTILE)) if len(quiet) else 0.0
        found.append(round(float(np.clip(max((own + common) / 2, least), *THRESHOLDS)), 3))
    return found
