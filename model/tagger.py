"""Runs a model file: windows of sound in, label probabilities out.

A network is fast only on batch sizes that it has met before (the first calls of each are 2 to 10 times slower), so any
number of windows is cut into a few warmed sizes.
"""

import json
import logging
import statistics
import time
from collections.abc import Sequence
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from . import contract, torchscript
from .errors import ContractError, EarmarkError, TaggerError, UsageError
from .tagger_cpu import CpuRunner
from .tagger_cuda import CudaRunner

SHIPPED = "earmark-1.ts"
SIZES = (64, 32, 16, 8, 4, 2, 1)
"""Batch sizes, largest first."""

FULL_ENOUGH = 0.75
"""A batch may be padded where at least this share of it is sound; else a smaller batch goes first."""

WARM_CALLS = 3
MEASURED_CALLS = 5
HOPS_MS = (100, 250, 500, 1000)
"""Hops that an error message may suggest."""

log = logging.getLogger(__name__)


class Runner(Protocol):
    """A model on one device."""

    @property
    def device_name(self) -> str:
        """For people."""
        ...

    def prepare(self, sizes: Sequence[int]) -> None:
        """Get ready for batches of these sizes, at least one."""
        ...

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """`[size, window]` to `[size, labels]`."""
        ...


class Tagger:
    """One model, ready to judge windows.

    `labels`, `sample_rate` (Hz), `window` (samples), `thresholds`, `name` and `version` are the file's own.
    `step_ms` holds the measured time of one call, for each batch size that was warmed up. Only one thread at a time may
    call `tag`.
    """

    def __init__(self, path: Path | None, compute: Literal["auto", "cpu", "cuda"]) -> None:
        """Load `path`; None is the model that ships with Earmark.

        Raises UsageError where the file or the GPU is missing, ContractError where the file is not a model to be run.
        """
        cuda = _use_cuda(compute)
        torch.set_num_threads(1)  # CpuRunner says why
        file = path or shipped_model()
        module, meta = _load(file)
        self.meta = contract.check(module, meta, str(file))
        self.labels = self.meta.labels
        self.sample_rate = self.meta.sample_rate
        self.window = self.meta.window
        self.thresholds = self.meta.thresholds
        self.name = self.meta.name
        self.version = self.meta.version
        self.step_ms: dict[int, float] = {}
        self._padded = np.zeros((SIZES[0], self.window), np.float32)
        runner = CudaRunner if cuda else CpuRunner
        self._runner: Runner = runner(module, self.window)

    @property
    def device_name(self) -> str:
        return self._runner.device_name

    def warm_up(self, inputs: int) -> None:
        """Make every batch size that up to `inputs` windows (at least 1) can need fast, and measure it.

        Nothing is left to do where all of them have been warmed before.
        """
        sizes = sorted({size for n in range(1, inputs + 1) for size in plan(n)})
        if self.step_ms.keys() >= set(sizes):
            return
        self._runner.prepare(sizes)
        for size in sizes:
            self._time(size, WARM_CALLS)
            self.step_ms[size] = statistics.median(self._time(size, MEASURED_CALLS))
        log.info("%s on %s: %s", self.name, self.device_name, self.step_ms)

    def tag(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities `[n, labels]` float32 in 0..1 of `windows` `[n, window]` float32 in [-1, 1]; n may be 0.

        Raises TaggerError where the model fails or gives something that is not a number.
        """
        if windows.ndim != 2 or windows.shape[1] != self.window:
            raise ValueError(f"windows must be [n, {self.window}], not {list(windows.shape)}")
        out = np.empty((len(windows), len(self.labels)), np.float32)
        start = 0
        for size in plan(len(windows)):
            stop = min(start + size, len(windows))
            out[start:stop] = self._run(windows[start:stop], size)
            start = stop
        if not np.isfinite(out).all():
            raise TaggerError(f"{self.name} gave a value that is not a number")
        return out

    def step_for(self, inputs: int) -> float:
        """Milliseconds that one step for `inputs` windows takes, as measured by `warm_up`."""
        return sum(self.step_ms[size] for size in plan(inputs))

    def require_real_time(self, inputs: int, hop_s: float) -> None:
        """Raise EarmarkError where one step for `inputs` windows takes longer than the hop."""
        step, hop_ms = self.step_for(inputs), hop_s * 1000
        if step <= hop_ms:
            return
        ways = ["fewer inputs", *(f"--hop-ms {longer}" for longer in HOPS_MS if longer > max(step, hop_ms))][:2]
        what = f"{inputs} input" if inputs == 1 else f"{inputs} inputs"
        raise EarmarkError(
            f"one step for {what} takes {step:.0f} ms, the hop is {hop_ms:.0f} ms: use {', '.join(ways)}, or a GPU"
        )

    def _run(self, windows: NDArray[np.float32], size: int) -> NDArray[np.float32]:
        batch = np.require(windows, np.float32, ("C", "W"))
        if len(windows) < size:
            batch = self._padded[:size]
            batch[: len(windows)] = windows
            batch[len(windows) :] = 0
        try:
            return self._runner.run(batch)[: len(windows)]
        except torchscript.FAILURES as error:
            raise TaggerError(f"{self.name} failed: {str(error).strip().splitlines()[-1]}") from error

    def _time(self, size: int, calls: int) -> list[float]:
        noise = np.random.default_rng(0).normal(0, 0.1, (size, self.window)).astype(np.float32)
        return [_milliseconds(partial(self._run, noise, size)) for _ in range(calls)]


def plan(windows: int) -> list[int]:
    """Batch sizes for `windows` windows, in order; only the last may hold padding. 70 gives [64, 8]."""
    sizes: list[int] = []
    while windows > 0:
        fitting = min((size for size in SIZES if size >= windows), default=SIZES[0])
        if windows < FULL_ENOUGH * fitting:
            fitting = max(size for size in SIZES if size <= windows)
        sizes.append(fitting)
        windows -= fitting
    return sizes


def shipped_model() -> Path:
    """Where the model that ships with Earmark lies."""
    return Path(str(resources.files(f"{__package__}.weights"))) / SHIPPED


def _milliseconds(call: "partial[NDArray[np.float32]]") -> float:
    start = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - start) / 1e6


def _use_cuda(compute: Literal["auto", "cpu", "cuda"]) -> bool:
    if compute == "cuda" and not torch.cuda.is_available():
        raise UsageError("this machine has no CUDA GPU that PyTorch can use: use --compute cpu")
    return compute != "cpu" and torch.cuda.is_available()


def _load(file: Path) -> tuple[torch.jit.ScriptModule, dict[str, object]]:
    if not file.is_file():
        way_out = "reinstall Earmark, or name one with --model" if file == shipped_model() else "check --model"
        raise UsageError(f"no model file {file}: {way_out}")
    try:
        return torchscript.load(file)
    except json.JSONDecodeError as error:
        raise ContractError(f"{file} breaks the model contract: meta.json is not JSON ({error})") from None
    except (RuntimeError, ValueError):
        raise ContractError(f"{file} is not a TorchScript file, or it is cut off: export it anew") from None
