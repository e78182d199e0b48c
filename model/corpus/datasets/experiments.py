"""The data of the experiments that earlier systems reported: which recordings, in which split, with which classes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from ...errors import UsageError
from ...labels import LABELS
from . import catalogue, irmas, medleydb, musicnet, openmic2018
from .catalogue import DataSet
from .names import COD_MERGES, IRMAS, MUSICNET, OPENMIC
from .recording import Recording
from .splits import by_group

COD: Final = {label.cod: label.id for label in LABELS if label.cod}
FOUR: Final = {name: IRMAS[name] for name in ("gac", "pia", "tru", "vio")}
ELEVEN: Final = {name: MUSICNET[name] for name in ("1", "7", "41", "42", "43", "44", "61", "69", "71", "72", "74")}


@dataclass(frozen=True)
class Experiment:
    """Data as one system used them. `classes` are its own names, each with the label or group that stands for it.

    `window_s` is how much sound it heard at once. In `data_set.read` the split is the experiment's, with one change:
    groups are never on two sides, and the test part is never what a model is chosen by. It is judged on at most `most`
    seconds of each recording: on each by itself, on each recording as a whole, or on sums of two of different classes.
    """

    data_set: DataSet
    classes: dict[str, str]
    window_s: float
    judged_by: Literal["windows", "recordings", "pairs"]
    most: int


def _cod(folder: Path) -> list[Recording]:
    """Stems of COD's twenty classes, those with bleed among them, as COD took them."""
    names = {*COD, *COD_MERGES}
    stems = [stem for stem in medleydb.read(folder) if len(stem.names) == 1 and names.issuperset(stem.names)]
    return [replace(stem, complete=True) for stem in stems]


def _irmas_cnn(folder: Path) -> list[Recording]:
    """Training excerpts of four instruments, 60 : 20 : 20 by song; three of the four are absent from each."""
    excerpts = [one for one in irmas.read(folder) if one.split != "test" and FOUR.keys() >= set(one.names)]
    known = [replace(one, labels={label: int(name in one.names) for name, label in FOUR.items()}) for one in excerpts]
    return by_group(known, {"train": 0.6, "validation": 0.2, "test": 0.2}, seed=1)


def _resnet18(folder: Path) -> list[Recording]:
    """Both parts of MusicNet together, 60 : 20 : 20 by composition; a rest is a rest, however short."""
    recordings = musicnet.read(folder, rest_s=0)
    pieces = [replace(one, group=one.group.partition("/")[2]) for one in recordings]
    return by_group(pieces, {"train": 0.6, "validation": 0.2, "test": 0.2})


def _fluffy(folder: Path) -> list[Recording]:
    """All training excerpts to learn from; half of the songs of the testing data to choose by, half to test on.

    Of the eleven an excerpt has the one that it names, and the others count as absent, as that team took them: with
    all others unknown nothing would ever be a negative.
    """
    excerpts = irmas.read(folder)
    learnt = [_only_named(one) for one in excerpts if one.split != "test"]
    return learnt + _halves([one for one in excerpts if one.split == "test"])


def _only_named(excerpt: Recording) -> Recording:
    labels = {label: int(name in excerpt.names) for name, label in IRMAS.items()}
    return replace(excerpt, labels=labels, split="train")


def _halves(recordings: Sequence[Recording]) -> list[Recording]:
    return by_group(recordings, {"validation": 0.5, "test": 0.5}) if recordings else []


EXPERIMENTS: Final[dict[str, Experiment]] = {
    "cod": Experiment(DataSet(medleydb.ABOUT, _cod), COD, 1.0, "windows", 40),
    "irmas_cnn": Experiment(DataSet(irmas.ABOUT, _irmas_cnn), FOUR, 3.0, "recordings", 5),
    "irmas_cnn-transfer": Experiment(DataSet(irmas.ABOUT, _irmas_cnn), FOUR, 3.0, "pairs", 5),
    "cnn14": Experiment(DataSet(openmic2018.ABOUT, openmic2018.read), OPENMIC, 10.0, "recordings", 10),
    "resnet18": Experiment(DataSet(musicnet.ABOUT, _resnet18), ELEVEN, 10_240 / 44_100, "windows", 1),
    "fluffy": Experiment(DataSet(irmas.ABOUT, _fluffy), IRMAS, 3.0, "recordings", 20),
}
"""Name of a network to its experiment."""

PREFIX: Final = "experiment/"


def experiment_of(name: str) -> Experiment:
    """The experiment of the network `name`.

    Raises UsageError where there is none.
    """
    if name not in EXPERIMENTS:
        raise UsageError(f"{name!r} is no experiment that is known here; known are {', '.join(EXPERIMENTS)}")
    return EXPERIMENTS[name]


def parse(text: str) -> tuple[DataSet, Path] | None:
    """The data set and folder that `experiment/NAME:DIR` or `NAME:DIR` means; None for a plain folder.

    Raises UsageError where the name is unknown and the text is no folder either.
    """
    name, colon, folder = text.partition(":")
    if colon and name.startswith(PREFIX):
        return experiment_of(name.removeprefix(PREFIX)).data_set, Path(folder)
    return catalogue.parse(text)
