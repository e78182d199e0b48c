"""How well a model file names the parts of drum sets that nothing learned from, and how seldom it hears them elsewhere.

Judged are windows of close microphones as the live chain cuts them: the hit anywhere in the second, down to one that
has only just begun, alone or under the rest of the kit; and windows of single instruments and voices that are no drum.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..corpus.close_drums import CloseDrums, as_recorded
from ..corpus.drum_kits import DrumKit
from ..corpus.targets import COLUMN
from ..errors import UsageError
from ..labels import MODEL_LABELS, PART_LABELS
from ..tagger import Tagger
from .cases import Cases
from .metrics import Floats
from .single import calibration_error, reliability
from .tables import Row, Table

BATCH = 32
WINDOWS = 80
"""Of each part of each kit, alone and under each level of bleed."""
BLEED_DB = (None, -18.0, -12.0, -6.0)
"""Levels of the rest of the kit against the part; None: the part alone."""
SEED = 2
BINS = 15
PERCUSSION = ("drum_set", "auxiliary_percussion")

_HEADER = (*PART_LABELS, "all", "ECE")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PartCase:
    """`count` windows of one part of one kit: `chosen` `[count]` the part that scored highest, `score` its score."""

    kit: str
    part: str
    bleed_db: float | None
    chosen: Ints
    score: Floats

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Where the part itself scored highest."""
        return self.chosen == PART_LABELS.index(self.part)


@dataclass(frozen=True)
class Alarms:
    """Shares of `windows` windows of one `label` (an id) in which each part reaches its threshold, `[parts]`."""

    label: str
    windows: int
    shares: tuple[float, ...]


def judge(tagger: Tagger, kits: Sequence[DrumKit]) -> list[PartCase]:
    """The kits' cases; each kit is heard under the rest of itself.

    Raises UsageError where the model has no parts, or none of the kits is held out.
    """
    held_out = [kit for kit in kits if kit.held_out]
    if not held_out:
        raise UsageError("none of the kits is one that nothing learned from")
    columns = columns_of(tagger)
    found: list[PartCase] = []
    for kit in held_out:
        drums = CloseDrums([kit], SEED)
        for bleed_db in BLEED_DB:
            for part in PART_LABELS:
                if part in kit.voices:
                    random = np.random.default_rng((SEED, zlib.crc32(f"{kit.name} {part} {bleed_db}".encode())))
                    how = as_recorded(bleed_db)
                    audio = np.stack([drums.window(kit, part, how, random) for _ in range(WINDOWS)])
                    scores = _scored(tagger, audio)[:, columns]
                    found.append(PartCase(kit.name, part, bleed_db, scores.argmax(1), scores.max(1)))
    return found


def alarms(tagger: Tagger, cases: Cases) -> list[Alarms]:
    """Parts heard in windows of one instrument or voice, by label; windows of a group have the label of a member."""
    columns = columns_of(tagger)
    passing = np.array(tagger.thresholds)[columns]
    one = cases.rows("one")
    scores = _scored(tagger, cases.audio[one].astype(np.float32) / np.float32(32768))[:, columns]
    column = cases.accepted[one].argmax(1)
    found: list[Alarms] = []
    for label in MODEL_LABELS:
        own = scores[column == COLUMN[label]]
        if len(own):
            found.append(Alarms(label, len(own), tuple((own >= passing).mean(0).tolist())))
    return found


def columns_of(tagger: Tagger) -> list[int]:
    """Where the parts stand in the model's output; raises UsageError where it has none."""
    if missing := [part for part in PART_LABELS if part not in tagger.labels]:
        raise UsageError(f"{tagger.name} has no {missing[0]}: earmark model parts gives it a head for the parts")
    return [tagger.labels.index(part) for part in PART_LABELS]


def by_bleed(cases: Sequence[PartCase]) -> Table:
    """Share of windows in which the right part scores highest: a row for each level of bleed, a column a part."""
    rows = [_row(_level(bleed_db), [case for case in cases if case.bleed_db == bleed_db]) for bleed_db in BLEED_DB]
    return Table("Right part of five, by level of the rest of the kit", ("Rest of the kit", *_HEADER), tuple(rows))


def by_kit(cases: Sequence[PartCase]) -> Table:
    """The same for each kit, alone and at each level."""
    names = list(dict.fromkeys(case.kit for case in cases))
    rows = [
        _row(f"{name}, {_level(bleed_db)}", [case for case in cases if (case.kit, case.bleed_db) == (name, bleed_db)])
        for name in names
        for bleed_db in BLEED_DB
    ]
    return Table("Right part of five, by kit", ("Kit, rest of it", *_HEADER), tuple(rows))


def alarm_table(found: Sequence[Alarms]) -> Table:
    """Shares of windows in which a part is heard where there is none; labels without any are summed up."""
    others = [one for one in found if one.label not in PERCUSSION]
    windows = sum(one.windows for one in others)
    total = [sum(one.windows * one.shares[k] for one in others) / max(1, windows) for k in range(len(PART_LABELS))]
    rows = [("all that is no percussion", str(windows), *(f"{share:.3f}" for share in total))]
    rows += [(one.label, str(one.windows), *(f"{s:.3f}" for s in one.shares)) for one in found if max(one.shares) > 0]
    return Table("Parts heard in other sounds", ("Label", "Windows", *PART_LABELS), tuple(rows))


def _row(title: str, cases: Sequence[PartCase]) -> Row:
    """One row: the share that is right of each part, of all, and the calibration error of what was chosen."""
    shares: list[str] = []
    for part in PART_LABELS:
        right = [case.right for case in cases if case.part == part]
        shares.append(f"{np.concatenate(right).mean():.2f}" if right else "")
    right = np.concatenate([case.right for case in cases])
    score = np.concatenate([case.score for case in cases])
    curve = reliability(score, right, BINS)
    return (title, *shares, f"{right.mean():.3f}", f"{calibration_error(curve):.3f}")


def _level(bleed_db: float | None) -> str:
    return "none" if bleed_db is None else f"{bleed_db:.0f} dB".replace("-", "\N{MINUS SIGN}")


def _scored(tagger: Tagger, audio: npt.NDArray[np.float32]) -> Floats:
    parts = [tagger.tag(audio[at : at + BATCH]) for at in range(0, len(audio), BATCH)]
    return np.concatenate(parts).astype(np.float64)
