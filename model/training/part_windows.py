"""What a head for parts of the drum set learns from: maps of close microphones' windows, and of all that is no drum.

A network's maps of a window never change while a head on them learns, so they are made once and kept in a folder:
making them goes on where it stopped.
"""

import hashlib
import json
import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from ..augment.acoustics import Audio, db
from ..augment.mixer import Mixer
from ..augment.settings import MixSettings
from ..corpus.close_drums import TAUGHT, CloseDrums
from ..corpus.decoded import MIXTURE, Clip, Corpus
from ..corpus.drum_kits import DRUM_SET, DrumKit, part_of
from ..errors import UsageError
from ..labels import PART_LABELS
from ..nets.parts import TwoHeads

log = logging.getLogger(__name__)

NOTE = "windows.json"
BATCH = 16
OTHERS_A_FILE = 500
NO_PART = -1
OTHERS = MixSettings(counts=(0.08, 0.72, 0.2))
"""Windows without drums: none, one or two sounds."""
BLEED_SHARE = 0.4
BLEED_DB = (-36.0, -8.0)
"""Drums that come through to other players' microphones, and their level there."""

Seen = npt.NDArray[np.float16]
Windows = Iterator[Audio]
See = Callable[[Audio], Seen]
"""Windows `[n, 48000]` to what a head sees of them, `[n, inputs]`."""


class Examples(NamedTuple):
    """`seen` `[n, inputs]`; `part` `[n]` a column of `PART_LABELS`, or `NO_PART`; `group` `[n]` what may not part."""

    seen: Seen
    part: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]


class Amount(NamedTuple):
    """Windows of each part of each group of kits, and windows without drums (in files of `OTHERS_A_FILE`)."""

    of_part: int = 160
    of_others: int = 5_000


def seeing(front: torch.nn.Module, heads: TwoHeads) -> See:
    """What a head sees of windows, by the network that it sits on."""

    @torch.inference_mode()
    def see(audio: Audio) -> Seen:
        return heads.pooled(front(torch.from_numpy(audio)))[1].numpy().astype(np.float16)

    return see


def examples(
    kits: Sequence[DrumKit], corpus: Corpus, see: See, network: str, folder: Path, amount: Amount, seed: int
) -> Examples:
    """Windows of the kits that may be learned from, and of the corpus without its drums; made unless in `folder`.

    `network` tells networks apart: windows that another one saw, or of another seed or amount, are refused with
    UsageError.
    """
    _check(folder, {"network": network, "seed": seed, **amount._asdict()})
    learned = [kit for kit in kits if not kit.held_out]
    drums = CloseDrums(learned, seed)
    found: list[tuple[Seen, int]] = []
    groups: list[int] = []
    for number, group in enumerate(sorted({kit.group for kit in learned})):
        own = [kit for kit in learned if kit.group == group]
        for column, part in enumerate(PART_LABELS):
            having = [kit for kit in own if part in kit.voices]
            if having:
                name = f"{group}-{part}"
                windows = _close(drums, having, part, amount.of_part, _random(seed, name))
                found.append((_kept(folder / f"{name}.npy", windows, see), column))
                groups.append(number)
    mixer = Mixer(without_drums(corpus), seed, OTHERS)
    for number in range(-(-amount.of_others // OTHERS_A_FILE)):
        windows = _others(mixer, drums, OTHERS_A_FILE, _random(seed, f"others {number}"))
        found.append((_kept(folder / f"others-{number}.npy", windows, see), NO_PART))
        groups.append(len(learned) + number)
    sizes = [len(seen) for seen, _ in found]
    parts = np.repeat([part for _, part in found], sizes)
    return Examples(np.concatenate([seen for seen, _ in found]), parts, np.repeat(groups, sizes))


def fingerprint(state: dict[str, torch.Tensor]) -> str:
    """A short name of these weights."""
    whole = hashlib.sha256()
    for name in sorted(state):
        whole.update(state[name].contiguous().numpy().tobytes())
    return whole.hexdigest()[:12]


def without_drums(corpus: Corpus) -> Corpus:
    """The corpus without drum sets, single drums and mixtures, in which there may be some."""
    return replace(corpus, clips=tuple(clip for clip in corpus.clips if not _may_hold_drums(clip)))


def _may_hold_drums(clip: Clip) -> bool:
    by_name = clip.label == "auxiliary_percussion" and part_of(Path(clip.path).name) is not None
    return clip.label in (DRUM_SET, MIXTURE) or by_name


def _close(drums: CloseDrums, kits: Sequence[DrumKit], part: str, count: int, random: np.random.Generator) -> Windows:
    for _ in range(count):
        yield drums.window(kits[int(random.integers(len(kits)))], part, TAUGHT, random)


def _others(mixer: Mixer, drums: CloseDrums, count: int, random: np.random.Generator) -> Windows:
    for _ in range(count):
        audio = mixer.window(random)[0]
        level = np.float32(np.sqrt(np.square(audio).mean()))
        if random.random() < BLEED_SHARE and level > 0:
            audio += drums.bleed(random) * level * db(random.uniform(*BLEED_DB))
        yield np.clip(audio, -1, 1).astype(np.float32)


def _kept(path: Path, windows: Windows, see: See) -> Seen:
    if not path.exists():
        every = list(windows)
        seen = np.concatenate([see(np.stack(every[at : at + BATCH])) for at in range(0, len(every), BATCH)])
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, seen)
        part.replace(path)
        log.info("made %s: %d windows", path.stem, len(seen))
    return np.load(path)


def _check(folder: Path, wanted: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / NOTE
    if note.exists() and json.loads(note.read_text()) != wanted:
        raise UsageError(f"{folder} holds windows of another network, seed or amount; give another folder")
    note.write_text(json.dumps(wanted) + "\n")


def _random(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng((seed, zlib.crc32(name.encode())))
