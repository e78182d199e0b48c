from pathlib import Path

import pytest

from earmark.realtime.config import build, merged, read_toml
from earmark.realtime.errors import UsageError

STUDIO = """
labels = ["piano", "violin"]
journal = "take.jsonl"
[source]
device = "Scarlett"
channels = "1-2"
[[inputs]]
channel = 1
name = "Keys"
[thresholds]
violin = 0.6
[osc]
targets = ["127.0.0.1:9000"]
"""


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "studio.toml"
    file.write_text(STUDIO)
    config = build(read_toml(file), str(file))
    assert config.source.device == "Scarlett"
    assert config.inputs[0].name == "Keys"
    assert config.thresholds == {"violin": 0.6}
    assert config.osc.targets == ("127.0.0.1:9000",)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sorce": {}}, "unknown key 'sorce'; did you mean 'source'?"),
        ({"source": {"devise": "x"}}, "unknown key 'source.devise'; did you mean 'device'?"),
        ({"inputs": [{"chanel": 1, "name": "x"}]}, "did you mean 'channel'?"),
        ({"labels": ["violn"]}, "no label 'violn'; did you mean 'violin'?"),
        ({"thresholds": {"paino": 0.5}}, "did you mean 'piano'?"),
        ({"smoothing": {"off": 3}}, "smoothing.off: Input should be less than or equal to 1"),
        ({"model": {"hop_ms": "fast"}}, "model.hop_ms"),
        ({"band": ["pino"]}, "band: no label 'pino'; did you mean 'piano'?"),
        ({"inputs": [{"channel": 1, "expect": "violn"}]}, "did you mean 'violin'?"),
        ({"groups": ["3"]}, "a group is two inputs or more, such as 3-4; got '3'"),
        ({"groups": ["x-y"]}, "write it like 1-8,12"),
        ({"groups": ["3-4", "4,5"]}, "an input can be in one group only"),
    ],
)
def test_what_is_wrong_is_named(values: dict, message: str) -> None:
    with pytest.raises(UsageError, match="studio") as error:
        build(values, "studio.toml")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_missing_or_no_toml(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the configuration"):
        read_toml(tmp_path / "none.toml")
    file = tmp_path / "bad.toml"
    file.write_bytes(b"\xff[source")
    with pytest.raises(UsageError, match="is not TOML"):
        read_toml(file)


def test_merged_lays_values_on_top_section_by_section() -> None:
    base = {"source": {"device": "a", "rate": 44_100}, "journal": "x"}
    assert merged(base, {"source": {"device": "b"}}) == {"source": {"device": "b", "rate": 44_100}, "journal": "x"}
    assert base["source"]["device"] == "a"


def test_inputs_are_merged_by_channel() -> None:
    base = {"inputs": [{"channel": 1, "name": "A"}, {"channel": 2, "name": "B"}]}
    over = {"inputs": [{"channel": "2", "expect": "piano"}, {"channel": "3", "name": "C"}]}
    config = build(merged(base, over), "both")
    assert [(entry.channel, entry.name, entry.expect) for entry in config.inputs] == [
        (1, "A", ()),
        (2, "B", ("piano",)),
        (3, "C", ()),
    ]


def test_words_of_labels_may_stand_in_a_list_or_apart_by_commas() -> None:
    config = build({"band": ["piano, Vln 1", "brass"], "inputs": [{"channel": 1, "track": 4}]}, "x")
    assert config.band == ("piano", "Vln 1", "brass")
    assert config.inputs[0].track == "4"
