"""Who learns from what: splits by group, the same for the same seed, so that no group is on both sides."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .recording import Recording, Split

VALIDATION_SHARE = 0.1


def by_group(recordings: Sequence[Recording], shares: Mapping[Split, float], seed: int = 0) -> list[Recording]:
    """The recordings, split anew: each split gets its share of the groups, at least one where there are enough."""
    groups = _shuffled({recording.group for recording in recordings}, seed)
    of_group: dict[str, Split] = {}
    left, left_share = groups, sum(shares.values())
    for split, share in sorted(shares.items(), key=lambda item: item[1]):
        count = len(left) if share == left_share else max(1, round(len(left) * share / left_share))
        of_group |= dict.fromkeys(left[:count], split)
        left, left_share = left[count:], left_share - share
    return [replace(recording, split=of_group[recording.group]) for recording in recordings]


def with_validation(recordings: Sequence[Recording], seed: int = 0) -> list[Recording]:
    """The recordings with a tenth of the training groups set aside, so that the test set never selects a model.

    A data set whose makers set some aside themselves stays as it is.
    """
    if any(recording.split == "validation" for recording in recordings):
        return list(recordings)
    groups = _shuffled({recording.group for recording in recordings if recording.split == "train"}, seed)
    chosen = set(groups[: max(1, round(len(groups) * VALIDATION_SHARE))]) if len(groups) > 1 else set[str]()
    held = [recording.split == "train" and recording.group in chosen for recording in recordings]
    return [replace(one, split="validation") if out else one for one, out in zip(recordings, held, strict=True)]


def in_both(recordings: Iterable[Recording]) -> list[str]:
    """Groups that are in training and in validation; a good split has none."""
    groups: dict[Split, set[str]] = {"train": set(), "validation": set(), "test": set()}
    for recording in recordings:
        groups[recording.split].add(f"{recording.source}/{recording.group}")
    return sorted(groups["train"] & groups["validation"])


def _shuffled(groups: Iterable[str], seed: int) -> list[str]:
    return sorted(groups, key=lambda group: hashlib.sha256(f"{seed}/{group}".encode()).digest())
