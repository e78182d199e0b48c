"""What a reader of a data set gives: recordings with what is known of them, and one way to say what is missing."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...errors import UsageError

log = logging.getLogger(__name__)

Split = Literal["train", "validation", "test"]


@dataclass(frozen=True)
class Recording:
    """A stretch of one sound file: `dur_s` seconds from `start_s`, to the end of the file where `dur_s` is None.

    `labels` says what is known: the id of a label (or of a group of `corpus.targets`) to 1 where it sounds, to 0 where
    it does not. All others are absent where `complete`, else unknown. `names` are the data set's own names of what
    sounds. Recordings of one `group` (player, song, instrument) share players or sounds.
    """

    path: Path
    labels: Mapping[str, int]
    complete: bool
    kind: str
    licence: str
    source: str
    group: str
    split: Split
    names: tuple[str, ...] = ()
    start_s: float = 0.0
    dur_s: float | None = None


@dataclass(frozen=True)
class About:
    """A data set: its name, licence, where to get it, and what the folder that is given must hold."""

    name: str
    licence: str
    url: str
    holds: str

    def required(self, path: Path) -> Path:
        """`path`, which the reader cannot do without.

        Raises UsageError with the way out where it does not exist.
        """
        if not path.exists():
            raise UsageError(f"{self.name}: {path} is missing; {self._way_out}")
        return path

    def some(self, recordings: list[Recording], folder: Path) -> list[Recording]:
        """`recordings`, of which there must be one.

        Raises UsageError with the way out where there is none.
        """
        if not recordings:
            raise UsageError(f"{self.name}: no labelled sound in {folder}; {self._way_out}")
        return recordings

    @property
    def _way_out(self) -> str:
        return f"give the folder that holds {self.holds} (from {self.url})"


class Skipped:
    """Counts what a reader leaves out and says it once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: Counter[str] = Counter()
        self.files = 0

    def say(self) -> None:
        """One line for names without a label, one for files that are not there."""
        if self.names:
            listed = ", ".join(f"{name} ({count})" for name, count in sorted(self.names.items()))
            log.warning("%s: left out, no label of ours: %s", self.source, listed)
        if self.files:
            log.warning("%s: left out, %d files of its tables are not in the folder", self.source, self.files)
