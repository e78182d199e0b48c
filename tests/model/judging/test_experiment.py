"""The windows, recordings and pairs that an experiment is judged on."""

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus.decoded import SAMPLE_RATE
from earmark.model.corpus.targets import COLUMN
from earmark.model.errors import UsageError
from earmark.model.judging import experiment, validation
from earmark.model.judging.metrics import Floats
from earmark.model.labels import MODEL_LABELS

from ..sounds import tone


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two seconds of piano and a short violin to test on, a trumpet to learn from."""
    monkeypatch.setattr(validation, "SUMS", 40)
    random = np.random.default_rng(1)
    rows = (("piano", "test", 262.0, 2.0), ("violin", "test", 440.0, 0.4), ("trumpet", "train", 600.0, 2.0))
    with (tmp_path / "manifest.csv").open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["path", "label", "kind", "source", "licence", "dur_s", "player", "split"])
        for label, split, hertz, seconds in rows:
            soundfile.write(tmp_path / f"{label}.wav", tone(hertz, seconds, random), SAMPLE_RATE)
            writer.writerow([f"{label}.wav", label, "phrase", "here", "CC0", seconds, "", split])
    return tmp_path


def piano(audio: np.ndarray) -> Floats:
    """Hears a piano in whatever sounds to the end."""
    scores = np.zeros((len(audio), len(MODEL_LABELS)))
    scores[:, COLUMN["piano"]] = np.abs(audio[:, -480:]).max(1) > 0
    return scores


def test_each_window_by_itself(folder: Path) -> None:
    found = experiment.figures("cod", folder, "test", piano)
    # Three seconds of piano, half a second apart, and the violin, which is repeated until it fills a window.
    assert (found.judged_by, found.judged, found.accuracy) == ("windows", 4, 0.75)


def test_recordings_as_a_whole(folder: Path) -> None:
    found = experiment.figures("irmas_cnn", folder, "test", piano)
    assert (found.judged_by, found.judged, found.accuracy) == ("recordings", 2, 0.5)


def test_sums_of_two(folder: Path) -> None:
    found = experiment.figures("irmas_cnn-transfer", folder, "test", piano)
    assert (found.judged_by, found.judged, found.single) == ("pairs", 40, 0)
    # Of piano and violin it hears the first: three of four labels are right.
    assert (found.label_accuracy, found.exact_match) == (0.75, 0)


def test_what_cannot_be_judged(folder: Path) -> None:
    with pytest.raises(UsageError, match="known are cod"):
        experiment.figures("nosuch", folder, "test", piano)
    with pytest.raises(UsageError, match="nothing to judge by 'cod'"):
        experiment.figures("cod", folder, "validation", piano)
