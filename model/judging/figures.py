"""All figures of one model, from its scores: the pure part of judging. How the windows were made is `cases`' matter.

Instruments are all labels but speech. Speech competes for the highest score, and is no alarm where somebody speaks; it
counts in no figure of instruments.
"""

from dataclasses import dataclass

import numpy as np

from ..labels import BY_ID, MODEL_LABELS, SPEECH, family_of
from . import metrics, single
from .cases import Cases
from .metrics import Floats
from .sweep import AtThreshold, AtTop, by_threshold, by_top

BINS = 15
LEAST = 5
"""A label needs this many right windows to count in a mean over labels."""

COD_COLUMNS = tuple(column for column, label in enumerate(MODEL_LABELS) if BY_ID[label].cod)
CURVE_POINTS = 100
MICRO = "all labels"
"""Name of the curve of all labels together."""

NEGATIVE = ("speech", "noise", "silence")
SPEECH_COLUMN = MODEL_LABELS.index(SPEECH)
FAMILIES = tuple(family_of(label) for label in MODEL_LABELS)


@dataclass(frozen=True)
class Tagging:
    """What the model makes of `windows` windows at its own thresholds; `mean_ap` (mAP) and `lrap` need none.

    `hamming_score` is also the mean accuracy of the labels.
    """

    windows: int
    micro_precision: float
    micro_recall: float
    micro_f1: float
    macro_f1: float
    mean_ap: float
    lrap: float
    exact_match: float
    hamming_score: float


@dataclass(frozen=True)
class Naming:
    """How often the highest score is right where one instrument plays. `macro` is the mean over labels."""

    windows: int
    top1: float
    top1_macro: float
    family: float
    ece: float


@dataclass(frozen=True)
class LabelFigures:
    """One label over the windows of one instrument, of which `windows` are right for it; None: none to judge by.

    `threshold` is None where the model lacks the label.
    """

    label: str
    threshold: float | None
    windows: int
    top1: float | None
    precision: float
    recall: float
    f1: float
    accuracy: float | None
    average_precision: float | None
    average_precision_several: float | None


@dataclass(frozen=True)
class Points:
    """A precision-recall curve, thinned to points evenly spread over recall."""

    label: str
    recall: tuple[float, ...]
    precision: tuple[float, ...]


@dataclass(frozen=True)
class Bin:
    """One bin of the reliability diagram; `confidence` and `accuracy` are None without windows."""

    low: float
    high: float
    windows: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Figures:
    """Everything that is measured on a set of windows.

    `alarms` is the share of windows without an instrument in which one passes its threshold, for each kind and for
    "any". `confusion` `[labels, labels]` has a row for each true label, in the order of `labels`.
    """

    naming: Naming
    one: Tagging
    several: Tagging
    cod: single.Single
    alarms: dict[str, float]
    labels: tuple[LabelFigures, ...]
    bins: tuple[Bin, ...]
    curves: tuple[Points, ...]
    confusion: tuple[tuple[float, ...], ...]
    sweep: tuple[AtThreshold, ...]
    top_n: tuple[AtTop, ...]


def judge(scores: Floats, thresholds: Floats, cases: Cases) -> Figures:
    """Figures for `scores` `[n, labels]` at `thresholds` `[labels]` (infinite for a label that the model lacks).

    Raises ValueError where `scores` are not formed like the cases' target.
    """
    metrics.validate(scores, cases.target, cases.weight)
    weight = cases.weight.copy()
    weight[:, SPEECH_COLUMN] = 0
    one, playing = cases.rows("one"), cases.rows("one", "several")
    named = one & cases.accepted.any(1)
    found = single.top(scores[named], cases.accepted[named], cases.weight[named])
    sure = cases.target[named].any(1)  # within a group an honest split would look unsure
    curve = single.reliability(found.confidence[sure], found.right[sure], BINS)
    truth = cases.target[named].argmax(1)
    return Figures(
        _naming(found, cases.accepted[named], curve),
        _tagging(scores, thresholds, cases, weight, "one"),
        _tagging(scores, thresholds, cases, weight, "several"),
        single.one_of(scores[one], cases.target[one], COD_COLUMNS),
        _alarms(scores, thresholds, cases),
        _labels(scores, thresholds, cases, weight),
        _bins(curve),
        _curves(scores[playing], cases.target[playing], weight[playing]),
        tuple(tuple(row) for row in single.confusion(truth[sure], found.column[sure], scores.shape[1]).tolist()),
        tuple(by_threshold(scores[playing], cases.target[playing], weight[playing], LEAST)),
        tuple(by_top(scores[playing], cases.target[playing], weight[playing])),
    )


