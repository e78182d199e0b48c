"""A run's TOML file: shipped ones are sound, faults are told in one line."""

from pathlib import Path

import pytest

from earmark.model.errors import ConfigError
from earmark.model.nets import catalogue
from earmark.model.training import config

from ...real import package


@pytest.mark.parametrize("file", sorted(config.SHIPPED.glob("*.toml")), ids=lambda file: file.stem)
def test_shipped_configs_name_known_networks(file: Path) -> None:
    package("torchvision", "train")
    assert catalogue.module_of(config.load(file).net)


def test_a_shipped_config_is_found_by_name() -> None:
    assert config.load(Path("earmark")).net == "earmark"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("windows = 0", "windows: .*greater"),
        ("wndows = 5", "wndows: Extra inputs"),
        ("[teachers]\nshare = 1.5", "teachers.share"),
        ("[loss]\nname = 'best'", "loss.name"),
        ("windows = ", "not a TOML file"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "run.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=words) as raised:
        config.load(file)
    assert "\n" not in str(raised.value)
    assert str(file) in str(raised.value)


def test_a_file_that_is_not_there_lists_the_shipped_ones() -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: no such file.*earmark"):
        config.load(Path("none.toml"))


def test_a_file_of_something_else(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(ConfigError, match="not a TOML file"):
        config.load(file)
