"""Figures over the classes of an earlier system, as that system states them, for any model.

A class is one of our labels or a group of them. A model's score for a class is its highest score among the members; a
class that has no column of ours (cymbals) is left out. Conventions of arrays as in `metrics`, with a column a class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..corpus.decoded import ALL_OTHERS, MIXTURE
from ..corpus.targets import GROUPS, members
from . import metrics
from .metrics import Floats
from .single import one_of
from .sweep import AtThreshold, AtTop, by_threshold, by_top

THRESHOLD = 0.5
SUREST = 16.0
"""Log-odds are held within ± this; beyond it float32 has no probabilities."""


@dataclass(frozen=True)
class ClassFigures:
    """What a model makes of `judged` windows, recordings or pairs (`judged_by`) of `experiment`, over `classes`.

    `single` is how many of them have exactly one right class: over those, `accuracy` is the share whose highest class
    is right (COD's micro F1), and `ece` its calibration error in 30 bins, where scores are shares of one answer. All
    else counts every known cell; at a threshold of 0.5 where one is needed.
    """

    experiment: str
    judged_by: str
    judged: int
    classes: tuple[str, ...]
    left_out: tuple[str, ...]
    single: int
    accuracy: float
    ece: float
    label_accuracy: float
    exact_match: float
    micro_f1: float
    macro_f1: float
    mean_ap: float
    sweep: tuple[AtThreshold, ...]
    top_n: tuple[AtTop, ...]


def heard(classes: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Columns of our labels that each class stands for; classes without one are not among them."""
    columns = {name: members(label) for name, label in classes.items()}
    return {name: found for name, found in columns.items() if found}


def class_scores(scores: Floats, columns: Mapping[str, Sequence[int]]) -> Floats:
    """Scores `[n, classes]` of scores `[n, labels]`: the highest of each class's columns."""
    return np.stack([scores[:, list(own)].max(1) for own in columns.values()], 1)


def class_truth(row: Mapping[str, str], labels: Sequence[str]) -> tuple[Floats, Floats]:
    """Target and weight `[classes]` of a manifest's row, for classes that stand for `labels` (or groups of them)."""
    if row["label"] == MIXTURE:
        present, absent = (set(filter(None, row.get(name, "").split(";"))) for name in ("present", "absent"))
    else:
        present, absent = {row["label"]}, {ALL_OTHERS}
    known = [_truth(label, present, absent) for label in labels]
    return np.array([float(one or 0) for one in known]), np.array([float(one is not None) for one in known])


def shares(scores: Floats) -> Floats:
    """Scores `[n, classes]` as shares of one answer: a softmax of their log-odds.

    For a network that learned by a softmax these are its own probabilities, among these classes.
    """
    odds = np.clip(np.log(np.maximum(scores, 1e-300)) - np.log(np.maximum(1 - scores, 1e-300)), -SUREST, SUREST)
    powers = np.exp(odds - odds.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def judge(
    experiment: str, judged_by: str, classes: Mapping[str, str], scores: Floats, target: Floats, weight: Floats
) -> ClassFigures:
    """Figures for `scores`, `target`, `weight` `[n, classes]`, with a column for each class that `heard` has.

    Raises ValueError where the arrays are not formed alike.
    """
    metrics.validate(scores, target, weight)
    known = heard(classes)
    alone = one_of(shares(scores), target * weight, range(len(known)))
    passed = scores >= THRESHOLD
    counts = metrics.count(passed, target, weight)
    return ClassFigures(
        experiment,
        judged_by,
        len(scores),
        tuple(known),
        tuple(name for name in classes if name not in known),
        alone.windows,
        alone.micro_f1,
        alone.ece,
        metrics.hamming_score(passed, target, weight),
        metrics.exact_match(passed, target, weight),
        metrics.micro(counts).f1,
        metrics.macro(counts).f1,
        metrics.mean_average_precision(scores, target, weight),
        tuple(by_threshold(scores, target, weight)),
        tuple(by_top(scores, target, weight)),
    )


def _truth(label: str, present: set[str], absent: set[str]) -> int | None:
    """1 where the class sounds, 0 where it does not, None where nobody knows."""
    own = {label, *GROUPS.get(label, ())}
    if present & own:
        return 1
    perhaps = any(own & set(GROUPS.get(other, ())) for other in present)
    silent = {member for other in absent for member in (other, *GROUPS.get(other, ()))}
    all_silent = label in silent or (label in GROUPS and silent.issuperset(GROUPS[label]))
    return 0 if all_silent or (ALL_OTHERS in absent and not perhaps) else None
