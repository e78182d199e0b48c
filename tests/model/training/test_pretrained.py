"""Loading a public checkpoint: a small stand-in file with random weights has the same form."""

import hashlib
from pathlib import Path

import pytest
import torch

from earmark.model.errors import ConfigError
from earmark.model.labels import MODEL_LABELS
from earmark.model.nets import catalogue
from earmark.model.training import pretrained
from earmark.model.training.audioset import AUDIOSET_CLASSES
from earmark.model.training.config import Start

from ..sounds import write_audioset


def test_every_label_has_classes() -> None:
    assert tuple(AUDIOSET_CLASSES) == MODEL_LABELS


def test_the_last_layer_starts_from_the_mean_of_the_named_classes(tmp_path: Path) -> None:
    checkpoint, table = write_audioset(tmp_path)
    network = catalogue.build("earmark", len(MODEL_LABELS))
    pretrained.fill(network, "earmark", Start(checkpoint=checkpoint, classes=table))
    given, ours = torch.load(checkpoint, weights_only=True), network.features.state_dict()
    torch.testing.assert_close(ours["features.0.0.weight"], given["features.0.0.weight"])
    head, organ = given["classifier.5.weight"], ours["classifier.5.weight"][MODEL_LABELS.index("organ")]
    names = pretrained.class_names(table)
    rows = [names.index(name) for name in ("Organ", "Electronic organ", "Hammond organ")]
    torch.testing.assert_close(organ, head[rows].mean(0))


def test_without_class_names_the_last_layer_starts_anew(tmp_path: Path) -> None:
    checkpoint, _ = write_audioset(tmp_path)
    network = catalogue.build("earmark", len(MODEL_LABELS))
    fresh = network.features.state_dict()["classifier.5.weight"].clone()
    pretrained.fill(network, "earmark", Start(checkpoint=checkpoint))
    assert torch.equal(network.features.state_dict()["classifier.5.weight"], fresh)


def test_yamnet_loads_under_its_own_names(tmp_path: Path) -> None:
    names = sorted({name for classes in AUDIOSET_CLASSES.values() for name in classes})
    features = catalogue.build("yamnet", len(names)).features
    state = {name.replace("classifier.1.", "fc."): value for name, value in features.state_dict().items()}
    state |= {"mel": torch.zeros(257, 64), "win": torch.zeros(400)}
    network = catalogue.build("yamnet", len(MODEL_LABELS))
    pretrained.load_into(network.features, "yamnet", state, names)
    ours = network.features.state_dict()
    torch.testing.assert_close(ours["layers.26.conv.weight"], state["layers.26.conv.weight"])
    row, harp = names.index("Harp"), MODEL_LABELS.index("harp")
    torch.testing.assert_close(ours["classifier.1.weight"][harp], state["fc.weight"][row])


def test_a_class_in_general_serves_where_the_closer_one_is_missing() -> None:
    names = [name for classes in AUDIOSET_CLASSES.values() for name in classes if name != "Female singing"]
    rows = pretrained.head_rows([*names, "Singing"])
    assert rows[MODEL_LABELS.index("female_singer")] == [len(names)]


def test_a_label_without_any_class_is_named() -> None:
    with pytest.raises(ConfigError, match="female_singer"):
        pretrained.head_rows(["Harp"])


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    checkpoint, table = write_audioset(tmp_path)
    network = catalogue.build("yamnet", len(MODEL_LABELS))
    with pytest.raises(ConfigError, match="not a checkpoint of 'yamnet'") as raised:
        pretrained.fill(network, "yamnet", Start(checkpoint=checkpoint, classes=table))
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(b"not weights")
    with pytest.raises(ConfigError, match=r"weights\.pt is not a file of weights"):
        pretrained.read_state(tmp_path / "weights.pt")


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


def test_without_an_address_the_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no address"):
        pretrained.fetch("", tmp_path / "file")
