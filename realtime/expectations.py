"""What the engineer knows before a sound is heard: as log-odds that are added to the evidence, and as a hard list.

Priors, not blinkers: what is expected weighs more, what is not expected weighs a little less, and anything that is
clearly heard is still named. Only `only` rules anything out.

- An input's `expect`, else its own name (see track_names.py), makes those labels likelier and all others less likely.
- The session's `band` does the same on every input of which nothing is known. The fewer are expected, the more that
  tells.
- Parts of the drum set are heard on close drum microphones only, that is where a part is expected and the whole set is
  not; `drum_set` is not heard there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..model.labels import BY_ID, LABELS, SPEECH, UNCERTAIN, instruments_of
from .track_names import meant

GAIN: Final = 0.5
"""What is expected gains this share of the log-odds that it would gain if one of it certainly played: 1.8 for one label
of 38, 1.1 for four."""
OTHERS: Final = 0.7
"""Log-odds that everything else loses."""
DOUBT: Final = 0.5
"""What is left of the priors while lines are checked."""
DRUM_SET: Final = "drum_set"
PARTS: Final = frozenset(label.id for label in LABELS if label.kind == "part")
INSTRUMENTS: Final = frozenset(label.id for label in LABELS if label.kind == "instrument")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one input: its name, and the words of its `expect` and `only`."""

    name: str = ""
    expect: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def expected(self) -> frozenset[str]:
        """Ids of the labels that the input should carry; empty where nothing is known."""
        return ids_of(self.expect) or ids_of(self.only) or meant(self.name)


@dataclass(frozen=True, slots=True)
class Expectations:
    """What is known of every input.

    `prior` [inputs, labels]: log-odds to add to the evidence. `allowed` [inputs, labels]: what may be named at all.
    `expected`: the labels that each input should carry, empty where nothing is known. `close`: whether the input is a
    close drum microphone.
    """

    prior: NDArray[np.float64]
    allowed: NDArray[np.bool_]
    expected: tuple[frozenset[str], ...]
    close: tuple[bool, ...]

    def doubted(self) -> "Expectations":
        """The same with weaker priors, for a line check.

        With all of their weight 0.91 of wrong patches were told on validation takes, with half of it or none 0.96;
        of right ones 0.96 were ticked off with all or half, 0.94 with none.
        """
        return replace(self, prior=self.prior * DOUBT)


def expectations(labels: Sequence[str], inputs: Sequence[Known], band: Collection[str] = ()) -> Expectations:
    """What `inputs` and the words of the `band` tell of the model's `labels`."""
    columns = {label: column for column, label in enumerate(labels)}
    players = ids_of(band) - {SPEECH}
    prior = np.tile(_gain(columns, players), (len(inputs), 1))
    allowed = np.ones(prior.shape, np.bool_)
    close: list[bool] = []
    for row, known in enumerate(inputs):
        own = known.expected
        if own:
            prior[row] = _gain(columns, own)
        close.append(bool(own & PARTS & columns.keys()) and DRUM_SET not in own)
        allowed[row] = _allowed(labels, known, close[-1])
    return Expectations(prior, allowed, tuple(known.expected for known in inputs), tuple(close))


def ids_of(words: Collection[str]) -> frozenset[str]:
    """Ids of the labels that these words mean."""
    return frozenset[str]().union(*(labels_meant(word) for word in words))


def labels_meant(word: str) -> frozenset[str]:
    """Ids of the labels that a word means: an id, a family, or what an engineer writes on a desk; empty for none."""
    label = BY_ID.get(word)
    if label is None:
        return meant(word)
    if label.kind == "family":
        return instruments_of(word)
    return frozenset() if label.id == UNCERTAIN else frozenset({word})


def _gain(columns: Mapping[str, int], own: frozenset[str]) -> NDArray[np.float64]:
    """Log-odds [labels]: `own` gain the more, the fewer they are; the others lose; speech stays."""
    gain = np.zeros(len(columns))
    inside = [columns[label] for label in own if label in columns]
    if not inside:
        return gain
    gain[:] = -OTHERS
    gain[inside] = GAIN * np.log(len(columns) / len(inside))
    if SPEECH in columns and SPEECH not in own:
        gain[columns[SPEECH]] = 0
    return gain


def _among(labels: Sequence[str], own: frozenset[str]) -> NDArray[np.bool_]:
    return np.array([label in own for label in labels], np.bool_)


def _allowed(labels: Sequence[str], known: Known, close: bool) -> NDArray[np.bool_]:
    only = ids_of(known.only)
    heard = (INSTRUMENTS - {DRUM_SET}) | PARTS if close else INSTRUMENTS
    return _among(labels, (heard & (only | {SPEECH})) if only else heard)
