"""Trains a network on mixed windows; a run can be stopped at any time and resumed from its last checkpoint."""

import csv
import logging
from collections.abc import Iterator
from pathlib import Path

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ..augment.impulses import FOLDER, Impulses, read_impulses
from ..augment.mixer import Mixer
from ..corpus import decoded
from ..corpus.manifest import is_unstated
from ..errors import ConfigError
from ..labels import MODEL_LABELS
from ..nets import catalogue
from ..nets.network import Network, channels_last
from . import pretrained
from .checkpoint import Progress as Learner
from .config import RunConfig
from .step import Step

log = logging.getLogger(__name__)

LOG_FILE = "log.csv"
SAVE_EVERY = 500
REPORT_EVERY = 50
SAMPLED = 512
"""Windows by which it is seen how often each label comes."""

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


def device_of(config: RunConfig) -> torch.device:
    """Where the run learns.

    Raises ConfigError where CUDA is asked for and there is none.
    """
    if config.device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device: there is no CUDA device here; use auto or cpu")
    return torch.device("cpu" if config.device == "cpu" or not torch.cuda.is_available() else "cuda")


def load_corpus(config: RunConfig) -> decoded.Corpus:
    """All recordings of the run.

    Clips that a manifest sets aside for validation or test are left out. Raises ConfigError where there are none, and
    where weights that may be passed on would learn from sound whose owners state no licence.
    """
    if not config.corpora:
        raise ConfigError("corpora: name at least one folder with a manifest.csv")
    whole = decoded.join([decoded.load(folder, config.cache) for folder in config.corpora])
    kept = decoded.of_split(whole, ("", "train"))
    unstated = sorted({clip.source for clip in kept.clips if is_unstated(clip.licence)})
    if unstated and not config.teacher:
        raise ConfigError(
            f"the owners of {unstated[0]!r} state no licence: leave it out, or set teacher = true for weights "
            "that only teach others and are never passed on"
        )
    return decoded.without_non_commercial(kept) if config.licences == "no-nc" else kept


def load_impulses(config: RunConfig) -> Impulses:
    """Recorded rooms, microphones and cabinets of all the run's corpora."""
    return sum((read_impulses(folder / FOLDER) for folder in config.corpora), start=Impulses())


def starting_network(config: RunConfig) -> Network:
    """The run's network with the weights that the run starts from."""
    torch.manual_seed(config.seed)
    network = catalogue.build(config.net, len(MODEL_LABELS))
    pretrained.fill(network, config.net, config.start)
    return channels_last(network)


def frequency(mixer: Mixer) -> Tensor:
    """Share of windows `[labels]` in which each label sounds, from a sample of the mixer's windows."""
    return torch.from_numpy(mixer.batch(0, SAMPLED).target).mean(0)


def train(config: RunConfig) -> Path:
    """Run or resume the config; returns the path of its checkpoint, which is written every `SAVE_EVERY` steps.

    Beside it `log.csv` gets a row every `REPORT_EVERY` steps. Sums run in bfloat16 on CUDA and in float32 on a CPU.
    """
    torch.set_num_threads(config.threads)
    device, steps = device_of(config), config.windows // config.batch
    config.out.mkdir(parents=True, exist_ok=True)
    learner = Learner(starting_network(config).to(device), config, steps)
    mixer = Mixer(load_corpus(config), config.seed, config.mix, load_impulses(config))
    step = Step(config, learner.network, frequency(mixer), device)
    with _bar() as bar, torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        task = bar.add_task("training", total=steps, completed=learner.done, loss=0.0, speed=0.0)
        total = 0.0
        for batch in _batches(mixer, learner.done, steps, config):
            loss = step(learner.done, *(part.to(device, non_blocking=True) for part in batch))
            learner.learn(loss)
            total += float(loss.detach())
            bar.advance(task)
            if learner.done % REPORT_EVERY == 0:
                speed = (bar.tasks[task].speed or 0.0) * config.batch
                bar.update(task, loss=total / REPORT_EVERY, speed=speed)
                _write_row(config.out / LOG_FILE, learner.done, total / REPORT_EVERY, speed)
                total = 0.0
            if learner.done % SAVE_EVERY == 0 or learner.done == steps:
                learner.save()
    return learner.path


def _bar() -> Progress:
    loss, speed = TextColumn("loss {task.fields[loss]:.3f}"), TextColumn("{task.fields[speed]:.0f} windows/s")
    return Progress(BarColumn(), MofNCompleteColumn(), loss, speed, TimeRemainingColumn())


def _write_row(path: Path, step: int, loss: float, windows_per_s: float) -> None:
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(["step", "loss", "windows_per_s"])
        writer.writerow([step, f"{loss:.4f}", f"{windows_per_s:.0f}"])


def _batches(mixer: Mixer, first: int, steps: int, config: RunConfig) -> Iterator[Tensors]:
    ahead = 6 if config.workers else None
    windows = Windows(mixer, steps, config.batch)
    order = range(first, steps)
    yield from DataLoader(windows, batch_size=None, sampler=order, num_workers=config.workers, prefetch_factor=ahead)
