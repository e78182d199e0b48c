"""The configuration: one TOML file, every value also a flag.

Each class is a section of the file. `Field(description=...)` is the help text of the flag. Times are in seconds, levels
in dBFS, unless the name says otherwise.
"""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ..model.labels import BY_ID
from .errors import UsageError
from .expectations import labels_meant
from .sources.channels import choose

MOST_INPUTS: Final = 1024


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class SourceConfig(Section):
    """Where the sound comes from: a device unless one of the others is named."""

    device: str | None = Field(default=None, description="audio device, by its name, a part of it, or its number")
    reastream: str | None = Field(default=None, description="ReaStream identifier to receive from a DAW (UDP)")
    reastream_listen: str = Field(default="127.0.0.1:58710", description="HOST:PORT on which ReaStream arrives")
    file: Path | None = Field(default=None, description="sound file to play through as if it were live")
    pipe: str | None = Field(default=None, description="raw PCM to read: a path, or - for standard input")
    pipe_format: Literal["s16le", "s24le", "s32le", "f32le"] = Field(
        default="f32le", description="sample format of --pipe"
    )
    pipe_channels: int = Field(default=2, ge=1, le=MOST_INPUTS, description="channels of --pipe")
    rate: int | None = Field(
        default=None, ge=8000, le=384_000, description="sample rate in Hz; default: the device's own"
    )
    channels: str | None = Field(default=None, description="which of the source's channels, e.g. 1-8,12; default: all")
    blocksize: int = Field(default=1024, ge=0, le=16_384, description="frames a callback; 0 lets the driver choose")
    latency: float | Literal["low", "high"] = Field(
        default="high", description="the device's latency: seconds, or low or high"
    )


