"""Settings are checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from earmark.model.augment.settings import MixSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"counts": [0.5, 0.4]},
        {"bleed_db": [-12, -30]},
        {"level_dbfs": [-40, -45, 0]},
        {"level_dbfs": [-20, -20, -20]},
        {"heard_s": [0.0, 0.5]},
        {"late_share": 1.5},
        {"effects": "loud"},
        {"colour": 0.5},
    ],
)
def test_wrong_values_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MixSettings.model_validate(wrong)


@given(st.tuples(st.floats(-90, 0), st.floats(-90, 0)))
def test_ranges_come_from_lists_as_a_toml_file_gives_them(span: tuple[float, float]) -> None:
    assert MixSettings.model_validate({"bleed_db": sorted(span)}).bleed_db == tuple(sorted(span))


def test_default_counts_hold_windows_of_none_to_five_sounds() -> None:
    assert len(MixSettings().counts) == 6
