"""Floors of single labels fitted to labelled takes, on the evidence that the smoother decides by.

Pure. A label's floor is the one that gives its best F1 over the hops of all takes, less a price for every step away
from the floor that it had, which is high where there is little to judge by. A value that another rule of the smoother
holds back anyhow (a second label needs `other_on`, a sibling `sibling_on`, a singer must be surer than speech) counts
as none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..model.labels import SPEECH, family_of
from .config import SmoothingConfig
from .takes import Heard

ENOUGH_S: Final = 10.0
"""A label with less to judge by, or with less of others beside it, is left alone."""
PRICE: Final = 0.5
"""F1 that a floor must gain to move by 1, with hardly anything to judge by …"""
HALF_PRICE_S: Final = 20.0
"""… which is half with this much to judge by, and less with more."""
MARGIN: Final = 5
"""Hundredths to either side over which F1 is averaged: a floor that is only just right will not stay right."""
LOWEST: Final = 0.2
HIGHEST: Final = 0.9
LEAST_GAIN: Final = 0.01
"""A floor that gains less F1 than this stays."""
PROBES: Final = 5

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hops:
    """Every judged hop of the takes. `value` [n, labels]: the evidence, 0..1; `right` [n, labels]: whether the label
    plays; `known` [n, labels]: whether that can be said. `hop_s`: seconds that a hop stands for."""

    value: Floats
    right: Bools
    known: Bools
    hop_s: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """One label's floor `before` and `after`, and what F1 they give on the takes. `why` it was left alone, or ""."""

    label: str
    judged_s: float
    before: float
    after: float
    f1_before: float
    f1_after: float
    why: str = ""


def truth(heard: Sequence[Heard], decided_s: Floats, window_s: float, labels: Sequence[str]) -> tuple[Bools, Bools]:
    """`right` and `known` [hops, labels] of hops that end at `decided_s` [hops].

    Known is what holds all through the window: at a change it still holds the sound of before.
    """
    column = {label: index for index, label in enumerate(labels)}
    times = decided_s[:, None] - (np.arange(PROBES) + 0.5) / PROBES * window_s
    playing = np.zeros((len(decided_s), PROBES, len(labels)), bool)
    unknown = np.zeros_like(playing)
    covered = np.zeros((len(decided_s), PROBES), bool)
    for stretch in heard:
        inside = (times >= stretch.start_s) & (times < stretch.end_s)
        covered |= inside
        playing[:, :, [column[label] for label in stretch.right]] |= inside[:, :, None]
        unknown[:, :, [column[label] for label in stretch.unknown]] |= inside[:, :, None]
    always = np.all(playing, axis=1)
    settled = always | ~np.any(playing, axis=1)
    doubtful = np.any(unknown, axis=1) & ~always
    return always, settled & ~doubtful & np.all(covered, axis=1, keepdims=True)


def joined(parts: Sequence[Hops]) -> Hops:
    """The hops of several takes as one; at least one."""
    return Hops(
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.known for part in parts]),
        parts[0].hop_s,
    )


def fit(
    hops: Hops, labels: Sequence[str], told: Sequence[str], floors: Mapping[str, float], options: SmoothingConfig
) -> list[Fitted]:
    """A line for each label that plays in the takes, in the model's order.

    `told` are the labels that may be named (empty: all), `floors` those set so far.
    """
    allowed = np.array([not told or label in told for label in labels])
    passing = _passing(hops.value, labels, allowed, options)
    fitted: list[Fitted] = []
    for index, label in enumerate(labels):
        rows = hops.known[:, index]
        if allowed[index] and (hops.right[:, index] & rows).any():
            before = floors.get(label, options.best_on)
            fitted.append(_fit(label, passing[rows, index], hops.right[rows, index], hops.hop_s, before, options.off))
    return fitted


def f1_at(value: Floats, right: Bools, floor: float) -> float:
    """F1 of naming the label at every hop whose value reaches `floor`."""
    named = value >= floor
    return float(2 * (named & right).sum() / max(1, named.sum() + right.sum()))


def _fit(label: str, value: Floats, right: Bools, hop_s: float, before: float, off: float) -> Fitted:
    judged_s, others_s = float(right.sum()) * hop_s, float((~right).sum()) * hop_s
    old = f1_at(value, right, before)
    left = Fitted(label, judged_s, before, before, old, old)
    if judged_s < ENOUGH_S:
        return _left(left, f"only {judged_s:.0f} s of it to judge by")
    if others_s < ENOUGH_S:
        return _left(left, f"only {others_s:.0f} s of other sounds to tell it from")
    price = PRICE * HALF_PRICE_S / (HALF_PRICE_S + judged_s)
    after = _best(value, right, before, price, max(LOWEST, off))
    new = f1_at(value, right, after)
    if new < old + LEAST_GAIN:
        return _left(left, "its floor is right as it is")
    return Fitted(label, judged_s, before, after, old, new)


def _best(value: Floats, right: Bools, before: float, price: float, lowest: float) -> float:
    """The floor of `lowest` to `HIGHEST` with the best mean F1 around it, less the price of going there."""
    first, last = round(lowest * 100), round(HIGHEST * 100)
    f1 = np.array([f1_at(value, right, step / 100) for step in range(first - MARGIN, last + MARGIN + 1)])
    around = np.convolve(f1, np.full(2 * MARGIN + 1, 1 / (2 * MARGIN + 1)), "valid")
    floors = np.arange(first, last + 1) / 100
    return float(floors[(around - price * np.abs(floors - before)).argmax()])


def _left(fitted: Fitted, why: str) -> Fitted:
    return Fitted(fitted.label, fitted.judged_s, fitted.before, fitted.after, fitted.f1_before, fitted.f1_after, why)


def _passing(value: Floats, labels: Sequence[str], allowed: Bools, options: SmoothingConfig) -> Floats:
    """`value` [n, labels], and 0 where the smoother's other rules would not let it through."""
    families = np.array([family_of(label) for label in labels])
    column = {label: index for index, label in enumerate(labels)}
    mine = np.where(allowed, value, 0.0)
    if SPEECH in column:
        singers = (families == "voice") & (np.arange(len(labels)) != column[SPEECH])
        speech = value[:, column[SPEECH], None]
        mine = np.where(singers & (mine < speech), 0.0, mine)
    best = mine.argmax(1)
    sibling = families[None, :] == families[best][:, None]
    least = np.where(sibling, options.sibling_on, options.other_on)
    least[np.arange(len(value)), best] = 0.0
    return np.where(mine >= least, mine, 0.0)
