"""What a title means, and which files are takes."""

from pathlib import Path

import pytest

from earmark.model.labels import LABELS, MODEL_LABELS
from earmark.realtime.errors import UsageError
from earmark.realtime.takes import find, labels_named


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("violin", {"violin"}),
        ("Electric_Bass", {"electric_bass"}),
        ("  FEMALE   singer ", {"female_singer"}),
        ("singer", {"female_singer", "male_singer", "vocalists"}),
        ("drums", {"drum_set"}),
        ("hi-hat", {"hi_hat"}),
        ("bowed strings", {"violin", "viola", "cello"}),
        ("strings", {"violin", "viola", "cello"}),
        ("silence", set()),
        ("", set()),
    ],
)
def test_names_of_labels(title: str, ids: set[str]) -> None:
    assert labels_named(title) == ids


def test_every_label_is_found_by_its_id_and_by_cods_name() -> None:
    for label in LABELS:
        if label.kind in ("instrument", "part"):
            assert labels_named(label.id) == {label.id}
            assert not label.cod or label.id in labels_named(label.cod)


def take(folder: Path, labels: str, name: str = "take") -> Path:
    (folder / f"{name}.wav").touch()
    (folder / f"{name}.txt").write_text(labels)
    return folder / f"{name}.wav"


def test_a_group_is_unknown_within_itself_and_a_label_that_the_model_lacks_within_its_family(tmp_path: Path) -> None:
    text = "0\t1\tsinger\n1\t2\tkick\n2\t3\tviolin\n3\t4\tnoise\n4\t4\tpoint\n4\t5\tuncertain\n"
    (found,) = find([take(tmp_path, text.replace("4\t4\tpoint\n", "4\t4\tviolin\n"))], MODEL_LABELS)
    singer, kick, violin, noise = found.heard
    assert (singer.right, singer.unknown) == (frozenset(), {"female_singer", "male_singer", "vocalists"})
    assert kick.unknown == {"drum_set", "auxiliary_percussion", "vibraphone", "mallet_percussion"}
    assert (violin.right, violin.unknown) == ({"violin"}, frozenset())
    assert (noise.right, noise.unknown) == (frozenset(), frozenset())


def test_a_folder_gives_its_takes_in_order_and_passes_over_the_rest(tmp_path: Path) -> None:
    take(tmp_path, "0\t1\tviolin\n", "b")
    take(tmp_path, "0\t1\tpiano\n", "a")
    (tmp_path / "alone.wav").touch()
    (tmp_path / "notes.txt").write_text("no labels")
    assert [found.sound.name for found in find([tmp_path, tmp_path / "a.wav"], MODEL_LABELS)] == ["a.wav", "b.wav"]


def test_a_title_near_a_label_is_asked_about(tmp_path: Path) -> None:
    file = take(tmp_path, "0\t1\tviolin\n1\t2\tViolinn\n")
    with pytest.raises(UsageError, match=r"take\.txt, line 2: no label 'Violinn'; did you mean 'violin'\?"):
        find([file], MODEL_LABELS)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none.wav", "no such file"),
        ("alone.wav", "has no label file alone.txt beside it"),
        ("take.txt", "name the sound file"),
        ("empty", "holds no sound file with a label file"),
        ("points.wav", "no label that covers a stretch"),
        ("nameless.wav", "write what plays there"),
    ],
)
def test_what_is_no_take_is_said(tmp_path: Path, name: str, why: str) -> None:
    take(tmp_path, "0\t1\tviolin\n")
    take(tmp_path, "1\t1\tviolin\n", "points")
    take(tmp_path, "0\t1\t\n", "nameless")
    (tmp_path / "alone.wav").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=why):
        find([tmp_path / name], MODEL_LABELS)
