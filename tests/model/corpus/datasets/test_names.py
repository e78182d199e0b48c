"""The table of foreign names: everything in it is a label, a group or a sound that the targets place."""

import pytest

from earmark.model.corpus.datasets.names import MEDLEYDB, MUSICNET, OPENMIC, SLAKH, TABLES
from earmark.model.corpus.targets import truth
from earmark.model.labels import LABELS


@pytest.mark.parametrize("name", TABLES)
def test_every_name_can_be_taught(name: str) -> None:
    for label in TABLES[name].values():
        truth(label)


def test_names_of_the_label_table_are_all_there() -> None:
    assert set(OPENMIC) == {label.openmic for label in LABELS if label.openmic}
    assert len(OPENMIC) == 20
    assert {label.cod for label in LABELS if label.cod} <= MEDLEYDB.keys()
    assert OPENMIC["guitar"] == "any_guitar"
    assert OPENMIC["drums"] == "drum_set"


def test_programs_count_from_where_each_data_set_counts() -> None:
    assert [MUSICNET[program] for program in ("1", "41", "61", "74")] == ["piano", "violin", "french_horn", "flute"]
    assert [SLAKH[program] for program in ("0", "40", "128")] == ["piano", "violin", "drum_set"]
    assert "22" not in SLAKH
