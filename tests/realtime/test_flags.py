from typing import Any

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from earmark.realtime.config import Config, InputConfig, build
from earmark.realtime.errors import UsageError
from earmark.realtime.flags import checked, config_flags, given, shown


def parse(*args: str) -> dict[str, Any]:
    out: dict[str, Any] = {}

    @click.command()
    @config_flags()
    def command(**values: Any) -> None:
        out.update(given(values))

    result = CliRunner().invoke(command, args, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return out


def test_nothing_given_is_nothing() -> None:
    assert parse() == {}


def test_flags_land_in_their_sections() -> None:
    values = parse(
        *("--device", "Scarlett", "--channels", "1-8,12", "--model", "m.ts", "--hop-ms", "100", "--journal", "-"),
        *("--osc", "127.0.0.1:9000", "--osc", "127.0.0.1:9001", "--midi", "loop", "--ws", "127.0.0.1:8765"),
        *("--name", "1=Keys", "--threshold", "violin=0.6", "--label", "piano", "--midi-command", "note 60=ask all"),
    )
    config = build(values, "command line")
    assert config.source.channels == "1-8,12"
    assert str(config.model.file) == "m.ts"
    assert config.model.hop_ms == 100
    assert config.osc.targets == ("127.0.0.1:9000", "127.0.0.1:9001")
    assert config.midi.commands == {"note 60": "ask all"}
    assert config.inputs[0].name == "Keys"
    assert config.thresholds == {"violin": 0.6}
    assert 'journal = "-"' in shown(config)


def test_what_is_known_of_an_input_lands_in_one_entry() -> None:
    values = parse("--name", "3=Keys", "--expect", "3=piano, organ", "--only", "1=violin", "--track", "3=7")
    config = build(values, "command line")
    assert [entry.channel for entry in config.inputs] == [3, 1]
    assert config.inputs[0].expect == ("piano", "organ")
    assert config.inputs[0].track == "7"
    assert config.inputs[1].only == ("violin",)
    assert shown(config) == ["inputs = 3 Keys expect piano organ track 7, 1 only violin"]


def test_every_value_of_the_configuration_has_a_flag() -> None:
    @click.command()
    @config_flags()
    def command(**_values: Any) -> None: ...

    names = {parameter.name for parameter in command.params}
    for key, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            assert {f"{key}_{name}" for name in field.annotation.model_fields} <= names
        elif key == "inputs":
            assert {f"inputs_{name}" for name in InputConfig.model_fields} - {"inputs_channel"} <= names
        else:
            assert key in names
    flags = [flag for parameter in command.params for flag in parameter.opts]
    assert len(flags) == len(set(flags))


def test_a_pair_without_its_equals_sign_is_told() -> None:
    with pytest.raises(UsageError, match="--threshold takes KEY=VALUE, not 'violin'"):
        parse("--threshold", "violin")


@pytest.mark.parametrize(
    ("args", "flag"),
    [
        (("--hop-ms", "3"), "--hop-ms"),
        (("--blocksize", "many"), "--blocksize"),
        (("--name", "0=Keys"), "--name"),
        (("--label", "violn"), "--label"),
    ],
)
def test_what_is_wrong_is_named_as_the_flag_that_was_typed(args: tuple[str, ...], flag: str) -> None:
    with pytest.raises(UsageError, match=f"^command line: {flag}: "):
        checked(parse(*args))


def test_what_differs_from_the_defaults_is_shown_line_by_line() -> None:
    values = {"inputs": [{"channel": 1, "name": "Keys"}], "osc": {"targets": ["127.0.0.1:9000"]}, "labels": ["piano"]}
    lines = shown(build(values, "test"))
    assert lines == ["inputs = 1 Keys", 'labels = ["piano"]', 'osc.targets = ["127.0.0.1:9000"]']
    assert shown(build({}, "test")) == []
