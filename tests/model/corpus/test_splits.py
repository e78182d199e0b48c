"""No group on both sides, whatever the corpus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.model.corpus.splits import VALIDATION_SHARE, shared_groups, split

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "group": st.sampled_from([f"player {k}" for k in range(30)]),
            "label": st.sampled_from(["violin", "tuba", "piano"]),
            "dur_s": st.integers(1, 600).map(str),
        }
    ),
    min_size=1,
    max_size=80,
)


@given(ROWS, st.integers(0, 5))
def test_no_group_is_on_both_sides_and_every_label_can_be_learnt(rows: list[dict[str, str]], seed: int) -> None:
    sides = split(rows, seed)
    assert sides == split(rows, seed)
    assert set(sides) <= {"train", "validation"}
    whole = [row | {"split": side} for row, side in zip(rows, sides, strict=True)]
    assert shared_groups(whole) == []
    for label in {row["label"] for row in rows}:
        seconds = {"train": 0, "validation": 0}
        for row in whole:
            seconds[row["split"]] += int(row["dur_s"]) * (row["label"] == label)
        assert seconds["validation"] <= VALIDATION_SHARE * sum(seconds.values()) + 1e-6


def test_splits_that_come_with_a_data_set_are_kept() -> None:
    rows = [
        {"group": "a", "label": "piano", "dur_s": "10", "split": "validation"},
        {"group": "b", "label": "piano", "dur_s": "10", "split": "test"},
        {"group": "a", "label": "violin", "dur_s": "10", "split": ""},
    ]
    assert split(rows, 1) == ["validation", "test", "validation"]


def test_many_small_groups_give_about_a_tenth() -> None:
    rows = [{"group": str(k), "label": "tuba", "dur_s": "60"} for k in range(200)]
    assert split(rows, 1).count("validation") == pytest.approx(20, abs=1)
    assert split(rows, 1) != split(rows, 2)


def test_shared_groups_are_named() -> None:
    assert shared_groups([{"group": "a", "split": "train"}, {"group": "a", "split": "validation"}]) == ["a"]
