"""Turns logits into calibrated probabilities: for each label a scaling, of the kind that holds on unheard recordings.

All scalings are Platt's, `sigmoid(scale * logit + bias)`, drawn towards one that all labels share: labels with few
recordings keep to what all the others say. They differ in what a label may have for its own (`KINDS`). What is best for
a label is not what fits it best but what gives recordings that it was not fitted on the highest likelihood.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SHRINKAGE = 100.0
"""Weight of the pull towards the shared scaling, in windows. Less did not hold on other recordings."""
RIGID = 1e7
"""A pull that leaves a label nothing of its own."""
KINDS: dict[str, tuple[float, float]] = {
    "temperature": (SHRINKAGE, RIGID),
    "platt": (SHRINKAGE, SHRINKAGE),
}
"""Kinds of scaling, the simplest first: the pulls on log scale and on bias."""
FOLDS = 5
STEPS = 50
LARGEST_STEP = 1.0
SETTLED = 1e-6

Floats = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]


class Scaling(NamedTuple):
    """`sigmoid(scale * logit + bias)` is calibrated; both `[labels]`. `kinds`: each label's kind, of `KINDS`."""

    scale: Floats
    bias: Floats
    kinds: tuple[str, ...]

    def probabilities(self, logits: Floats) -> Floats:
        """Calibrated probabilities of `logits`, `[n, labels]` both."""
        return _sigmoid(logits * self.scale + self.bias)


def fit(logits: Floats, target: Floats, weight: Floats, groups: Groups) -> Scaling:
    """The scaling of `logits` `[n, labels]` towards `target` (0 or 1), each counted `weight` times (0: unknown).

    `groups` `[n, 2]` are those that a window's sound comes from (`validation.LabelledWindows`); they never part: a
    kind is judged on groups that its fit has not seen.
    """
    unheard = np.stack([_unheard_loss(logits, target, weight, groups, pulls) for pulls in KINDS.values()])
    chosen = unheard.argmin(0)
    fitted = np.stack([_fit(logits, target, weight, pulls) for pulls in KINDS.values()])
    scale, bias = fitted[chosen, :, np.arange(logits.shape[1])].T
    return Scaling(scale, bias, tuple(list(KINDS)[kind] for kind in chosen))


def balanced(weight: Floats, several: npt.NDArray[np.bool_]) -> Floats:
    """`weight` `[n, labels]` with windows of `several` sounds together worth as much as all the others.

    Calibrated on one kind alone, probabilities are too low or too high on the other.
    """
    count = int(several.sum())
    if not 0 < count < len(several):
        return weight
    return weight * np.where(several, (len(several) - count) / count, 1.0)[:, None]


def _unheard_loss(logits: Floats, target: Floats, weight: Floats, groups: Groups, pulls: tuple[float, float]) -> Floats:
    """Cross-entropy of each label, `[labels]`, on groups left out of the fit, in `FOLDS` turns."""
    numbers = np.unique(groups)
    fold = np.random.default_rng(1).permutation(len(numbers)) % FOLDS
    place = fold[np.searchsorted(numbers, groups)]
    loss = np.zeros(logits.shape[1])
    for turn in range(FOLDS):
        heard, unheard = (place != turn).all(1), (place == turn).all(1)
        if heard.any() and unheard.any():
            scale, bias = _fit(logits[heard], target[heard], weight[heard], pulls)
            loss += (weight[unheard] * _cross_entropy(logits[unheard] * scale + bias, target[unheard])).sum(0)
    return loss


def _fit(logits: Floats, target: Floats, weight: Floats, pulls: tuple[float, float]) -> Floats:
    """Scale and bias `[2, labels]` that minimise the cross-entropy plus `pulls` times the squared distance (log scale,
    bias) from their mean over all labels.

    Newton's method (Gauss–Newton in log scale). The mean binds all labels' steps together: with A a label's own
    curvature, its gradient g and the mean step m, step = A⁻¹(2·pulls·m − g), which is solved for m first.
    """
    pull = 2 * np.array(pulls)
    found = np.zeros((logits.shape[1], 2))  # log scale, bias
    for _ in range(STEPS):
        slope = logits * np.exp(found[:, 0])
        p = _sigmoid(slope + found[:, 1])
        error, spread = weight * (p - target), weight * p * (1 - p)
        gradient = np.stack([(error * slope).sum(0), error.sum(0)], 1) + pull * (found - found.mean(0))
        cross = (spread * slope).sum(0)
        curvature = np.stack([(spread * slope**2).sum(0), cross, cross, spread.sum(0)], 1).reshape(-1, 2, 2)
        inverse = np.linalg.inv(curvature + np.diag(pull))
        alone = -np.einsum("lij,lj->li", inverse, gradient)
        following = inverse * pull
        # the slightest of pulls to nought, for where there is nothing to fit
        mean = np.linalg.solve((1 + 1e-9) * np.eye(2) - following.mean(0), alone.mean(0))
        step = np.clip(alone + np.einsum("lij,j->li", following, mean), -LARGEST_STEP, LARGEST_STEP)
        found += step
        if np.abs(step).max() < SETTLED:
            break
    return np.stack([np.exp(found[:, 0]), found[:, 1]])


def _sigmoid(x: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(0.5 * x))


def _cross_entropy(logits: Floats, target: Floats) -> Floats:
    return np.logaddexp(0, logits) - target * logits
