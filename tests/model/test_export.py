"""An exported file keeps the contract and holds the calibration that was fitted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from earmark.model import contract, export, torchscript
from earmark.model.judging import validation
from earmark.model.labels import MODEL_LABELS
from earmark.model.nets import mn

from .sounds import write_recordings


def weights(seed: int) -> dict[str, torch.Tensor]:
    torch.manual_seed(seed)
    return mn.build("mn04", len(MODEL_LABELS)).state_dict()


def write_checkpoint(folder: Path, start: int, end: int) -> Path:
    """What a run leaves, with random weights of these seeds at its start and its end."""
    state = {"start": weights(start), "average": weights(end), "plan": {"network": "mn04"}}
    torch.save(state, folder / f"{start}-{end}.pt")
    return folder / f"{start}-{end}.pt"


@pytest.fixture(scope="module", autouse=True)
def few_sums() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "SUMS", 20)
        yield


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_recordings(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    return write_checkpoint(folder, start=1, end=2)


@pytest.fixture(scope="module")
def file(checkpoint: Path, recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model") / "model.ts"
    export.export([checkpoint], out, recordings)
    return out


def test_keeps_the_contract(file: Path) -> None:
    module, meta = torchscript.load(file)
    known = contract.check(module, meta, file.name)
    assert known.labels == MODEL_LABELS
    assert (known.sample_rate, known.window) == (48_000, 48_000)
    assert contract.splits(module)
    assert 12_000 % (known.frame_hop or 0) == 0


def test_leaves_no_half_written_file(file: Path) -> None:
    assert [path.name for path in file.parent.iterdir()] == ["model.ts"]


def test_the_same_as_the_network_that_was_exported(checkpoint: Path, recordings: Path, file: Path) -> None:
    network = export.network_of([checkpoint])
    export.calibrated(network, validation.windows(recordings))
    audio = 0.1 * torch.randn(3, 48_000, generator=torch.Generator().manual_seed(4))
    module, _ = torchscript.load(file)
    with torch.inference_mode():
        torch.testing.assert_close(module(audio), network(audio), atol=1e-5, rtol=1e-4)


def test_uncalibrated_without_recordings(checkpoint: Path, tmp_path: Path) -> None:
    export.export([checkpoint], tmp_path / "plain.ts", None)
    module, meta = torchscript.load(tmp_path / "plain.ts")
    assert meta["thresholds"] == [export.UNCALIBRATED_THRESHOLD] * len(MODEL_LABELS)
    assert dict(module.named_buffers())["scale"].tolist() == [1.0] * len(MODEL_LABELS)


def test_runs_in_half_precision_with_the_front_end_in_float32(file: Path) -> None:
    module, _ = torchscript.load(file)
    audio = 0.1 * torch.randn(2, 48_000, generator=torch.Generator().manual_seed(4))
    with torch.inference_mode():
        plain = module(audio)
        halved = module.to(torch.bfloat16)
        assert halved.mel(audio).dtype == torch.float32
        given = halved(audio)
    assert given.dtype == torch.float32
    torch.testing.assert_close(given, plain, atol=0.1, rtol=0)


def test_blends_the_start_with_the_mean_of_the_ends(tmp_path: Path) -> None:
    paths = [write_checkpoint(tmp_path, start=1, end=end) for end in (2, 3)]
    name = "features.0.0.weight"
    given = export.network_of(paths).features.state_dict()[name]
    mean = (weights(2)[name] + weights(3)[name]) / 2
    torch.testing.assert_close(given, (1 - export.SHARE) * weights(1)[name] + export.SHARE * mean)


def test_runs_from_different_starts_are_refused(tmp_path: Path) -> None:
    paths = [write_checkpoint(tmp_path, start=start, end=2) for start in (1, 4)]
    with pytest.raises(ValueError, match="different weights"):
        export.network_of(paths)
