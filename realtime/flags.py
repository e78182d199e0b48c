"""Command line flags made from the configuration: every value of the file is a flag with the same meaning."""

import json
import types
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, Union, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .config import Config, build
from .errors import UsageError

# Where a flag is not simply the key with dashes.
NAMES: Final[Mapping[str, str]] = {
    "model.file": "model",
    "osc.targets": "osc",
    "osc.plain": "osc-plain",
    "osc.listen": "osc-listen",
    "osc.snapshot_s": "osc-snapshot-s",
    "midi.port": "midi",
    "midi.mode": "midi-mode",
    "midi.confidence": "midi-confidence",
    "midi.listen": "midi-listen",
    "midi.commands": "midi-command",
    "ws.listen": "ws",
    "ws.token_file": "ws-token-file",
    "ws.origins": "ws-origin",
    "groups": "group",
    "labels": "label",
    "thresholds": "threshold",
}
INPUTS: Final = "inputs"
INPUT_FLAGS: Final[Mapping[str, str]] = {
    "name": "name of input N",
    "expect": "labels that input N should carry, e.g. 3=violin; anything else is still named when it is clear",
    "only": "the only labels that input N may carry",
    "track": "the DAW's track that input N feeds, by number or name",
}
"""What is known of single inputs: the flag, which is the key, and its help."""


def config_flags(*sections: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that adds the flags of these sections of Config (all without names), and those of single inputs."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for path, field in reversed(_leaves()):
            if not sections or path.split(".")[0] in sections:
                command = _option(path, field)(command)
        for key, text in reversed(INPUT_FLAGS.items()):
            metavar = "N=LABELS" if key in ("expect", "only") else "N=NAME"
            help_ = f"{text}; may be given many times"
            command = click.option(f"--{key}", _input_flag(key), multiple=True, metavar=metavar, help=help_)(command)
        return command

    return decorate


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was given on the command line, nested as in the file. Raises UsageError for a pair without '='."""
    out: dict[str, Any] = {}
    inputs: dict[str, dict[str, Any]] = {}
    for key in INPUT_FLAGS:
        for text in values.get(_input_flag(key)) or ():
            channel, value = _pair(text, f"--{key}")
            inputs.setdefault(channel, {"channel": channel})[key] = value
    if inputs:
        out[INPUTS] = list(inputs.values())
    for path, field in _leaves():
        value = values.get(path.replace(".", "_"))
        if value is None or value == ():
            continue
        if _is_mapping(field):
            value = dict(_pair(text, "--" + _flag(path)) for text in value)
        section, _, key = path.rpartition(".")
        (out.setdefault(section, {}) if section else out)[key] = value
    return out


def checked(values: Mapping[str, Any]) -> Config:
    """The configuration of what `given` gave, a file's values below it. Raises UsageError that names the flag."""
    return build(values, "command line", _spelled)


def shown(config: Config) -> list[str]:
    """The configuration as it is printed at the start: one line for each value that is not the default."""
    lines: list[str] = []
    for key, value in config.model_dump(mode="json", exclude_defaults=True).items():
        if key == INPUTS:
            lines.append(f"{key} = " + ", ".join(_shown_input(entry) for entry in value))
        elif isinstance(getattr(config, key), BaseModel):
            lines += [f"{key}.{name} = {json.dumps(below, ensure_ascii=False)}" for name, below in value.items()]
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return lines


def _shown_input(entry: Mapping[str, Any]) -> str:
    """`3 Keys, expect piano`."""
    known = [f"{key} {' '.join(entry[key])}" for key in ("expect", "only") if entry.get(key)]
    known += [f"track {entry['track']}"] if entry.get("track") else []
    return " ".join([str(entry["channel"]), *([entry["name"]] if entry.get("name") else []), *known])


def _input_flag(key: str) -> str:
    return f"{INPUTS}_{key}"


def _leaves() -> list[tuple[str, FieldInfo]]:
    leaves: list[tuple[str, FieldInfo]] = []
    for key, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            leaves += [(f"{key}.{name}", below) for name, below in field.annotation.model_fields.items()]
        elif key != INPUTS:
            leaves.append((key, field))
    return leaves


def _spelled(key: str) -> str:
    """The flag of a key, or of the one that it is a part of: "osc.targets.0" is --osc."""
    paths = [path for path, _ in _leaves() if f"{key}.".startswith(f"{path}.")]
    if key.startswith(f"{INPUTS}."):
        last = key.rpartition(".")[2]
        return f"--{last}" if last in INPUT_FLAGS else "--name"
    return f"--{_flag(paths[0])}" if paths else key


def _flag(path: str) -> str:
    return NAMES.get(path, path.rpartition(".")[2].replace("_", "-"))


def _option(path: str, field: FieldInfo) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    text = (field.description or "").replace("%", "%%")
    if not _is_many(field) and field.default not in (None, "", False):
        text += f" [{field.default}]"
    settings: dict[str, Any] = {"default": None, "help": text}
    choices = _choices(field)
    if field.annotation is bool:
        settings["is_flag"] = True
    elif choices:
        settings["type"] = click.Choice(choices)
    else:
        settings |= {"multiple": _is_many(field), "metavar": _metavar(path, field)}
    return click.option(f"--{_flag(path)}", path.replace(".", "_"), **settings)


def _is_mapping(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is Mapping


def _is_many(field: FieldInfo) -> bool:
    return _is_mapping(field) or get_origin(field.annotation) is tuple


def _choices(field: FieldInfo) -> tuple[str, ...]:
    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()


def _metavar(path: str, field: FieldInfo) -> str:
    if _is_mapping(field):
        return "KEY=VALUE"
    if "HOST:PORT" in (field.description or ""):
        return "HOST:PORT"
    key = path.rpartition(".")[2]
    known = {
        "channels": "LIST",
        "device": "NAME",
        "reastream": "NAME",
        "pipe": "FILE",
        "labels": "LABEL",
        "band": "LABELS",
    }
    known |= {"groups": "INPUTS", "port": "PORT", "midi.listen": "PORT", "origins": "URL"}
    if found := known.get(path) or known.get(key):
        return found
    return "NUMBER" if _is_number(field.annotation) else "FILE" if "file" in (field.description or "") else "TEXT"


def _is_number(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(part in (int, float) for part in get_args(annotation))
    return annotation in (int, float)


def _pair(text: str, flag: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{flag} takes KEY=VALUE, not '{text}'")
    return key.strip(), value.strip()
