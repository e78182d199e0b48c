"""The model contract: what a TorchScript file must keep so that Earmark can run it.

`forward` takes sound `[batch, window]` float32 in [-1, 1], mono, at `sample_rate`, with any batch size, and returns
`[batch, labels]` float32: the probability of each label, in 0..1, whatever else is in the batch. A file may also export
`mel` and `body` with `forward(x) = body(mel(x))`.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from torch import Tensor

from .errors import ContractError
from .labels import BY_ID, UNCERTAIN
from .torchscript import FAILURES

BATCH = 3
ROW_TOLERANCE = 1e-3
"""How much a row's probability may differ between a batch of its own and one with others."""

NOISE_LEVEL = 0.1
NOISE_SEED = 20
DEVICE_CONSTANT = re.compile(r'Device = prim::Constant\[value="([^"]+)"')

Probability = Annotated[float, Field(ge=0, le=1)]


class Meta(BaseModel):
    """What the file says of itself: its extra file `meta.json`. Keys that are not listed here are left alone.

    `labels` are ids of the one table of labels, in the order of the output. `window` is in samples, `sample_rate` in
    Hz. `thresholds` has one probability per label. `frame_size` and `frame_hop` are in samples, for files with `mel`.
    """

    model_config = ConfigDict(frozen=True)

    labels: Annotated[tuple[str, ...], Field(min_length=1)]
    sample_rate: Annotated[int, Field(ge=8_000, le=192_000)]
    window: Annotated[int, Field(ge=1, le=1_920_000)]
    thresholds: tuple[Probability, ...]
    name: Annotated[str, Field(min_length=1)]
    version: str
    license: str
    torch: str
    frame_hop: Annotated[int, Field(ge=1)] | None = None
    frame_size: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _agree(self) -> "Meta":
        for label in self.labels:
            if label not in BY_ID or label == UNCERTAIN:
                raise ValueError(f"labels: '{label}' is not in the table of labels")
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("labels: each must stand there once")
        if len(self.thresholds) != len(self.labels):
            raise ValueError(f"thresholds: {len(self.thresholds)} for {len(self.labels)} labels")
        return self


def splits(module: torch.jit.ScriptModule) -> bool:
    """Whether the file exports its front end and its network one by one, as `mel` and `body`."""
    return hasattr(module, "mel") and hasattr(module, "body")


def check(module: torch.jit.ScriptModule, meta: Mapping[str, Any], file: str) -> Meta:
    """The file's meta data, once every rule of the contract has been tried.

    `module` is on the CPU, in eval mode; `file` is its name, for the message. Raises ContractError with the first rule
    that is broken.
    """
    try:
        known = _meta(meta)
        _check_module(module)
        _check_output(module, known)
    except ContractError as broken:
        raise ContractError(f"{file} breaks the model contract: {broken}") from None
    return known


def _meta(meta: Mapping[str, Any]) -> Meta:
    if not meta:
        raise ContractError("it has no meta.json")
    try:
        return Meta.model_validate(meta)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        text = first["msg"].removeprefix("Value error, ")
        raise ContractError(f"meta.json: {place}: {text}" if place else f"meta.json: {text}") from None


def _check_module(module: torch.jit.ScriptModule) -> None:
    if not [*module.parameters(), *module.buffers()]:
        raise ContractError("it must not be frozen (it has no parameters left)")
    if constant := DEVICE_CONSTANT.search(str(module.inlined_graph)):
        raise ContractError(f"the graph must not name a device (it names '{constant[1]}')")


def _check_output(module: torch.jit.ScriptModule, meta: Meta) -> None:
    generator = torch.Generator().manual_seed(NOISE_SEED)
    noise = NOISE_LEVEL * torch.randn(BATCH, meta.window, generator=generator)
    _run(module, torch.zeros(1, meta.window), meta, "one window of zeros")
    _run(module, torch.zeros(BATCH, meta.window), meta, f"{BATCH} windows of zeros")
    alone = torch.cat([_run(module, row[None], meta, "one window of noise") for row in noise])
    together = _run(module, noise, meta, f"{BATCH} windows of noise")
    if not torch.allclose(alone, together, rtol=0, atol=ROW_TOLERANCE):
        raise ContractError(f"a window must give the same alone and in a batch, within {ROW_TOLERANCE}")
    if splits(module) and not torch.allclose(_split(module, noise), together, rtol=0, atol=ROW_TOLERANCE):
        raise ContractError(f"body(mel(audio)) must give the same as forward(audio), within {ROW_TOLERANCE}")


def _split(module: torch.jit.ScriptModule, audio: Tensor) -> Tensor:
    try:
        with torch.inference_mode():
            return module.body(module.mel(audio))
    except FAILURES as error:
        raise ContractError(f"body(mel(audio)) fails: {_reason(error)}") from None


def _run(module: torch.jit.ScriptModule, audio: Tensor, meta: Meta, what: str) -> Tensor:
    try:
        with torch.inference_mode():
            out: object = module(audio)
    except FAILURES as error:
        raise ContractError(f"forward fails on {what}: {_reason(error)}") from None
    wanted = (len(audio), len(meta.labels))
    if not isinstance(out, Tensor) or out.dtype != torch.float32:
        raise ContractError("forward must return one float32 tensor")
    if tuple(out.shape) != wanted:
        raise ContractError(f"forward on {what} must return the shape {list(wanted)}, it returns {list(out.shape)}")
    if not torch.isfinite(out).all():
        raise ContractError(f"forward on {what} must be finite")
    if out.min() < 0 or out.max() > 1:
        raise ContractError(f"forward on {what} must be in 0..1, it reaches {out.min():.3g}..{out.max():.3g}")
    return out


def _reason(error: Exception) -> str:
    """The last line of a TorchScript traceback: the one that says what went wrong."""
    lines = str(error).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__
