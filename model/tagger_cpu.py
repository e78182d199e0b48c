"""A model on the CPU."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from numpy.typing import NDArray

from . import torchscript

WORKERS = (1, 2, 4)
"""Numbers of workers that are tried. More than 4 gain little, and take cores from the sound card and the DAW."""

LEAST_TO_SPLIT = 8
"""Windows below which a batch is not worth dividing."""

WARM_CALLS = 3
TIMED_CALLS = 3


class CpuRunner:
    """Divides a batch among as many workers as were fastest on this machine.

    PyTorch's own threads wait for each other after every layer, by spinning: on a machine that is busy with other work
    one step then takes seconds. Workers with a part of the batch each wait once a step; TorchScript lets them run side
    by side, since it gives up Python's lock.
    """

    def __init__(self, module: torch.jit.ScriptModule, window: int) -> None:
        self._module = torchscript.freeze(module, [])
        self._window = window
        self._workers = 1
        self._pool = ThreadPoolExecutor(WORKERS[-1] - 1, "earmark-tagger")

    @property
    def device_name(self) -> str:
        return "CPU, 1 thread" if self._workers == 1 else f"CPU, {self._workers} threads"

    def prepare(self, sizes: Sequence[int]) -> None:
        """Choose the number of workers on the largest of `sizes`."""
        batch = np.random.default_rng(0).normal(0, 0.1, (max(sizes), self._window)).astype(np.float32)
        best_ns: dict[int, int] = {}
        for self._workers in WORKERS:
            if self._workers == 1 or (self._workers <= (os.cpu_count() or 1) and len(batch) >= LEAST_TO_SPLIT):
                times = [self._timed(batch) for _ in range(WARM_CALLS + TIMED_CALLS)]
                best_ns[self._workers] = min(times[WARM_CALLS:])
        self._workers = min(best_ns, key=best_ns.__getitem__)

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """`[size, window]` to `[size, labels]`."""
        if self._workers == 1 or len(batch) < LEAST_TO_SPLIT:
            return self._part(batch)
        mine, *others = np.array_split(batch, self._workers)
        running = [self._pool.submit(self._part, part) for part in others]
        return np.concatenate([self._part(mine), *(part.result() for part in running)])

    def _part(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            return self._module(torch.from_numpy(batch)).numpy()

    def _timed(self, batch: NDArray[np.float32]) -> int:
        start = time.perf_counter_ns()
        self.run(batch)
        return time.perf_counter_ns() - start
