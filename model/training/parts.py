"""Gives a model file a second head for the parts of the drum set; what the file said before stays bit by bit the same.

The head learns from windows of many kits (`part_windows`), is calibrated on groups of kits that its fit did not see,
and leaves the groups of `drum_kits.HELD_OUT` alone altogether, for `judging.parts`.
"""

import logging
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from .. import contract, torchscript
from ..corpus import decoded, drum_kits
from ..corpus.manifest import is_unstated
from ..errors import ConfigError, UsageError
from ..judging import calibrate
from ..judging.thresholds import thresholds
from ..labels import MODEL_LABELS, PART_LABELS
from ..nets import earmark
from ..nets.earmark import MobileNet
from ..nets.network import Network, channels_last
from ..nets.parts import PartsHead, TwoHeads, with_parts
from .part_windows import Amount, Examples, examples, fingerprint, seeing
from .pretrained import FEATURES, PARTS

log = logging.getLogger(__name__)

EPOCHS = 8
BATCH = 128
RATE = 2e-3
CHOICE_SHARE = 0.5
"""Weight of the loss that chooses one of the parts, beside that which judges each part alone."""
FOLDS = 5
LEAST_SPREAD = 0.05
VERSION = "2"


class Sound(NamedTuple):
    """Where sound comes from: unpacked `packages` (fetched where missing) and folders with a manifest.

    `cache` keeps decoded recordings, `work` the windows that the head sees.
    """

    packages: Path
    recordings: tuple[Path, ...]
    cache: Path
    work: Path


def make(model: Path, out: Path, sound: Sound, amount: Amount, seed: int) -> None:
    """Write the network of `model` with a head for parts to `out`; a head that it already has is replaced.

    Raises ConfigError where it is another network than ours or learned sound may not be passed on.
    """
    torch.set_num_threads(1)
    network, meta = read(model)
    taught = _taught(network, model, sound, amount, seed)
    scaling, passing = _calibrated(taught, seed)
    scale, bias = torch.from_numpy(scaling.scale), torch.from_numpy(scaling.bias)
    whole = channels_last(with_parts(network, fit(taught, seed), scale, bias))
    scripted, known = torchscript.script(whole), _meta(meta, passing)
    contract.check(scripted, known, str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    torchscript.save(scripted, out, known)
    log.info("wrote %s", out)


def read(model: Path) -> tuple[Network, dict[str, Any]]:
    """The network of a model file without a head for parts, and the file's meta data.

    Raises ConfigError where the file holds another network than ours, or other labels.
    """
    module, meta = torchscript.load(model)
    labels = len(MODEL_LABELS)
    state = {name: value for name, value in module.state_dict().items() if not name.startswith(FEATURES + PARTS)}
    state |= {name: state[name][:labels] for name in ("scale", "bias") if name in state}
    network = earmark.build("earmark", labels)
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise ConfigError(f"{model} is not our network: {str(error).splitlines()[-1].strip()}") from None
    if tuple(meta["labels"][:labels]) != MODEL_LABELS:
        raise ConfigError(f"{model} has other labels than ours")
    return channels_last(network).eval(), meta


def fit(taught: Examples, seed: int) -> PartsHead:
    """A head that has learned from all of `taught`; the same for the same seed.

    Each part is judged alone (so that none may be there), and windows of drums choose one part besides.
    """
    torch.manual_seed(seed)
    seen, part = torch.from_numpy(taught.seen).float(), torch.from_numpy(taught.part)
    head = PartsHead(seen.shape[1], len(PART_LABELS))
    head.centre.copy_(seen.mean(0))
    head.spread.copy_(seen.std(0) + LEAST_SPREAD)
    steps = EPOCHS * len(seen) // BATCH
    optimiser = torch.optim.AdamW(head.parameters(), RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps)
    head.train()
    for _ in range(steps):
        rows = torch.randint(len(seen), (BATCH,))
        optimiser.zero_grad()
        loss(head(seen[rows]), part[rows]).backward()
        optimiser.step()
        schedule.step()
    return head.eval()


def loss(logits: Tensor, part: Tensor) -> Tensor:
    """Of `logits` `[n, parts]` where `part` `[n]` is the right column, or negative where none is."""
    target = torch.zeros_like(logits)
    drums = part >= 0
    target[drums, part[drums]] = 1
    alone = nn.functional.binary_cross_entropy_with_logits(logits, target)
    if not drums.any():
        return alone
    return alone + CHOICE_SHARE * nn.functional.cross_entropy(logits[drums], part[drums])


def unheard(taught: Examples, seed: int) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Logits `[n, parts]` of heads that did not see the groups that they speak of."""
    numbers = np.unique(taught.group)
    turns = np.random.default_rng(seed).permutation(len(numbers)) % FOLDS
    turn = turns[np.searchsorted(numbers, taught.group)]
    logits = np.zeros((len(taught.seen), len(PART_LABELS)))
    for fold in np.unique(turn):
        others = turn != fold
        head = fit(Examples(taught.seen[others], taught.part[others], taught.group[others]), seed)
        logits[~others] = head(torch.from_numpy(taught.seen[~others]).float()).detach().numpy()
        log.info("fitted without fold %d", fold)
    return logits


def _calibrated(taught: Examples, seed: int) -> tuple[calibrate.Scaling, list[float]]:
    """How to scale the head's logits, and a threshold for each part."""
    target = np.eye(len(PART_LABELS) + 1)[taught.part][:, :-1]
    weight, groups = np.ones_like(target), np.stack([taught.group, taught.group], 1)
    logits = unheard(taught, seed)
    scaling = calibrate.fit(logits, target, weight, groups)
    right = logits.argmax(1) == taught.part
    log.info("right of kits left out: %.3f", right[taught.part >= 0].mean())
    return scaling, thresholds(scaling.probabilities(logits), target, weight, taught.part < 0)


def _taught(network: Network, model: Path, sound: Sound, amount: Amount, seed: int) -> Examples:
    corpus = _corpus(sound)
    kits = list(drum_kits.kits(sound.packages, sound.recordings))
    if not isinstance(network.features, MobileNet):
        raise ConfigError(f"{model} is not our network")
    heads = TwoHeads(network.features, PartsHead(1, len(PART_LABELS))).eval()
    name = fingerprint(network.features.state_dict())
    return examples(kits, corpus, seeing(network.front, heads), name, sound.work, amount, seed)


def _corpus(sound: Sound) -> decoded.Corpus:
    if not sound.recordings:
        raise UsageError("name at least one folder of recordings: without it the head never hears what is no drum")
    whole = decoded.join([decoded.load(folder, sound.cache) for folder in sound.recordings])
    kept = decoded.of_split(whole, ("", "train"))
    if unstated := sorted({clip.source for clip in kept.clips if is_unstated(clip.licence)}):
        raise ConfigError(f"the owners of {unstated[0]!r} state no licence: leave it out")
    return kept


def _meta(meta: dict[str, Any], passing: list[float]) -> dict[str, Any]:
    """Meta data of the file with the parts' thresholds `passing`, from those of the file without the parts."""
    labels = [*MODEL_LABELS, *PART_LABELS]
    every = [*meta["thresholds"][: len(MODEL_LABELS)], *passing]
    return meta | {"labels": labels, "thresholds": every, "version": VERSION, "torch": torch.__version__}
