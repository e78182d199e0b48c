"""Stand-ins for recordings and for what a run gives: enough to lay out takes and to judge them, without a network."""

import csv
from pathlib import Path

import numpy as np
import soundfile

from earmark.realtime.events import Event

RATE = 48_000
PIANO_HZ, VIOLIN_HZ = 200.0, 900.0
"""What `ToneEars` takes for a piano and for a violin."""

ROWS = (
    ("piano", "SOLO", "", PIANO_HZ, 6.0),
    ("violin", "SOLO", "", VIOLIN_HZ, 7.0),
    ("piano", "SOLO", "", PIANO_HZ * 1.1, 5.5),
    ("violin", "SOLO", "", VIOLIN_HZ * 1.1, 14.0),
    ("violin", "SOLO", "", VIOLIN_HZ, 2.0),
    ("theremin", "SOLO", "", VIOLIN_HZ, 6.0),
    ("piano", "STEM", "duet", PIANO_HZ, 6.0),
    ("violin", "STEM", "duet", VIOLIN_HZ, 5.0),
    ("piano", "STEM", "encore", PIANO_HZ, 4.0),
    ("violin", "STEM", "encore", VIOLIN_HZ, 4.0),
    ("speech", "NEG", "", 400.0, 4.0),
    ("noise", "NEG", "", 0.0, 2.0),
)
"""Label, role, song, frequency (0: noise) and seconds of each recording: the fifth is too short, the sixth unknown."""


def write_recordings(folder: Path) -> Path:
    """A folder with recordings.csv and the sound of `ROWS`, each with half a second of silence before it."""
    random = np.random.default_rng(3)
    with (folder / "recordings.csv").open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["path", "label", "role", "source", "song", "confidence"])
        for number, (label, role, song, hertz, seconds) in enumerate(ROWS):
            time_s = np.arange(round(seconds * RATE)) / RATE
            sound = 0.3 * np.sin(2 * np.pi * hertz * time_s) if hertz else 0.1 * random.standard_normal(len(time_s))
            before = np.zeros(RATE // 2 if role == "SOLO" else 0)
            soundfile.write(folder / f"{number}.wav", np.concatenate([before, sound]), RATE)
            writer.writerow([f"{number}.wav", label, role, "here", song, "high"])
    return folder


def edge(kind: str, channel: int, decided_s: float, sample_s: float | None = None, **fields: object) -> Event:
    """An event of the given kind, decided at `decided_s`; its own time is the same where `sample_s` is not given."""
    own = round((decided_s if sample_s is None else sample_s) * RATE)
    return Event("s", 1, kind, channel, "", own, round(decided_s * RATE), RATE, 0, 0, None, fields)
