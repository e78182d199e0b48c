"""Loading an AudioSet checkpoint: a small stand-in file with random weights has the same form."""

import hashlib
from pathlib import Path

import pytest
import torch

from earmark.model.labels import MODEL_LABELS
from earmark.model.nets import mn
from earmark.model.training import pretrained

from ..sounds import write_audioset


def test_every_label_has_classes() -> None:
    assert tuple(pretrained.AUDIOSET_CLASSES) == MODEL_LABELS


def test_head_starts_from_the_mean_of_the_named_classes(tmp_path: Path) -> None:
    checkpoint, table = write_audioset(tmp_path)
    names = pretrained.class_names(table)
    network = mn.build("mn04", len(MODEL_LABELS))
    pretrained.load_into(network, checkpoint, names, MODEL_LABELS)
    given, ours = torch.load(checkpoint, weights_only=True), network.state_dict()
    torch.testing.assert_close(ours["features.0.0.weight"], given["features.0.0.weight"])
    head, organ = given["classifier.5.weight"], ours["classifier.5.weight"][MODEL_LABELS.index("organ")]
    rows = [names.index(name) for name in ("Organ", "Electronic organ", "Hammond organ")]
    torch.testing.assert_close(organ, head[rows].mean(0))


def test_a_class_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="Harp"):
        pretrained.head_rows(("harp",), ["Speech"])


def test_fetch_copies_once_and_checks_the_sum(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "cache" / "file"
    source.write_bytes(b"weights")
    right = hashlib.sha256(b"weights").hexdigest()
    assert pretrained.fetch(source.as_uri(), target, right).read_bytes() == b"weights"
    source.write_bytes(b"something else")
    assert pretrained.fetch(source.as_uri(), target, right).read_bytes() == b"weights"
    with pytest.raises(ValueError, match="SHA-256"):
        pretrained.fetch(source.as_uri(), target, "0" * 64)


def test_a_failed_download_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        pretrained.fetch((tmp_path / "none").as_uri(), tmp_path / "file")
    assert not (tmp_path / "file").exists()
