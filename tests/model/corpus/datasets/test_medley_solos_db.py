"""Medley-solos-DB: one instrument a clip, in its makers' split."""

from pathlib import Path

from earmark.model.corpus.datasets import medley_solos_db

from . import trees


def test_clips_have_one_label_and_their_part(tmp_path: Path) -> None:
    recordings = medley_solos_db.read(trees.medley_solos_db(tmp_path))
    assert [(dict(one.labels), one.split, one.group) for one in recordings] == [
        ({"flute": 1}, "train", "song 1"),
        ({"saxophone": 1}, "validation", "song 2"),
        ({"female_singer": 1}, "test", "song 3"),
    ]
    assert all(one.complete for one in recordings)