def _tagging(scores: Floats, thresholds: Floats, cases: Cases, weight: Floats, kind: str) -> Tagging:
    rows = cases.rows(kind)
    scores, target, weight = scores[rows], cases.target[rows], weight[rows]
    passed = scores >= thresholds
    counts = metrics.count(passed, target, weight)
    return Tagging(
        len(scores),
        *metrics.micro(counts),
        metrics.macro(counts, LEAST).f1,
        metrics.mean_average_precision(scores, target, weight, LEAST),
        metrics.ranking_precision(scores, target, weight),
        metrics.exact_match(passed, target, weight),
        metrics.hamming_score(passed, target, weight),
    )


def _naming(found: single.Top, accepted: Floats, curve: single.Reliability) -> Naming:
    if not len(found.right):
        return Naming(0, 0.0, 0.0, 0.0, 0.0)
    _, kinds, windows = np.unique(accepted, axis=0, return_inverse=True, return_counts=True)
    each = np.bincount(kinds, found.right) / windows
    counted = windows >= LEAST
    return Naming(
        len(found.right),
        float(found.right.mean()),
        float(each[counted].mean()) if counted.any() else 0.0,
        float(single.family_right(found, accepted, FAMILIES).mean()),
        single.calibration_error(curve),
    )


def _alarms(scores: Floats, thresholds: Floats, cases: Cases) -> dict[str, float]:
    passed = scores >= thresholds
    passed[:, SPEECH_COLUMN] = False
    alarm = np.logical_or.reduce(passed, axis=1)
    kinds = [kind for kind in NEGATIVE if cases.rows(kind).any()]
    if not kinds:
        return {}
    each = {kind: float(alarm[cases.rows(kind)].mean()) for kind in kinds}
    return {"any": float(alarm[cases.rows(*kinds)].mean()), **each}


def _labels(scores: Floats, thresholds: Floats, cases: Cases, weight: Floats) -> tuple[LabelFigures, ...]:
    one, several = cases.rows("one"), cases.rows("several")
    passed, target = scores[one] >= thresholds, cases.target[one]
    counts = metrics.count(passed, target, weight[one])
    accuracy: Floats = metrics.label_accuracy(passed, target, weight[one])
    alone = metrics.average_precisions(scores[one], target, weight[one])
    among = metrics.average_precisions(scores[several], cases.target[several], weight[several])
    right = single.top(scores[one], cases.accepted[one], cases.weight[one]).right
    rows: list[LabelFigures] = []
    for column, label in enumerate(MODEL_LABELS):
        if column == SPEECH_COLUMN:
            continue
        own = target[:, column] > 0
        rows.append(
            LabelFigures(
                label,
                _or_none(thresholds[column]),
                int(own.sum()),
                float(right[own].mean()) if own.any() else None,
                *metrics.quality(*(float(part[column]) for part in counts)),
                _or_none(accuracy[column]),
                _or_none(alone[column]),
                _or_none(among[column]),
            )
        )
    return tuple(rows)


def _bins(curve: single.Reliability) -> tuple[Bin, ...]:
    edges = np.linspace(0, 1, BINS + 1).round(4).tolist()
    return tuple(
        Bin(low, high, int(windows), _or_none(confidence), _or_none(accuracy))
        for low, high, windows, confidence, accuracy in zip(edges[:-1], edges[1:], *curve, strict=True)
    )


def _curves(scores: Floats, target: Floats, weight: Floats) -> tuple[Points, ...]:
    known = weight > 0
    curves = {MICRO: metrics.precision_recall_curve(scores[known], target[known] > 0)}
    for column, label in enumerate(MODEL_LABELS):
        rows = known[:, column]
        curves[label] = metrics.precision_recall_curve(scores[rows, column], target[rows, column] > 0)
    return tuple(_thinned(label, curve) for label, curve in curves.items() if len(curve.recall))


def _thinned(label: str, curve: metrics.Curve) -> Points:
    steps = np.linspace(curve.recall[0], 1, CURVE_POINTS)
    places = np.unique(np.searchsorted(curve.recall, steps))
    recall, precision = curve.recall[places].round(4), curve.precision[places].round(4)
    return Points(label, tuple(recall.tolist()), tuple(precision.tolist()))


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
