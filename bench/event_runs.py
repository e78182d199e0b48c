"""Takes through the session that `earmark label` runs, again and again with other settings.

What the network answers to a window does not depend on what is decided afterwards: it is asked once for each window and
remembered, so that a second run over the same takes costs seconds. `told_by_command` runs the real command on a take,
to show that both give the same events.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
from numpy.typing import NDArray
from takes_layout import RATE, Take

from earmark.model.tagger import Tagger
from earmark.realtime.config import Config
from earmark.realtime.events import EDGES, Event
from earmark.realtime.identity import new_identity
from earmark.realtime.session import Ears, Session

BLOCK_S: Final = 10
EVERY: Final = 61
"""Windows are told apart by every so many-th sample: each has noise in it, so that no two agree in all of these."""

CONFIDENCE_GRAIN: Final = 1e-3
"""Batches of other sizes may differ by this much."""

Edge = tuple[str, int, str, str, int, int]


class RememberingEars:
    """Asks `ears` once for each window and remembers the answer."""

    def __init__(self, ears: Ears):
        self.labels = ears.labels
        self.sample_rate = ears.sample_rate
        self.window = ears.window
        self._ears = ears
        self._known: dict[bytes, NDArray[np.float32]] = {}

    def tag(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """[n, window] → probabilities [n, labels]."""
        keys = [blake2b(window[::EVERY].tobytes(), digest_size=16).digest() for window in windows]
        new = [place for place, key in enumerate(keys) if key not in self._known]
        if new:
            answers = self._ears.tag(windows[new])
            self._known |= {keys[place]: answer for place, answer in zip(new, answers, strict=True)}
        return np.stack([self._known[key] for key in keys])


def run(take: Take, config: Config, ears: Ears, two_pass: bool = False) -> list[Event]:
    """All events of a take. They depend on nothing but the sound, the settings and the ears."""
    identity = new_identity(("",) * len(take.samples), RATE, config.inputs, 0, take.name)
    session = Session(identity, ears, config, lambda: 0, two_pass)
    events: list[Event] = []
    for start in range(0, take.samples.shape[1], BLOCK_S * RATE):
        events += session.push(take.samples[:, start : start + BLOCK_S * RATE].astype(np.float32) / 32768)
    return events + session.finish()


def told_by_command(take: Take, flags: Sequence[str], model: Path | None) -> list[dict[str, Any]]:
    """The events that `earmark label FLAGS` writes of the take into a journal, as JSON has them."""
    with tempfile.TemporaryDirectory() as folder:
        sound, journal = Path(folder) / "take.flac", Path(folder) / "journal.jsonl"
        soundfile.write(sound, take.samples.T, RATE, subtype="PCM_16")
        earmark = Path(sys.executable).with_name("earmark")
        chosen = ["--model", str(model)] if model else []
        subprocess.run([earmark, "label", sound, "--journal", journal, *chosen, *flags], check=True)
        return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]


def edges(events: Iterable[Mapping[str, Any]]) -> list[Edge]:
    """What was named when, from events as JSON has them: all that must be the same, confidence apart."""
    return [
        (
            one["kind"],
            one["channel"],
            one.get("from", ""),
            one["to"] if one["kind"] == "rename" else one["label"],
            one["sample"],
            one["decided_sample"],
        )
        for one in events
        if one["kind"] in EDGES
    ]


def same_as_command(take: Take, ears: Ears, model: Path | None) -> bool:
    """Whether the command and a run in here name the same at the same times, with the settings as they ship."""
    here = [event.to_dict() for event in run(take, Config(), ears)]
    there = told_by_command(take, (), model)
    confidences = [[one["confidence"] for one in events if one["kind"] in EDGES] for events in (here, there)]
    return edges(here) == edges(there) and bool(np.allclose(*confidences, rtol=0, atol=CONFIDENCE_GRAIN))


def ears_of(model: Path | None, inputs: int) -> RememberingEars:
    """The model's ears, warmed up for so many inputs."""
    tagger = Tagger(model, "auto")
    tagger.warm_up(inputs)
    return RememberingEars(tagger)
