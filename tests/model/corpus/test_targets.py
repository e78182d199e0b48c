"""What each manifest label teaches."""

import pytest

from earmark.model.corpus.decoded import MIXTURE, Clip
from earmark.model.corpus.targets import COLUMN, GROUP_COLUMN, GROUPS, members, refine, truth, truth_of


def test_truth_of_labels() -> None:
    assert truth("timpani").right == (COLUMN["auxiliary_percussion"],)
    assert truth("bagpipe") == ((), -1, ())
    assert truth("female_singer").alone == (COLUMN["vocalists"],)
    assert truth("guitar_electric").group == GROUP_COLUMN["guitar_electric"]
    assert truth("harmonium").right == ()
    with pytest.raises(KeyError):
        truth("no such thing")


def test_file_names_make_mallets_exact() -> None:
    assert refine("mallets", "x/samples_Vibraphone.sustain.ff.G5.opus") == "vibraphone"
    assert refine("mallets", "x/glock_d4.opus") == "mallet_percussion"
    assert refine("violin", "x/vibraphone.opus") == "violin"


def clip(label: str, present: tuple[str, ...] = (), absent: tuple[str, ...] = ()) -> Clip:
    return Clip("x.wav", label, "stem", "here", "CC0", "me", 0, 1, present=present, absent=absent)


def test_one_label_leaves_nothing_unknown_but_its_neighbours() -> None:
    columns = truth_of(clip("trumpet"))
    assert columns.right == (COLUMN["trumpet"],)
    assert columns.unknown == (COLUMN["brass_section"],)
    assert len(columns.wrong) == len(COLUMN) - 2


def test_a_group_is_known_as_a_group_only() -> None:
    columns = truth_of(clip("vocals"))
    assert columns.groups == (GROUP_COLUMN["vocals"],)
    assert columns.right == ()
    assert set(columns.unknown) == {COLUMN[member] for member in GROUPS["vocals"]}


def test_what_a_mixture_does_not_say_is_unknown() -> None:
    columns = truth_of(clip(MIXTURE, ("violin", "any_guitar"), ("any_piano", "flute", "cymbals")))
    assert columns.right == (COLUMN["violin"],)
    assert set(columns.wrong) == {COLUMN[name] for name in ("piano", "tack_piano", "electric_piano", "flute")}
    assert columns.groups == (GROUP_COLUMN["any_guitar"],)
    assert len(columns.unknown) == len(COLUMN) - 5


def test_a_complete_mixture_has_no_other_players() -> None:
    columns = truth_of(clip(MIXTURE, ("violin", "piano"), ("*",)))
    assert set(columns.right) == {COLUMN["violin"], COLUMN["piano"]}
    assert columns.unknown == ()
    assert truth_of(clip(MIXTURE, ("trumpet",), ("*",))) == truth_of(clip("trumpet"))
    assert truth_of(clip(MIXTURE, ("trumpet",), ("brass_section", "*"))).unknown == ()


def test_parts_of_the_drum_set_say_nothing_of_the_whole() -> None:
    assert truth_of(clip("kick")).unknown == (COLUMN["drum_set"],)
    assert members("cymbals") == ()
