"""A report on a tiny model and synthesised recordings."""

from pathlib import Path

import pytest

from earmark.model.judging import validation
from earmark.model.judging.evaluate import Report, evaluate

from ..fixtures import write
from ..sounds import write_recordings


def made(folder: Path, *names: str) -> list[Report]:
    """Reports on a model file for each of `names`, which says `flute` for high tones and silence alike."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "SUMS", 20)
        return evaluate([write(folder / f"{name}.ts") for name in names], write_recordings(folder))
