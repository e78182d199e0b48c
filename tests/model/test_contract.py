import re

import pytest

from earmark.model import contract, torchscript
from earmark.model.errors import ContractError
from tests.model import fixtures


def check(path):
    module, meta = torchscript.load(path)
    return contract.check(module, meta, path.name)


def test_a_file_that_keeps_the_contract_is_taken(tmp_path):
    meta = check(fixtures.write(tmp_path / "good.ts", frame_hop=480, frame_size=1536))
    assert meta.labels == fixtures.LABELS
    assert (meta.sample_rate, meta.window, meta.thresholds) == (48_000, 48_000, (0.5, 0.5, 0.5))
    assert (meta.frame_hop, meta.frame_size) == (480, 1536)


def test_unknown_keys_of_the_meta_data_are_left_alone(tmp_path):
    assert check(fixtures.write(tmp_path / "more.ts", trained_on="my own takes")).name == "tones"


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("nan", "forward on one window of zeros must be finite"),
        ("over", "forward on one window of zeros must be in 0..1"),
        ("shape", "must return the shape [1, 3], it returns [1, 2]"),
        ("double", "must return one float32 tensor"),
        ("batch", "the same alone and in a batch, within 0.001"),
        ("single", "forward fails on 3 windows of zeros"),
    ],
)
def test_each_fault_of_the_output_is_named(tmp_path, fault, rule):
    path = fixtures.write(tmp_path / "bent.ts", fixtures.Bent(fault))
    with pytest.raises(ContractError, match=re.escape(rule)) as error:
        check(path)
    assert str(error.value).startswith("bent.ts breaks the model contract: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"labels": None}, "meta.json: labels: Field required"),
        ({"labels": ["piano", "flute", "kazoo"]}, "meta.json: labels: 'kazoo' is not in the table of labels"),
        ({"labels": ["piano", "flute", "uncertain"]}, "'uncertain' is not in the table of labels"),
        ({"labels": ["piano", "flute", "piano"]}, "meta.json: labels: each must stand there once"),
        ({"labels": []}, "meta.json: labels"),
        ({"thresholds": [0.5]}, "meta.json: thresholds: 1 for 3 labels"),
        ({"thresholds": [0.5, 0.5, 1.5]}, "meta.json: thresholds.2"),
        ({"sample_rate": 0}, "meta.json: sample_rate"),
        ({"window": "long"}, "meta.json: window"),
        ({"name": ""}, "meta.json: name"),
    ],
)
def test_each_fault_of_the_meta_data_is_named(tmp_path, changes, rule):
    with pytest.raises(ContractError, match=re.escape(rule)):
        check(fixtures.write(tmp_path / "meta.ts", **changes))


def test_a_file_without_meta_data_is_refused(tmp_path):
    module, _ = torchscript.load(fixtures.write(tmp_path / "bare.ts"))
    with pytest.raises(ContractError, match=r"bare\.ts breaks the model contract: it has no meta\.json"):
        contract.check(module, {}, "bare.ts")


def test_a_frozen_file_is_refused(tmp_path):
    with pytest.raises(ContractError, match="must not be frozen"):
        check(fixtures.write(tmp_path / "frozen.ts", freeze=True))


def test_body_and_mel_must_make_up_forward(tmp_path):
    with pytest.raises(ContractError, match=r"body\(mel\(audio\)\) must give the same as forward"):
        check(fixtures.write(tmp_path / "other.ts", fixtures.OtherBody()))


def test_a_device_in_the_graph_is_refused(tmp_path):
    with pytest.raises(ContractError, match="must not name a device"):
        check(fixtures.write(tmp_path / "device.ts", fixtures.OnDevice()))
