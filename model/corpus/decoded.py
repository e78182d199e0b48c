"""Recordings to learn from: a manifest, decoded once into one file that is mapped into memory.

A corpus is a folder with `manifest.csv` (path, label, kind, source, licence, dur_s, player) and the audio it names. A
row may also have `group` and `split`, and where it is a stretch of its file `start_s`; a row whose label is `mix` says
in `present` and `absent` what is known of it (ids with ";" between them; absent `*`: all that are not present).
`load` decodes it once into a cache: all clips end to end as int16 at 48 kHz, each starting on a multiple of `FRAME`
samples, with the level of every frame beside them. Training then reads windows from the mapped file.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from .manifest import MANIFEST, is_non_commercial, read_manifest

log = logging.getLogger(__name__)

SAMPLE_RATE = 48_000
FRAME = 4_800
"""Samples of one level frame: 0.1 s."""
SILENCE_DBFS = -120.0

MIXTURE = "mix"
"""Label of a clip that `Clip.present` and `Clip.absent` describe."""
ALL_OTHERS = "*"
"""In `Clip.absent`: whatever is not present is absent."""

PLAYING = frozenset({"phrase", "stem", "loop", "note/phrase", "neg", "rendered", "mix"})
"""Kinds whose clips are continuous sound; all others are single notes and hits."""


@dataclass(frozen=True)
class Clip:
    """One recording of the corpus and where its samples lie in the mapped file.

    `player` falls back to the source where the manifest names none: clips of one player sound alike. `split` is ""
    where the manifest names none. `present` and `absent` are labels known to sound and not to sound, where `label` is
    `MIXTURE`.
    """

    path: str
    label: str
    kind: str
    source: str
    licence: str
    player: str
    start: int
    length: int
    split: str = ""
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def playing(self) -> bool:
        """True for continuous playing, False for a single note or hit."""
        return self.kind in PLAYING

    @property
    def minutes(self) -> float:
        """Length in minutes."""
        return self.length / SAMPLE_RATE / 60


@dataclass(frozen=True)
class Corpus:
    """Clips and their sound: `samples` int16 at 48 kHz, `levels_dbfs` float32, one value for every `FRAME` samples."""

    clips: tuple[Clip, ...]
    samples: npt.NDArray[np.int16]
    levels_dbfs: npt.NDArray[np.float32]

    def levels(self, clip: Clip) -> npt.NDArray[np.float32]:
        """Levels in dBFS of the clip's frames, the last part-frame included."""
        first = clip.start // FRAME
        return self.levels_dbfs[first : first + -(-clip.length // FRAME)]


def decode(path: Path, start_s: float = 0.0, dur_s: float | None = None) -> npt.NDArray[np.int16]:
    """Samples of a sound file, or of `dur_s` seconds of it from `start_s`, as mono int16 at 48 kHz."""
    with soundfile.SoundFile(path) as file:
        rate = file.samplerate
        if start_s:
            file.seek(min(round(start_s * rate), file.frames))
        audio = file.read(-1 if dur_s is None else round(dur_s * rate), dtype="float32", always_2d=True)
    mono = np.asarray(audio, np.float32).mean(1)
    if rate != SAMPLE_RATE:
        mono = np.asarray(soxr.resample(mono, rate, SAMPLE_RATE, quality="HQ"), np.float32)
    return np.clip(np.round(mono * 32767), -32768, 32767).astype(np.int16)


def frame_levels(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """RMS level in dBFS of each `FRAME` samples; the number of samples is a multiple of `FRAME`."""
    frames = samples.reshape(-1, FRAME).astype(np.float32) / 32768
    power = np.square(frames).mean(1)
    return (10 * np.log10(power + 10 ** (SILENCE_DBFS / 10))).astype(np.float32)


def load(folder: Path, cache: Path) -> Corpus:
    """The corpus in `folder`, decoded into `cache` on the first call (a few minutes for eight hours of sound)."""
    key = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()[:16]
    index = cache / f"{key}.json"
    if not index.exists():
        _build(folder, cache, key)
    clips = tuple(_clip(row) for row in json.loads(index.read_text()))
    samples = np.memmap(cache / f"{key}.i16", np.int16, "r")
    return Corpus(clips, samples, np.load(cache / f"{key}.levels.npy"))


def join(corpora: list[Corpus]) -> Corpus:
    """One corpus of several. Samples are copied into memory when there is more than one."""
    if len(corpora) == 1:
        return corpora[0]
    clips: list[Clip] = []
    offset = 0
    for corpus in corpora:
        clips += [replace(clip, start=clip.start + offset) for clip in corpus.clips]
        offset += len(corpus.samples)
    samples = np.concatenate([corpus.samples for corpus in corpora])
    return Corpus(tuple(clips), samples, np.concatenate([corpus.levels_dbfs for corpus in corpora]))


def of_split(corpus: Corpus, splits: tuple[str, ...]) -> Corpus:
    """The same corpus with the clips of these `splits` only; "" is that of clips whose manifest names none."""
    kept = tuple(clip for clip in corpus.clips if clip.split in splits)
    return Corpus(kept, corpus.samples, corpus.levels_dbfs)


def without_non_commercial(corpus: Corpus) -> Corpus:
    """The same corpus without the clips whose licence forbids commercial use."""
    kept = tuple(clip for clip in corpus.clips if not is_non_commercial(clip.licence))
    return Corpus(kept, corpus.samples, corpus.levels_dbfs)


def _build(folder: Path, cache: Path, key: str) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    rows, clips, levels, start = read_manifest(folder), list[Clip](), list[npt.NDArray[np.float32]](), 0
    part = cache / f"{key}.i16.part"
    with part.open("wb") as file:
        for row, samples in _decoded(folder, rows):
            padded = np.pad(samples, (0, -len(samples) % FRAME))
            player = row["player"] or row["source"]
            known: dict[str, Any] = {name: row[name] for name in ("path", "label", "kind", "source", "licence")}
            known |= {name: _labels(row.get(name, "")) for name in ("present", "absent")}
            known["split"] = row.get("split", "")
            clips.append(Clip(**known, player=player, start=start, length=len(samples)))
            levels.append(frame_levels(padded))
            file.write(padded.tobytes())
            start += len(padded)
    np.save(cache / f"{key}.levels.npy", np.concatenate(levels))
    os.replace(part, cache / f"{key}.i16")
    temporary = cache / f"{key}.json.part"
    temporary.write_text(json.dumps([asdict(clip) for clip in clips]))
    os.replace(temporary, cache / f"{key}.json")
    log.info("decoded %d clips, %.1f h", len(clips), start / SAMPLE_RATE / 3600)


def _decoded(folder: Path, rows: list[dict[str, str]]) -> Iterator[tuple[dict[str, str], npt.NDArray[np.int16]]]:
    for row in rows:
        cut = (float(row["start_s"]), float(row["dur_s"])) if row.get("start_s") else ()
        samples = decode(folder / row["path"], *cut)
        if len(samples):
            yield row, samples


def _labels(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _clip(row: dict[str, Any]) -> Clip:
    """A clip of the cache, where JSON has made lists of its tuples."""
    lists: dict[str, Any] = {name: tuple(row.get(name, ())) for name in ("present", "absent")}
    known: dict[str, Any] = row | lists
    return Clip(**known)
