"""Runs model files over labelled windows, the way they run live, and judges what they say."""

import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..corpus.decoded import SAMPLE_RATE
from ..corpus.targets import COLUMN
from ..labels import MODEL_LABELS
from ..tagger import Tagger
from .cases import KINDS, VALIDATION, Cases, load
from .classes import ClassFigures
from .figures import Figures, judge
from .metrics import Floats

BATCH = 32

Done = Callable[[int], None]
"""Called with the number of windows that a step has done."""


@dataclass(frozen=True)
class Speed:
    """Milliseconds a window in batches of `batch`, resampling included where the model wants another rate.

    `p50_ms` … `max_ms` are over the `batches` full batches; `device` names the threads, `processor` the machine.
    """

    device: str
    processor: str
    batch: int
    batches: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    max_ms: float | None


@dataclass(frozen=True)
class Report:
    """One model file, what it is and what it makes of a folder.

    `title` tells it from the others of a comparison. `windows` says how many there are of each kind. `classes` are the
    figures over an earlier system's classes, where they were asked for.
    """

    title: str
    file: str
    name: str
    version: str
    license: str
    size_bytes: int
    labels: int
    sample_rate: int
    window: int
    data: str
    windows: dict[str, int]
    speed: Speed
    figures: Figures
    classes: ClassFigures | None = None


def evaluate(files: Sequence[Path], folder: Path, split: str = VALIDATION, experiment: str = "") -> list[Report]:
    """A report for each model of `files` on the windows of `folder` (see `cases.load`), with a bar on a terminal.

    With the name of an `experiment` also by that one's rules and classes. Raises UsageError for a folder without
    windows or an unknown experiment, ContractError for a file that is not a model to be run.
    """
    if experiment:
        from ..corpus.datasets.experiments import experiment_of

        experiment_of(experiment)
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        cutting = progress.add_task("cutting windows", total=None)
        cases = load(folder, split)
        progress.remove_task(cutting)
        tasks = [progress.add_task(file.name, total=len(cases.audio)) for file in files]
        reports = [
            evaluate_one(title, file, cases, str(folder), lambda windows, task=task: progress.advance(task, windows))
            for title, file, task in zip(titles(files), files, tasks, strict=True)
        ]
        if not experiment:
            return reports
        task = progress.add_task(f"windows of {experiment}", total=None)
        return [
            replace(report, classes=by_classes(file, folder, split, experiment, lambda n: progress.advance(task, n)))
            for report, file in zip(reports, files, strict=True)
        ]


def by_classes(file: Path, folder: Path, split: str, experiment: str, done: Done) -> ClassFigures:
    """The figures of one model by the rules of an earlier system's experiment.

    Raises UsageError where there is no such experiment, or nothing to judge on.
    """
    from .experiment import figures

    tagger = Tagger(file, "auto")
    return figures(experiment, folder, split, lambda audio: scored(tagger, audio, done)[0])


def titles(files: Sequence[Path]) -> list[str]:
    """What to call each file: its name without the suffix, its whole path where two have the same name."""
    names = [file.stem for file in files]
    return [name if names.count(name) == 1 else str(file) for name, file in zip(names, files, strict=True)]


def evaluate_one(title: str, file: Path, cases: Cases, data: str, done: Done) -> Report:
    """The report of one model on windows that are already cut; `data` says where they are from."""
    tagger = Tagger(file, "auto")
    tagger.warm_up(BATCH)
    scores, speed = scored(tagger, cases.audio, done)
    return Report(
        title,
        file.name,
        tagger.name,
        tagger.version,
        tagger.meta.license,
        file.stat().st_size,
        len(tagger.labels),
        tagger.sample_rate,
        tagger.window,
        data,
        {kind: int(cases.rows(kind).sum()) for kind in KINDS},
        speed,
        judge(scores, thresholds_of(tagger), cases),
    )


def scored(tagger: Tagger, audio: npt.NDArray[np.int16], done: Done) -> tuple[Floats, Speed]:
    """Probabilities `[n, labels]` in the order of `MODEL_LABELS`, 0 for a label that the model lacks, and its speed."""
    columns, sources = _shared(tagger.labels)
    scores = np.zeros((len(audio), len(MODEL_LABELS)))
    each_ms: list[float] = []
    for start in range(0, len(audio), BATCH):
        batch = audio[start : start + BATCH].astype(np.float32) / np.float32(32768)
        begun = time.perf_counter()
        given = tagger.tag(fitted(batch, tagger.sample_rate, tagger.window))
        if len(batch) == BATCH:
            each_ms.append((time.perf_counter() - begun) * 1e3 / BATCH)
        scores[start : start + len(batch), columns] = given[:, sources]
        done(len(batch))
    return scores, _speed(tagger.device_name, each_ms)


def thresholds_of(tagger: Tagger) -> Floats:
    """The file's thresholds in the order of `MODEL_LABELS`; infinite for a label that it lacks."""
    columns, sources = _shared(tagger.labels)
    out = np.full(len(MODEL_LABELS), np.inf)
    out[columns] = np.array(tagger.thresholds)[sources]
    return out


def fitted(batch: npt.NDArray[np.float32], sample_rate: int, window: int) -> npt.NDArray[np.float32]:
    """Sound `[n, samples]` at 48 kHz as `[n, window]` at `sample_rate`: its end, after silence if it is too short."""
    if sample_rate != SAMPLE_RATE:
        batch = np.stack([soxr.resample(row, SAMPLE_RATE, sample_rate, quality="HQ") for row in batch])
    return np.pad(batch, ((0, 0), (max(0, window - batch.shape[1]), 0)))[:, -window:]


def _shared(labels: Sequence[str]) -> tuple[list[int], list[int]]:
    """Columns of ours that the model has, and its own columns of the same labels."""
    known = [label for label in labels if label in COLUMN]
    return [COLUMN[label] for label in known], [labels.index(label) for label in known]


def _speed(device: str, each_ms: list[float]) -> Speed:
    found = np.percentile(each_ms, (50, 95, 99, 100)).round(3).tolist() if each_ms else [None] * 4
    return Speed(device, processor(), BATCH, len(each_ms), *found)


def processor() -> str:
    """What this machine's processor calls itself."""
    if sys.platform == "linux":
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
            return next(names, platform.machine())
    return platform.processor() or platform.machine()
