"""Splits by group: disjoint, the same for a seed, the shares as asked."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from earmark.model.corpus.datasets.recording import Recording, Split
from earmark.model.corpus.datasets.splits import by_group, in_both, with_validation


def some(groups: list[str], split: Split = "train") -> list[Recording]:
    return [Recording(Path(group), {"violin": 1}, True, "stem", "CC0", "here", group, split) for group in groups]


@given(st.lists(st.text(max_size=3), min_size=1, max_size=40), st.integers(0, 5))
def test_no_group_is_on_two_sides(groups: list[str], seed: int) -> None:
    anew = by_group(some(groups), {"train": 0.6, "validation": 0.2, "test": 0.2}, seed)
    sides = {(one.group, one.split) for one in anew}
    assert len(sides) == len(set(groups))
    assert in_both(anew) == []
    assert in_both(with_validation(some(groups), seed)) == []


def test_shares_and_seed() -> None:
    recordings = some([f"song {number}" for number in range(50)])
    first = by_group(recordings, {"train": 0.6, "validation": 0.2, "test": 0.2}, seed=1)
    counts = {split: sum(one.split == split for one in first) for split in ("train", "validation", "test")}
    assert counts == {"train": 30, "validation": 10, "test": 10}
    assert first == by_group(recordings[::-1], {"train": 0.6, "validation": 0.2, "test": 0.2}, seed=1)[::-1]
    assert first != by_group(recordings, {"train": 0.6, "validation": 0.2, "test": 0.2}, seed=2)


def test_validation_comes_out_of_training_alone() -> None:
    recordings = some([f"a {number}" for number in range(20)]) + some(["b"], "test")
    held = with_validation(recordings)
    assert sum(one.split == "validation" for one in held) == 2
    assert held[-1].split == "test"
    assert with_validation(held) == held


def test_shared_groups_are_named() -> None:
    assert in_both(some(["a", "b"]) + some(["b"], "validation")) == ["here/b"]
