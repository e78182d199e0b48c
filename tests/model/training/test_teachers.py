"""Teachers agree on soft labels; files that cannot teach are refused."""

from pathlib import Path

import pytest
import torch

from earmark.model import export, torchscript
from earmark.model.errors import ContractError
from earmark.model.labels import MODEL_LABELS
from earmark.model.nets import catalogue
from earmark.model.training.teachers import Teachers

from .. import fixtures

CPU = torch.device("cpu")


def write_teacher(path: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    network = catalogue.build("earmark", len(MODEL_LABELS)).eval()
    torchscript.save(torchscript.script(network), path, export.meta_of(network, [0.5] * len(MODEL_LABELS), path.stem))
    return path


def test_two_teachers_give_the_mean_of_their_log_odds(tmp_path: Path) -> None:
    files = [write_teacher(tmp_path / f"{seed}.ts", seed) for seed in (1, 2)]
    audio = 0.1 * torch.randn(2, 48_000, generator=torch.Generator().manual_seed(3))
    each = [Teachers([file], CPU)(audio) for file in files]
    both = Teachers(files, CPU)(audio)
    wanted = torch.sigmoid(torch.stack([torch.logit(one) for one in each]).mean(0))
    torch.testing.assert_close(both, wanted, atol=1e-4, rtol=1e-3)
    assert both.shape == (2, len(MODEL_LABELS))
    assert not both.requires_grad


def test_a_file_without_our_labels_cannot_teach(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot teach"):
        Teachers([fixtures.write(tmp_path / "tones.ts")], CPU)
