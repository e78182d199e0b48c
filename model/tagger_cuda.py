"""A model on an NVIDIA GPU: page-locked host memory, one stream, one CUDA graph per batch size.

Everything stays in float32, and TF32 is off, so that probabilities are those of the CPU but for rounding.
"""

import logging
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from . import torchscript

WARM_CALLS = 5
"""Calls before a capture: TorchScript profiles and compiles in the first ones, and neither can be captured."""

log = logging.getLogger(__name__)


class CudaRunner:
    """Replays a captured graph per batch size. A model that cannot be captured is called kernel by kernel instead."""

    def __init__(self, module: torch.jit.ScriptModule, window: int) -> None:
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False
        self._module = torchscript.freeze(module.to("cuda"), [])
        self._window = window
        self._stream = torch.cuda.Stream()
        self._shapes: dict[int, _Shape] = {}

    @property
    def device_name(self) -> str:
        return torch.cuda.get_device_name()

    def prepare(self, sizes: Sequence[int]) -> None:
        for size in sizes:
            if size not in self._shapes:
                self._shapes[size] = _Shape(self._module, size, self._window, self._stream)

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """`[size, window]` to `[size, labels]`, for a size that was prepared or not."""
        self.prepare([len(batch)])
        return self._shapes[len(batch)].run(batch)


class _Shape:
    """The buffers and the graph of one batch size."""

    def __init__(self, module: torch.jit.ScriptModule, size: int, window: int, stream: torch.cuda.Stream) -> None:
        self._module = module
        self._stream = stream
        self._host = torch.zeros(size, window).pin_memory()
        with torch.inference_mode(), torch.cuda.stream(stream):
            self._input = self._host.to("cuda")
            for _ in range(WARM_CALLS):
                self._output: Tensor = module(self._input)
            stream.synchronize()
            self._graph = self._captured()
        self._result = torch.empty(self._output.shape).pin_memory()

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        self._host.numpy()[:] = batch
        with torch.inference_mode(), torch.cuda.stream(self._stream):
            self._input.copy_(self._host, non_blocking=True)
            if self._graph is None:
                self._output = self._module(self._input)
            else:
                self._graph.replay()
            self._result.copy_(self._output, non_blocking=True)
            self._stream.synchronize()
        return self._result.numpy().copy()

    def _captured(self) -> torch.cuda.CUDAGraph | None:
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph, stream=self._stream):
                self._output = self._module(self._input)
        except RuntimeError as error:
            log.warning("the model runs without a CUDA graph: %s", str(error).strip().splitlines()[-1])
            return None
        return graph
