"""Writes recordings of data sets as a corpus folder's manifest; the sound stays where it is."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import soundfile

from ..decoded import ALL_OTHERS, MIXTURE
from ..manifest import write_manifest
from .catalogue import DataSet
from .recording import Recording
from .splits import in_both

log = logging.getLogger(__name__)

BYTES_PER_HOUR = 48_000 * 2 * 3600


def to_manifest(data_sets: Sequence[tuple[DataSet, Path]], out: Path) -> Path:
    """Read the data sets from their folders and write one manifest over them into `out`; returns its path.

    Raises UsageError where a data set is not as its makers left it, ValueError where a group would be in training and
    in validation.
    """
    rows: list[dict[str, str]] = []
    for data_set, folder in data_sets:
        recordings = data_set.read(folder)
        if shared := in_both(recordings):
            raise ValueError(f"groups both in training and in validation: {', '.join(shared)}")
        added = manifest_rows(recordings)
        hours = sum(float(row["dur_s"]) for row in added) / 3600
        size = hours * BYTES_PER_HOUR / 1e9
        log.info("%s: %d recordings, %.1f h, %.1f GB when decoded", data_set.about.name, len(added), hours, size)
        rows += added
    out.mkdir(parents=True, exist_ok=True)
    return write_manifest(out, rows)


def manifest_rows(recordings: Iterable[Recording]) -> list[dict[str, str]]:
    """Manifest rows of the recordings, with absolute paths."""
    return [_row(recording) for recording in recordings]


def _row(recording: Recording) -> dict[str, str]:
    present = [label for label, sounds in recording.labels.items() if sounds]
    absent = [label for label, sounds in recording.labels.items() if not sounds]
    plain = recording.complete and len(present) == 1
    if recording.complete:
        absent = [ALL_OTHERS]
    whole = recording.start_s == 0 and recording.dur_s is None
    dur_s = recording.dur_s
    if dur_s is None:
        dur_s = float(soundfile.info(recording.path).duration) - recording.start_s
    return {
        "path": str(recording.path.resolve()),
        "label": present[0] if plain else MIXTURE,
        "kind": recording.kind,
        "source": recording.source,
        "licence": recording.licence,
        "dur_s": f"{dur_s:.3f}",
        "player": f"{recording.source}/{recording.group}",
        "group": f"{recording.source}/{recording.group}",
        "split": recording.split,
        "start_s": "" if whole else f"{recording.start_s:.4f}",
        "present": "" if plain else ";".join(present),
        "absent": "" if plain else ";".join(absent),
    }
