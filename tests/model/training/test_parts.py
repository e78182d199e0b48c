"""A head for parts learns, is calibrated, and lands in a model file that keeps the contract."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from earmark.model import contract, export, torchscript
from earmark.model.corpus import drum_kits
from earmark.model.corpus.drum_kits import DrumKit
from earmark.model.errors import ConfigError, UsageError
from earmark.model.labels import MODEL_LABELS, PART_LABELS
from earmark.model.nets import catalogue, earmark
from earmark.model.nets.network import channels_last
from earmark.model.training import part_windows, parts, pretrained
from earmark.model.training.config import Start
from earmark.model.training.part_windows import NO_PART, Amount, Examples
from earmark.model.training.parts import Sound

from .. import fixtures
from ..drums import kit
from ..sounds import write_corpus


def taught(each: int = 120) -> Examples:
    """Five parts in five clouds, and others around nought; ten groups."""
    random = np.random.default_rng(1)
    part = np.repeat([*range(len(PART_LABELS)), NO_PART], each)
    centres = 6 * np.vstack([np.eye(6)[:5], np.zeros(6)])
    seen = (centres[part] + random.standard_normal((len(part), 6))).astype(np.float16)
    return Examples(seen, part, np.arange(len(part)) % 10)


def test_it_learns_which_part_and_that_there_may_be_none() -> None:
    examples = taught()
    head = parts.fit(examples, seed=1)
    with torch.inference_mode():
        logits = head(torch.from_numpy(examples.seen).float()).numpy()
    drums = examples.part != NO_PART
    assert (logits[drums].argmax(1) == examples.part[drums]).mean() > 0.9
    assert (logits[~drums] < 0).all(1).mean() > 0.8


def test_the_same_seed_gives_the_same_head() -> None:
    one, other = (parts.fit(taught(40), seed=3).state_dict() for _ in range(2))
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_groups_are_spoken_of_by_heads_that_did_not_see_them(monkeypatch: pytest.MonkeyPatch) -> None:
    examples, sizes = taught(20), list[set[int]]()
    fit = parts.fit
    monkeypatch.setattr(parts, "fit", lambda heard, seed: sizes.append(set(heard.group.tolist())) or fit(heard, seed))
    logits = parts.unheard(examples, seed=1)
    assert [len(groups) for groups in sizes] == [8] * 5
    assert set.intersection(*sizes) == set()
    assert np.abs(logits).min(1).all()


def test_a_window_without_drums_chooses_no_part() -> None:
    logits = torch.tensor([[4.0, -4, -4, -4, -4], [-4, -4, -4, -4, -4]])
    right = parts.loss(logits, torch.tensor([0, NO_PART]))
    wrong = parts.loss(logits, torch.tensor([1, 0]))
    assert float(right) < 0.1 < float(wrong)
    assert float(parts.loss(logits[1:], torch.tensor([NO_PART]))) < 0.1


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of our network with random weights, as `export` leaves it."""
    torch.manual_seed(1)
    network = channels_last(earmark.build("earmark", len(MODEL_LABELS)).eval())
    network.bias.fill_(-1.0)
    out = tmp_path_factory.mktemp("model") / "plain.ts"
    torchscript.save(torchscript.script(network), out, export.meta_of(network, [0.4] * len(MODEL_LABELS), "plain"))
    return out


@pytest.fixture(scope="module")
def file(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same with a head for parts, from two small kits and a small corpus."""
    folder = tmp_path_factory.mktemp("parts")
    (folder / "corpus").mkdir()
    sound = Sound(folder, (write_corpus(folder / "corpus"),), folder / "cache", folder / "work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drum_kits, "kits", _two_kits)
        patch.setattr(part_windows, "OTHERS_A_FILE", 4)
        parts.make(model, folder / "out" / "whole.ts", sound, Amount(of_part=8, of_others=8), seed=1)
        yield folder / "out" / "whole.ts"


def _two_kits(packages: Path, recordings: tuple[Path, ...]) -> Iterator[DrumKit]:
    return iter([kit("a", "one", seed=1), kit("b", "two", seed=2), kit("c", "ForzeeStereo", seed=3)])


def test_the_file_has_the_parts_after_the_labels_and_says_the_same_as_before(file: Path, model: Path) -> None:
    module, meta = torchscript.load(file)
    known = contract.check(module, meta, file.name)
    assert known.labels == (*MODEL_LABELS, *PART_LABELS)
    assert known.thresholds[: len(MODEL_LABELS)] == (0.4,) * len(MODEL_LABELS)
    assert (known.name, known.version) == ("plain", parts.VERSION)
    assert contract.splits(module)
    audio = 0.1 * torch.randn(3, known.window, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        assert torch.equal(module(audio)[:, : len(MODEL_LABELS)], torchscript.load(model)[0](audio))


def test_a_head_that_is_there_is_left_behind(file: Path, model: Path) -> None:
    states = [parts.read(path)[0].state_dict() for path in (file, model)]
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())


def test_a_run_can_start_from_a_file_with_parts(file: Path) -> None:
    network = catalogue.build("earmark", len(MODEL_LABELS))
    pretrained.fill(network, "earmark", Start(model=file))
    assert torch.equal(
        network.state_dict()["features.features.0.0.weight"],
        parts.read(file)[0].state_dict()["features.features.0.0.weight"],
    )


def test_another_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not our network"):
        parts.read(fixtures.write(tmp_path / "tones.ts"))


def test_without_recordings_it_would_not_know_what_is_no_drum(model: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="what is no drum"):
        parts.make(model, tmp_path / "out.ts", Sound(tmp_path, (), tmp_path, tmp_path), Amount(), seed=1)
