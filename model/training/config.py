"""What one training run is: a TOML file, checked and typed."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..augment.settings import MixSettings
from ..errors import ConfigError

SHIPPED = Path(__file__).resolve().parents[1] / "configs"

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Start(_Section):
    """Weights to begin with, instead of random ones: a public checkpoint, or an earlier run's.

    `checkpoint` is a public checkpoint's file, downloaded from `url` where it is not there; `classes` is its table of
    class names (`display_name` by `index`), from `classes_url`, by which the rows of the new last layer are chosen.
    Without `classes` the last layer starts anew. `run` is an earlier run's checkpoint of the same network, `model` a
    model file that was exported from one.
    """

    checkpoint: Path | None = None
    url: str = ""
    classes: Path | None = None
    classes_url: str = ""
    run: Path | None = None
    model: Path | None = None


class Loss(_Section):
    """What is minimised: a loss by its name in `losses`, and how much instrument families count beside it.

    `balanced` lets rare labels count more: in `binary` their positives, in `cross_entropy` their windows. `gamma` is
    that of `focal`.
    """

    name: Literal["binary", "cross_entropy", "focal", "iou"] = "binary"
    balanced: bool = False
    gamma: Annotated[float, Field(ge=1)] = 2.0
    family: Annotated[float, Field(ge=0)] = 0.0


class Teachers(_Section):
    """Model files whose mean log-odds are soft labels, and the share of the loss that follows them."""

    files: tuple[Path, ...] = ()
    share: Share = 0.5


class Mixup(_Section):
    """Beta(alpha, alpha) of mixing pairs of windows, and pairs of embeddings; 0 mixes none."""

    input_alpha: Annotated[float, Field(ge=0)] = 0.0
    embedding_alpha: Annotated[float, Field(ge=0)] = 0.0


class Mask(_Section):
    """Longest stretches of time and of bands that are masked in what the front end makes, as shares of the whole."""

    time_share: Share = 0.0
    band_share: Share = 0.0


class RunConfig(_Section):
    """One run. Paths are relative to the folder that the command is given in.

    `rate` is the learning rate of the body, `head_rate` how many times that the classifier learns at. `licences`
    "no-nc" leaves out what forbids commercial use. `teacher` says that the weights will only teach others and never be
    passed on: such a run may hear sound whose owners state no licence. `workers` processes mix the windows; 0 mixes
    them between the steps.
    """

    net: str = "earmark"
    corpora: tuple[Path, ...] = ()
    cache: Path = Path(".cache/corpus")
    out: Path = Path(".cache/run")
    windows: Count = 200_000
    batch: Count = 32
    rate: Positive = 1e-3
    head_rate: Positive = 3.0
    weight_decay: Annotated[float, Field(ge=0)] = 1e-2
    seed: int = 1
    licences: Literal["all", "no-nc"] = "all"
    teacher: bool = False
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: Count = 2
    workers: Annotated[int, Field(ge=0)] = 1
    start: Start = Start()
    loss: Loss = Loss()
    teachers: Teachers = Teachers()
    mixup: Mixup = Mixup()
    mask: Mask = Mask()
    mix: MixSettings = MixSettings()


def load(path: Path) -> RunConfig:
    """The run in a TOML file, or in the shipped config of that name.

    Raises ConfigError with one line that names the file, the key and what is wrong with it.
    """
    shipped = SHIPPED / f"{path}.toml"
    file = shipped if not path.exists() and shipped.exists() else path
    try:
        return RunConfig.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        known = ", ".join(sorted(config.stem for config in SHIPPED.glob("*.toml")))
        raise ConfigError(f"{path}: no such file, and no shipped config of that name; those are {known}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not a TOML file: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def changed(config: RunConfig, values: Mapping[str, Any]) -> RunConfig:
    """The same run with other `values`, checked like those of a file."""
    return RunConfig.model_validate(config.model_dump() | dict(values))
