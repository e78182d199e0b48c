"""The documents say what the code does: labels, events, commands, settings, flags, links."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from earmark.model.labels import LABELS
from earmark.realtime.cli import cli
from earmark.realtime.commands import COMMANDS
from earmark.realtime.config import Config, build, read_toml
from earmark.realtime.events import KINDS
from earmark.realtime.sinks.midi_messages import controller
from earmark.realtime.sinks.osc_messages import EVENT_ARGUMENTS

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/wires.md", "docs/names.md", "docs/export.md")
STUDIO = ROOT / "docs" / "studio.toml"
COMMANDS_OF_README = ("demo", "tests", "demo-windows", "tests-windows")
MOST_PICTURE_BYTES = 200_000
FLAGS_OF_OTHERS = {"--help"}


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def rows(document: str) -> list[list[str]]:
    """The cells of every table row, without the code marks."""
    lines = [line for line in text_of(document).splitlines() if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]


# ---- docs/wires.md


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label.id)
def test_every_label_has_its_row(label: Any) -> None:
    row = [label.id, label.spoken, label.family, str(label.note), str(controller(label.id))]
    assert row in rows("docs/wires.md")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_has_its_row(kind: str) -> None:
    told = [row for row in rows("docs/wires.md") if row[0] == kind and row[1] == ", ".join(KINDS[kind].fields)]
    assert len(told) == 1
    assert ("(on request)" in told[0][2]) == KINDS[kind].on_request


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_row(command: str) -> None:
    parameters = COMMANDS[command].parameters
    arguments = ", ".join(one.name if one.required else f"[{one.name}]" for one in parameters)
    assert [command, arguments, COMMANDS[command].meaning] in rows("docs/wires.md")


def test_the_arguments_of_osc_events_stand_in_their_order() -> None:
    names = [name for name, _, _ in EVENT_ARGUMENTS]
    told = [row[:2] for row in rows("docs/wires.md") if row[0] in names and row[1] in ("i", "f", "s")]
    assert told == [[name, kind] for name, kind, _ in EVENT_ARGUMENTS]


def test_the_examples_are_whole_events() -> None:
    examples = re.findall(r"^(?:S )?(\{\"v\":1.*\})$", text_of("docs/wires.md"), re.MULTILINE)
    assert examples
    for event in map(json.loads, examples):
        assert set(KINDS[event["kind"]].fields) <= event.keys() | {"two_pass"}


# ---- docs/studio.toml


def leaves(values: dict[str, Any], place: str = "") -> dict[str, Any]:
    """Every value by its dotted key; tables that the configuration takes as a whole stay whole."""
    out: dict[str, Any] = {}
    for key, value in values.items():
        path = f"{place}{key}"
        nested = isinstance(value, dict) and path not in ("thresholds", "midi.commands")
        out |= leaves(value, f"{path}.") if nested else {path: value}
    return out


def keys_of(section: type[BaseModel], place: str = "") -> set[str]:
    keys: set[str] = set()
    for name, field in section.model_fields.items():
        below = field.annotation
        nested = isinstance(below, type) and issubclass(below, BaseModel)
        keys |= keys_of(below, f"{place}{name}.") if nested else {f"{place}{name}"}
    return keys


def test_the_example_configuration_is_accepted() -> None:
    assert build(read_toml(STUDIO), "studio.toml").source.channels == "1-4"


def test_the_example_configuration_shows_every_key_and_its_default() -> None:
    text = STUDIO.read_text(encoding="utf-8")
    whole = leaves(tomllib.loads(re.sub(r"^#(?=[\w\"]+(?: \d+\")? = )", "", text, flags=re.MULTILINE)))
    assert whole.keys() == keys_of(Config)
    active = leaves(tomllib.loads(text))
    defaults = leaves(Config().model_dump(mode="json"))
    differing = {key: value for key, value in whole.items() if key not in active and defaults[key] not in (None, value)}
    examples = {"band", "groups", "osc.plain", "ws.origins"}  # empty by default; the file shows an example
    assert set(differing) <= examples, differing


def test_what_is_commented_out_is_accepted_too() -> None:
    text = STUDIO.read_text(encoding="utf-8")
    build(tomllib.loads(re.sub(r"^#(?=[\w\"]+(?: \d+\")? = )", "", text, flags=re.MULTILINE)), "studio.toml")


# ---- README.md and links


@pytest.mark.parametrize("name", COMMANDS_OF_README)
def test_ci_finds_the_commands_of_the_readme(name: str) -> None:
    script = ROOT / ".ci" / "readme_command.py"
    found = subprocess.run([sys.executable, script, name], check=True, capture_output=True, text=True).stdout
    assert "venv" in found
    assert found.count("\n") == 1


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text_of(document)):
        path, _, anchor = target.partition("#")
        file = (ROOT / document).parent / path if path else ROOT / document
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings], target


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_flag_that_is_named_exists(document: str) -> None:
    known = {flag for command in cli.commands.values() for parameter in command.params for flag in parameter.opts}
    spans = re.findall(r"`[^`]+`", re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL))
    ours = [span for span in spans if "earmark " in span or span.startswith("`--")]
    named = {flag for span in ours for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]*", span)}
    assert named <= known | FLAGS_OF_OTHERS


def test_the_picture_is_small_and_fetches_nothing() -> None:
    picture = (ROOT / "docs" / "demo.svg").read_text(encoding="utf-8")
    assert len(picture.encode()) < MOST_PICTURE_BYTES
    assert set(re.findall(r"https?://[^\"' )<]+", picture)) == {"http://www.w3.org/2000/svg"}
