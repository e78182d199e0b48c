"""Figures of parts: which one scores highest, by kit and bleed, and where parts are heard that are not there."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from earmark.model.errors import UsageError
from earmark.model.judging import parts
from earmark.model.judging.cases import Cases
from earmark.model.labels import MODEL_LABELS, PART_LABELS
from earmark.model.tagger import Tagger

from .. import fixtures
from ..drums import kit


class BrightOrDark(nn.Module):
    """Hears a kick where the power lies below 500 Hz, else cymbals; nothing in silence."""

    def __init__(self) -> None:
        super().__init__()
        self.sure = nn.Parameter(torch.tensor(0.9))

    def forward(self, audio: Tensor) -> Tensor:
        power = torch.view_as_real(torch.fft.rfft(audio)).square().sum(-1)
        dark = power[:, :500].sum(1) > power[:, 500:].sum(1)
        out = torch.zeros(audio.shape[0], 6)
        out[:, 1] = torch.where(dark, self.sure, 0.1)
        out[:, 5] = torch.where(dark, 0.1, self.sure)
        return out * (power.sum(1) > 1e-6).unsqueeze(1)


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    path = tmp_path_factory.mktemp("model") / "parts.ts"
    labels = ["piano", *PART_LABELS]
    return Tagger(fixtures.write(path, BrightOrDark(), labels=labels, thresholds=[0.5] * len(labels)), "cpu")


@pytest.fixture(scope="module")
def cases(tagger: Tagger) -> list[parts.PartCase]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "WINDOWS", 6)
        return parts.judge(tagger, [kit("left out", "macarthur"), kit("learned", "made")])


def test_only_kits_that_are_held_out_are_judged(cases: list[parts.PartCase]) -> None:
    assert {case.kit for case in cases} == {"left out"}
    assert len(cases) == len(PART_LABELS) * len(parts.BLEED_DB)


def test_the_right_part_counts(cases: list[parts.PartCase]) -> None:
    alone = {case.part: case.right.mean() for case in cases if case.bleed_db is None}
    assert alone["kick"] > 0.8
    assert alone["cymbals"] > 0.8
    assert alone["snare"] == alone["hi_hat"] == 0


def test_tables_have_a_row_for_each_level_and_kit(cases: list[parts.PartCase]) -> None:
    by_bleed, by_kit = parts.by_bleed(cases), parts.by_kit(cases)
    assert by_bleed.header[1:] == (*PART_LABELS, "all", "ECE")
    assert [row[0] for row in by_bleed.rows] == ["none", "−18 dB", "−12 dB", "−6 dB"]
    assert by_kit.rows[0][0] == "left out, none"
    assert by_kit.rows[0][1:] == by_bleed.rows[0][1:]
    assert float(by_bleed.rows[0][6]) == pytest.approx(
        np.mean([float(cell) for cell in by_bleed.rows[0][1:6]]), abs=5e-3
    )


def test_alarms_are_told_by_label_and_percussion_apart(tagger: Tagger) -> None:
    low = (0.3 * np.sin(2 * np.pi * 100 * np.arange(48_000) / 48_000) * 32767).astype(np.int16)
    audio = np.stack([low, np.zeros(48_000, np.int16), low])
    target = np.zeros((3, len(MODEL_LABELS)))
    for row, label in enumerate(("piano", "piano", "drum_set")):
        target[row, MODEL_LABELS.index(label)] = 1
    found = parts.alarms(tagger, Cases(audio, target, target, target, np.array(["one"] * 3)))
    assert [(one.label, one.windows, one.shares) for one in found] == [
        ("piano", 2, (0.5, 0, 0, 0, 0)),
        ("drum_set", 1, (1, 0, 0, 0, 0)),
    ]
    table = parts.alarm_table(found)
    assert table.rows[0] == ("all that is no percussion", "2", "0.500", "0.000", "0.000", "0.000", "0.000")
    assert [row[0] for row in table.rows[1:]] == ["piano", "drum_set"]


def test_a_model_without_parts_and_kits_that_were_learned_are_refused(tagger: Tagger, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no kick"):
        parts.columns_of(Tagger(fixtures.write(tmp_path / "tones.ts"), "cpu"))
    with pytest.raises(UsageError, match="nothing learned from"):
        parts.judge(tagger, [kit()])