class InputConfig(Section):
    """What is known of one input.

    Its number among those chosen (from 1), its name, the labels it is expected to carry, or the only ones that it may
    carry, and the DAW's track that it feeds, by number or name. Labels are ids, families, or words as on a desk.
    """

    channel: int = Field(ge=1)
    name: str | None = Field(default=None, min_length=1, max_length=64)
    expect: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    track: str | None = Field(default=None, min_length=1, max_length=64)

    @field_validator("expect", "only", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return listed(value)

    @field_validator("track", mode="before")
    @classmethod
    def _track(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ModelConfig(Section):
    file: Path | None = Field(
        default=None, description="model file (TorchScript); default: the one that ships with Earmark"
    )
    compute: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="where the model runs")
    hop_ms: int = Field(default=250, ge=50, le=1000, description="how often each input is judged")


class SmoothingConfig(Section):
    """How probabilities become names that hold. See smoother.py for what each value does."""

    gate_dbfs: float = Field(default=-60.0, ge=-120, le=0, description="below this level an input is silent")
    gate_below_loudest_db: float = Field(
        default=40.0, ge=6, le=120, description="and so is one this far below its loudest"
    )
    bleed: bool = Field(default=True, description="a sound belongs to the input where it is loudest")
    rest_s: float = Field(default=1.0, ge=0, le=60, description="a rest this long ends a stretch of sound")
    break_db: float = Field(default=18.0, ge=3, le=120, description="a rise by this much begins a new stretch")
    change_drift: float = Field(
        default=1.0, ge=0, le=8, description="log-odds a hop by which another label must lead a stretch's best"
    )
    change_limit: float = Field(
        default=6.0, ge=0, le=1000, description="sum of what exceeds that at which another player has taken over"
    )
    best_on: float = Field(default=0.28, ge=0, le=1, description="floor at which a stretch's best label is named")
    other_on: float = Field(default=0.66, ge=0, le=1, description="floor for a second label of another family")
    sibling_on: float = Field(
        default=0.80, ge=0, le=1, description="floor for a second label of a family already named"
    )
    off: float = Field(default=0.13, ge=0, le=1, description="below this a named label is let go")
    keep_lead: float = Field(default=0.2, ge=0, le=8, description="log-odds by which a new name must beat an old one")
    faint_dbfs: float = Field(default=-44.0, ge=-120, le=0, description="a stretch that stays below this is faint")
    faint_lead: float = Field(
        default=0.9, ge=0, le=8, description="log-odds by which a faint stretch must be surer: it is mostly noise"
    )
    today: float = Field(
        default=0.25, ge=0, le=8, description="log-odds that what an input has mostly been today gains at most"
    )
    sure: float = Field(default=0.50, ge=0, le=1, description="one hop this sure confirms alone")
    confirm_hits: int = Field(default=2, ge=1, le=16, description="hops that must agree before a name is given")
    confirm_hops: int = Field(default=3, ge=1, le=16, description="among this many of the newest")
    minimum_s: float = Field(default=0.75, ge=0, le=60, description="a label stays on at least this long")
    release_s: float = Field(default=0.75, ge=0, le=60, description="a label that is no longer heard is held this long")
    memory_hops: int = Field(default=12, ge=1, le=240, description="evidence is averaged over at most this many hops")
    family_on: float = Field(default=0.4, ge=0, le=1, description="floor for a family when none of its members is sure")
    uncertain_s: float = Field(
        default=2.0, ge=0, le=60, description="sound without a name for this long is called uncertain"
    )


class WatchConfig(Section):
    """The watch over each line, without the model."""

    present_dbfs: float = Field(default=-60.0, ge=-120, le=0, description="above this level (RMS) a line is present")
    hot_dbfs: float = Field(default=-3.0, ge=-40, le=0, description="peaks over this are called hot")
    clip_samples: int = Field(default=3, ge=1, le=1000, description="consecutive full-scale samples that mean clipping")
    hold_s: float = Field(default=1.0, ge=0, le=60, description="a state ends this long after its cause")


class OscConfig(Section):
    targets: tuple[str, ...] = Field(default=(), description="HOST:PORT that receives OSC; may be given many times")
    plain: tuple[str, ...] = Field(default=(), description="the same HOST:PORT, for what cannot read OSC bundles")
    listen: str | None = Field(default=None, description="HOST:PORT on which OSC commands arrive")
    snapshot_s: float = Field(
        default=0.0, ge=0, le=3600, description="send the whole state this often; 0 only when asked"
    )


class MidiConfig(Section):
    port: str | None = Field(default=None, description="MIDI output: a port's name, or 'virtual' to make one")
    mode: Literal["notes", "cc", "both"] = Field(default="notes", description="what is sent for a label")
    confidence: bool = Field(default=False, description="also send confidence as a controller, at most 10 a second")
    listen: str | None = Field(default=None, description="MIDI input for commands and MMC: a port's name, or 'virtual'")
    commands: Mapping[str, str] = Field(
        default_factory=dict, description="what a note or controller asks, e.g. 'note 60' = 'ask all'"
    )


class WsConfig(Section):
    listen: str | None = Field(default=None, description="HOST:PORT of the WebSocket server")
    token_file: Path | None = Field(
        default=None, description="file with the token that clients of another machine must know"
    )
    origins: tuple[str, ...] = Field(
        default=(), description="web page origin that may connect; may be given many times"
    )


class Config(Section):
    """Everything, in the order in which the flags are listed: what most people set comes first."""

    source: SourceConfig = SourceConfig()
    inputs: tuple[InputConfig, ...] = ()
    band: tuple[str, ...] = Field(
        default=(), description="who plays: labels, families, or words as on a desk; what they play is likelier"
    )
    groups: tuple[str, ...] = Field(
        default=(), description="inputs of one source, told as one, e.g. 3-4; may be given many times"
    )
    labels: tuple[str, ...] = Field(default=(), description="label to tell of; may be given many times; default: all")
    thresholds: Mapping[str, float] = Field(
        default_factory=dict, description="floor of one label, e.g. violin=0.6; may be given many times"
    )
    model: ModelConfig = ModelConfig()
    osc: OscConfig = OscConfig()
    midi: MidiConfig = MidiConfig()
    ws: WsConfig = WsConfig()
    journal: str | None = Field(default=None, description="file for the events (JSON lines); - for standard output")
    record: Path | None = Field(default=None, description="WAV file (float32) that keeps what was heard")
    smoothing: SmoothingConfig = SmoothingConfig()
    watch: WatchConfig = WatchConfig()

    @field_validator("band", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return listed(value)

    @field_validator("groups")
    @classmethod
    def _groups(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        members = [channel for text in value for channel in group_members(text)]
        if len(members) != len(set(members)):
            raise ValueError("an input can be in one group only")
        return value

    @field_validator("labels", "thresholds")
    @classmethod
    def _known_labels(cls, value: Any) -> Any:
        for label in value:
            if label not in BY_ID:
                raise ValueError(f"no label '{label}'{nearest(label, BY_ID)}")
        return value


def listed(value: Any) -> Any:
    """Words apart, commas too: "piano, violin" is two. Raises ValueError for a word that means no label."""
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        return value
    parts = [part.strip() for word in words for part in word.split(",") if part.strip()]
    for part in parts:
        if not labels_meant(part):
            raise ValueError(f"no label '{part}'{nearest(part, BY_ID)}")
    return tuple(parts)


def group_members(text: str) -> tuple[int, ...]:
    """The inputs of "3-4" or "3,4,7". Raises ValueError for what is no list of two or more inputs."""
    try:
        members = choose(text, MOST_INPUTS, "a group")
    except UsageError as error:
        raise ValueError(str(error)) from None
    if len(members) < 2:
        raise ValueError(f"a group is two inputs or more, such as 3-4; got '{text}'")
    return tuple(column + 1 for column in members)


def nearest(word: str, known: Mapping[str, Any] | list[str]) -> str:
    """'; did you mean …?' with the known word nearest to `word`, or nothing."""
    found = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{found[0]}'?" if found else ""


def read_toml(path: Path) -> dict[str, Any]:
    """The file's values. Raises UsageError naming the line that is wrong."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the configuration {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}") from None


def build(values: Mapping[str, Any], origin: str, spell: Callable[[str], str] = str) -> Config:
    """`values` checked. Raises UsageError with the first thing that is wrong.

    `origin` says where it stands, `spell` how a key such as "model.hop_ms" is written there.
    """
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise UsageError(f"{origin}: {_explain(error, spell)}") from None


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with every value of `over` laid on top, section by section, and input by input."""
    out = dict(base)
    for key, value in over.items():
        below = out.get(key)
        if key == "inputs" and isinstance(below, list):
            out[key] = _merged_inputs(below, value)
            continue
        nested = isinstance(value, Mapping) and isinstance(below, Mapping)
        out[key] = merged(below, value) if nested else value  # pyright: ignore[reportArgumentType]
    return out


def _merged_inputs(base: list[Any], over: list[dict[str, Any]]) -> list[Any]:
    """Entries of the same channel are one; what is no table stays, for the check to tell."""
    out = list(base)
    channels = [str(one.get("channel")) if isinstance(one, dict) else "" for one in base]  # pyright: ignore
    for entry in over:
        channel = str(entry["channel"])
        if channel in channels:
            out[channels.index(channel)] = {**out[channels.index(channel)], **entry}
        else:
            out.append(entry)
    return out


def _explain(error: ValidationError, spell: Callable[[str], str]) -> str:
    errors = error.errors()
    # a mistyped key is also a missing one: the first says more
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"unknown key '{place}'{nearest(str(first['loc'][-1]), _keys_at(first['loc'][:-1]))}"
    return f"{spell(place)}: {first['msg'].removeprefix('Value error, ')}"


def _keys_at(place: tuple[int | str, ...]) -> list[str]:
    section: type[BaseModel] = Config
    for part in place:
        if isinstance(part, int):
            continue
        annotation = section.model_fields[part].annotation
        section = InputConfig if part == "inputs" else annotation  # pyright: ignore[reportAssignmentType]
    return list(section.model_fields)
