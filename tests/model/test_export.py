"""An exported file keeps the contract and holds the calibration that was fitted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from earmark.model import contract, export, torchscript
from earmark.model.errors import UsageError
from earmark.model.judging import validation
from earmark.model.labels import MODEL_LABELS
from earmark.model.nets import earmark

from .sounds import write_recordings


def weights(seed: int) -> dict[str, torch.Tensor]:
    torch.manual_seed(seed)
    return earmark.build("earmark", len(MODEL_LABELS)).features.state_dict()


def write_checkpoint(folder: Path, start: int, end: int) -> Path:
    """What a run leaves, with random weights of these seeds at its start and its end."""
    state = {
        "start": weights(start),
        "average": weights(end),
        "config": {"net": "earmark", "start": {"checkpoint": "public.pt", "classes": "public.csv"}},
    }
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


def test_the_exported_program_equals_the_network_at_any_batch_size(checkpoint: Path) -> None:
    network = export.network_of([checkpoint])
    network.bias.fill_(-1.0)
    program = export.exported(network).module()
    for batch in (1, 2, 5):
        noise = 0.1 * torch.randn(batch, network.window, generator=torch.Generator().manual_seed(4))
        with torch.inference_mode():
            torch.testing.assert_close(program(noise), network(noise), atol=1e-5, rtol=1e-4)


# PyTorch reads the file's weights into bytes that cannot be written to, and warns of it itself, once.
@pytest.mark.filterwarnings("ignore:The given buffer is not writable:UserWarning")
def test_a_pt2_file_holds_the_same_as_the_model_file(checkpoint: Path, recordings: Path, tmp_path: Path) -> None:
    export.export([checkpoint], tmp_path / "model.ts", recordings, pt2=tmp_path / "model.pt2")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.pt2", "model.ts"]
    module, meta = torchscript.load(tmp_path / "model.ts")
    program = torch.export.load(tmp_path / "model.pt2").module()
    real = torch.from_numpy(validation.windows(recordings).audio[:3]).float() / 32768
    noise = 0.1 * torch.randn(3, meta["window"], generator=torch.Generator().manual_seed(4))
    with torch.inference_mode():
        for audio in (noise, real):
            torch.testing.assert_close(program(audio), module(audio), atol=1e-5, rtol=1e-4)


def test_a_pt2_file_of_another_name_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="must end in"):
        export.write_pt2(export.network_of([checkpoint]), tmp_path / "model.onnx")


def test_a_precision_raises_the_thresholds(checkpoint: Path, recordings: Path) -> None:
    windows = validation.windows(recordings)
    loose, strict = (export.calibrated(export.network_of([checkpoint]), windows, aim) for aim in (None, 0.95))
    assert sum(strict) >= sum(loose)


def test_what_began_with_random_weights_goes_all_the_way(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path, start=1, end=2)
    state = torch.load(path, weights_only=True)
    torch.save(state | {"config": {"net": "earmark"}}, path)
    given = export.network_of([path]).features.state_dict()
    torch.testing.assert_close(given["features.0.0.weight"], weights(2)["features.0.0.weight"])
