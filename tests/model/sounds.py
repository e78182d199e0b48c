"""Small stand-ins for what training reads: a corpus, recordings to calibrate on, an AudioSet checkpoint."""

import csv
from pathlib import Path

import numpy as np
import soundfile
import torch

from earmark.model.corpus.decoded import SAMPLE_RATE
from earmark.model.nets import earmark
from earmark.model.training.audioset import AUDIOSET_CLASSES

CLIPS = (
    ("violin", "phrase", "CC0", 440.0, 3.0),
    ("piano", "note", "CC-BY-NC 4.0", 262.0, 0.6),
    ("piano", "note", "CC0", 330.0, 1.4),
    ("vocals", "stem", "CC0", 220.0, 2.0),
    ("speech", "neg", "CC0", 150.0, 2.0),
    ("sitar", "note", "CC0", 190.0, 1.0),
    ("noise", "neg", "CC0", 0.0, 2.0),
)
"""Label, kind, licence, frequency (0: noise) and seconds of each clip."""


def write_corpus(folder: Path) -> Path:
    """A folder with a manifest and the sound of `CLIPS`."""
    random = np.random.default_rng(1)
    with (folder / "manifest.csv").open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["path", "label", "kind", "source", "licence", "label_confidence", "dur_s", "player"])
        for number, (label, kind, licence, hertz, seconds) in enumerate(CLIPS):
            soundfile.write(folder / f"{number}.wav", tone(hertz, seconds, random), SAMPLE_RATE)
            writer.writerow([f"{number}.wav", label, kind, "here", licence, "high", seconds, ""])
    return folder


def write_recordings(folder: Path) -> Path:
    """A folder of labelled recordings: two instruments, speech, and nothing."""
    random = np.random.default_rng(2)
    rows = [("flute", "SOLO", 700.0), ("tuba", "STEM", 60.0), ("GRP_voice", "SOLO", 300.0), ("speech", "NEG", 150.0)]
    with (folder / "recordings.csv").open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["path", "label", "role", "source", "song", "confidence"])
        for label, role, hertz in rows:
            soundfile.write(folder / f"{label}.wav", tone(hertz, 3.0, random), SAMPLE_RATE)
            writer.writerow([f"{label}.wav", label, role, "here", "", "high"])
        soundfile.write(folder / "silence.wav", np.zeros(SAMPLE_RATE), SAMPLE_RATE)
        writer.writerow(["silence.wav", "silence", "NEG", "here", "", "high"])
    return folder


def tone(hertz: float, seconds: float, random: np.random.Generator) -> np.ndarray:
    """A sine, or noise where `hertz` is 0."""
    time_s = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return 0.3 * np.sin(2 * np.pi * hertz * time_s) if hertz else 0.1 * random.standard_normal(len(time_s))


def write_audioset(folder: Path) -> tuple[Path, Path]:
    """A checkpoint with random weights and a table of class names, formed like AudioSet's."""
    names = sorted({name for classes in AUDIOSET_CLASSES.values() for name in classes})
    checkpoint, table = folder / "audioset.pt", folder / "classes.csv"
    torch.manual_seed(0)
    torch.save(earmark.build("earmark", len(names)).features.state_dict(), checkpoint)
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["index", "mid", "display_name"])
        writer.writerows([index, f"/m/{index}", name] for index, name in enumerate(names))
    return checkpoint, table
