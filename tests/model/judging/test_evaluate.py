"""A tiny model that tells low, middle and high tones apart, judged on a few recordings."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from earmark.model.corpus.targets import COLUMN
from earmark.model.errors import ContractError, UsageError
from earmark.model.judging import evaluate, validation
from earmark.model.labels import MODEL_LABELS
from earmark.model.tagger import Tagger

from ..fixtures import Bent, write
from ..sounds import write_recordings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("recordings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "SUMS", 20)
        yield write_recordings(folder)


@pytest.fixture(scope="module")
def report(folder: Path) -> evaluate.Report:
    """`Tones` says piano for 250 to 2,000 Hz: for the flute at 700 Hz, and for the voice; bass for the tuba."""
    return evaluate.evaluate([write(folder / "tones.ts")], folder)[0]


def test_what_the_file_is(report: evaluate.Report, folder: Path) -> None:
    assert (report.title, report.file, report.name, report.labels) == ("tones", "tones.ts", "tones", 3)
    assert report.size_bytes == (folder / "tones.ts").stat().st_size
    assert report.windows["one"] == 15
    assert report.speed.processor
    assert report.speed.batches == sum(report.windows.values()) // evaluate.BATCH
    json.dumps(asdict(report))


def test_what_it_makes_of_one_instrument(report: evaluate.Report) -> None:
    assert (report.figures.naming.windows, report.figures.naming.top1) == (15, 0)
    by_label = {one.label: one for one in report.figures.labels}
    assert by_label["flute"].windows == 5
    assert (by_label["flute"].threshold, by_label["tuba"].threshold) == (0.5, None)
    assert by_label["flute"].recall == 0
    confusion = np.array(report.figures.confusion)
    assert confusion[COLUMN["flute"], COLUMN["piano"]] == 1
    assert confusion[COLUMN["tuba"], COLUMN["electric_bass"]] == 1


def test_false_alarms(report: evaluate.Report) -> None:
    assert report.figures.alarms["speech"] == 1  # a tone of 150 Hz: bass
    assert report.figures.alarms["silence"] < 1
    assert set(report.figures.alarms) == {"any", "speech", "noise", "silence"}


def test_scores_stand_in_the_columns_of_our_labels(folder: Path) -> None:
    tagger = Tagger(folder / "tones.ts", "cpu")
    sound = (0.3 * np.sin(2 * np.pi * 700 * np.arange(48_000) / 48_000) * 32767).astype(np.int16)
    scores, _ = evaluate.scored(tagger, sound[None], lambda _: None)
    assert scores.shape == (1, len(MODEL_LABELS))
    assert scores[0].argmax() == COLUMN["piano"]
    assert np.count_nonzero(scores) == 3
    thresholds = evaluate.thresholds_of(tagger)
    assert thresholds[COLUMN["piano"]] == 0.5
    assert np.isinf(thresholds).sum() == len(MODEL_LABELS) - 3


def test_sound_is_fitted_to_the_model() -> None:
    sound = np.arange(48_000, dtype=np.float32)[None] / 48_000
    np.testing.assert_array_equal(evaluate.fitted(sound, 48_000, 100), sound[:, -100:])
    longer = evaluate.fitted(sound, 48_000, 50_000)
    assert not longer[:, :2_000].any()
    np.testing.assert_array_equal(longer[:, 2_000:], sound)
    assert evaluate.fitted(sound, 16_000, 16_000).shape == (1, 16_000)


def test_titles_tell_files_apart() -> None:
    assert evaluate.titles([Path("a/one.ts"), Path("a/two.ts")]) == ["one", "two"]
    assert evaluate.titles([Path("a/one.ts"), Path("b/one.ts")]) == ["a/one.ts", "b/one.ts"]


def test_bad_input(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="must be finite"):
        evaluate.evaluate([write(tmp_path / "bent.ts", Bent("nan"))], folder)
    with pytest.raises(UsageError, match=r"recordings\.csv"):
        evaluate.evaluate([folder / "tones.ts"], tmp_path)
