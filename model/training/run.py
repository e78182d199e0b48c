"""Fine-tunes a network on mixed windows; a run can be stopped at any time and resumed from its last checkpoint."""

import logging
import math
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from ..augment.mixer import Mixer
from ..corpus import decoded as corpora
from ..labels import MODEL_LABELS
from ..nets import mn
from ..nets.mel import LogMel
from .losses import group_members, tagging_loss
from .pretrained import class_names, load_into

log = logging.getLogger(__name__)

CHECKPOINT = "last.pt"
WEIGHT_DECAY = 1e-2
HEAD_RATE = 3.0
WARM_UP = 0.03
"""Share of the run over which the learning rate rises."""
FINAL_RATE = 0.01
"""The cosine ends at this share of the learning rate."""
EMA_DECAY = 0.998
CLIP_NORM = 5.0
SAVE_EVERY = 500
REPORT_EVERY = 50


@dataclass(frozen=True)
class Plan:
    """What one run is: where it reads and writes, and its numbers.

    `start` is an earlier run's checkpoint to begin from instead of AudioSet's. `workers` processes mix the windows; 0
    mixes them between the steps.
    """

    corpora: tuple[Path, ...]
    cache: Path
    out: Path
    audioset: Path
    audioset_names: Path
    start: Path | None = None
    network: str = "mn04"
    windows: int = 200_000
    batch: int = 32
    rate: float = 1e-3
    seed: int = 1
    without_nc: bool = False
    workers: int = 1


Tensors = tuple[Tensor, Tensor, Tensor, Tensor]


class Windows(Dataset[Tensors]):
    """Batch number `step` of a mixer as tensors: audio, target, weight, any_of."""

    def __init__(self, mixer: Mixer, steps: int, size: int) -> None:
        self.mixer, self.steps, self.size = mixer, steps, size

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> Tensors:
        batch = self.mixer.batch(step, self.size)
        return (
            torch.from_numpy(batch.audio),
            torch.from_numpy(batch.target),
            torch.from_numpy(batch.weight),
            torch.from_numpy(batch.any_of),
        )


def copied(network: nn.Module) -> dict[str, Tensor]:
    """The network's weights and statistics as they are now."""
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


class Average:
    """Exponential moving average of a network's weights and batch statistics, quick at first."""

    def __init__(self, network: nn.Module) -> None:
        self.state = copied(network)

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Move towards `network` after optimiser step `step` (from 0)."""
        share = 1 - min(EMA_DECAY, (1 + step) / (10 + step))
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[name].lerp_(value, share)
            else:
                self.state[name].copy_(value)


def rate_at(step: int, steps: int) -> float:
    """Factor of the learning rate at `step`: a linear rise, then half a cosine."""
    rise = max(1, int(WARM_UP * steps))
    if step < rise:
        return (step + 1) / rise
    done = (step - rise) / max(1, steps - rise)
    return FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + math.cos(math.pi * done))


def optimiser_for(network: mn.MobileNet, rate: float) -> torch.optim.AdamW:
    """AdamW with the head at `HEAD_RATE` times the rate and no decay on biases and norms."""
    head = set(network.classifier.parameters())
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for parameter in network.parameters():
        decay = WEIGHT_DECAY if parameter.ndim > 1 else 0.0
        groups.setdefault((rate * (HEAD_RATE if parameter in head else 1.0), decay), []).append(parameter)
    return torch.optim.AdamW([{"params": p, "lr": lr, "weight_decay": decay} for (lr, decay), p in groups.items()])


def load_corpus(plan: Plan) -> corpora.Corpus:
    """All recordings of the plan."""
    parts = [corpora.load(folder, plan.cache) for folder in plan.corpora]
    whole = corpora.join(parts)
    return corpora.without_non_commercial(whole) if plan.without_nc else whole


def starting_network(plan: Plan) -> mn.MobileNet:
    """The plan's network with the weights that the run starts from."""
    network = mn.build(plan.network, len(MODEL_LABELS))
    if plan.start:
        network.load_state_dict(torch.load(plan.start, map_location="cpu", weights_only=True)["average"])
    else:
        load_into(network, plan.audioset, class_names(plan.audioset_names), MODEL_LABELS)
    return channels_last(network)


def channels_last(network: mn.MobileNet) -> mn.MobileNet:
    """The same network with its filters laid out channels last, in which convolutions run half as fast again."""
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return network


class Progress:
    """All that changes while a run goes on, and its checkpoint."""

    def __init__(self, plan: Plan, steps: int) -> None:
        self.plan = plan
        self.path = plan.out / CHECKPOINT
        self.network = starting_network(plan).train()
        self.start = copied(self.network)
        self.average = Average(self.network)
        self.optimiser = optimiser_for(self.network, plan.rate)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, lambda step: rate_at(step, steps))
        self.done = 0
        if self.path.exists():
            self._resume()

    def learn(self, loss: Tensor) -> None:
        """One step of the optimiser down the gradient of `loss`."""
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP_NORM)
        self.optimiser.step()
        self.schedule.step()
        self.average.update(self.network, self.done)
        self.done += 1

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        state = {
            "step": self.done,
            "start": self.start,
            "network": self.network.state_dict(),
            "average": self.average.state,
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "plan": {name: str(value) for name, value in asdict(self.plan).items()},
        }
        part = self.path.with_name(self.path.name + ".part")
        torch.save(state, part)
        os.replace(part, self.path)

    def _resume(self) -> None:
        state = torch.load(self.path, map_location="cpu", weights_only=True)
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.average.state = state["average"]
        self.done = int(state["step"])
        log.info("resumed at step %d", self.done)


def train(plan: Plan) -> Path:
    """Run or resume the plan; returns the path of its checkpoint, which is written every `SAVE_EVERY` steps."""
    torch.manual_seed(plan.seed)
    plan.out.mkdir(parents=True, exist_ok=True)
    steps = plan.windows // plan.batch
    mixer = Mixer(load_corpus(plan), plan.seed)
    progress = Progress(plan, steps)
    front, members = LogMel(), group_members()
    first, started, total = progress.done, time.monotonic(), 0.0
    for audio, target, weight, any_of in _batches(mixer, first, steps, plan):
        with torch.no_grad():
            mel = front(audio)
        loss = tagging_loss(progress.network(mel), target, weight, any_of, members)
        progress.learn(loss)
        total += float(loss.detach())
        if progress.done % REPORT_EVERY == 0:
            speed = (progress.done - first) * plan.batch / (time.monotonic() - started)
            log.info("step %d of %d: loss %.3f, %.0f windows/s", progress.done, steps, total / REPORT_EVERY, speed)
            total = 0.0
        if progress.done % SAVE_EVERY == 0 or progress.done == steps:
            progress.save()
    return progress.path


def _batches(mixer: Mixer, first: int, steps: int, plan: Plan) -> Iterator[Tensors]:
    ahead = 6 if plan.workers else None
    windows = Windows(mixer, steps, plan.batch)
    order = range(first, steps)
    yield from DataLoader(windows, batch_size=None, sampler=order, num_workers=plan.workers, prefetch_factor=ahead)
