"""From the true onset of a real solo to the first event that names it right.

Each recording of one instrument is laid after three seconds of faint noise, at a random offset from the hop grid, and
pushed through the session as a live source would. The true onset is the first 10 ms within 30 dB of the loudest. The
delay is `decided_sample` minus that, plus the wall time of the step that decided. A name that a rename mended later is
counted apart, and so is the first onset that names at least the right family ("strings", or another instrument of it).

    python bench/onset.py RECORDINGS [--hop-ms 250] [--model FILE]

RECORDINGS is a folder with recordings.csv (path, label, role, …); rows of role SOLO with a label of the table are used.
"""

import csv
import time
from pathlib import Path
from typing import Any, Literal

import click
import numpy as np
import soundfile
from common import plot, publish, summary, survival

from earmark.model.labels import BY_ID, family_of
from earmark.model.tagger import Tagger
from earmark.realtime.config import Config
from earmark.realtime.events import Event
from earmark.realtime.session import Session
from earmark.realtime.stamps import Identity

RATE, SOLO_S, REST_S, FRAME = 48_000, 6, 3, 480
NEIGHBOURS = {"female_singer": "vocalists", "male_singer": "vocalists"}
NEIGHBOURS |= dict.fromkeys(("trumpet", "trombone", "french_horn", "tuba"), "brass_section")


def solos(folder: Path) -> list[tuple[str, Path]]:
    with (folder / "recordings.csv").open(newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["role"] == "SOLO" and row["label"] in BY_ID]
    return [(row["label"], folder / row["path"]) for row in rows]


def laid_out(path: Path, random: np.random.Generator) -> tuple[np.ndarray, int]:
    """The take [1, samples] and its true onset in samples."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == RATE
    mono = sound.mean(1)
    frames = mono[: len(mono) // FRAME * FRAME].reshape(-1, FRAME)
    loud = (frames**2).mean(1)
    first = int(np.flatnonzero(loud >= loud.max() * 1e-3)[0]) * FRAME
    solo = mono[first : first + SOLO_S * RATE]
    solo = solo / (np.abs(solo).max() + 1e-9) * 10 ** (random.uniform(-30, -6) / 20)
    rest = REST_S * RATE + int(random.integers(0, RATE // 4))
    take = np.concatenate([np.zeros(rest), solo]) + random.normal(0, 10 ** (-75 / 20), rest + len(solo))
    return take.astype(np.float32)[None], rest


def right_names(
    label: str, take: np.ndarray, onset: int, tagger: Tagger, config: Config
) -> dict[Literal["onset", "rename", "family"], float]:
    """Seconds to the first event that names it right, under that event's kind, and to the first onset in its family."""
    session = Session(Identity("bench", RATE, ("",), 0), tagger, config, time.time_ns)
    hop = RATE * config.model.hop_ms // 1000
    found: dict[Literal["onset", "rename", "family"], float] = {}
    for start in range(0, take.shape[1], hop):
        begin = time.perf_counter()
        events = session.push(take[:, start : start + hop])
        step_s = time.perf_counter() - begin
        for event in (event for event in events if event.decided_sample > onset and _named(event)):
            delay_s = (event.decided_sample - onset) / RATE + step_s
            if event.kind == "onset" and family_of(_named(event)) == family_of(label):
                found.setdefault("family", delay_s)
            if _named(event) in (label, NEIGHBOURS.get(label)):
                found["onset" if event.kind == "onset" else "rename"] = delay_s
                return found
    return found


def _named(event: Event) -> str:
    return str(event.fields.get({"onset": "label", "rename": "to"}.get(event.kind, ""), ""))


@click.command(help=__doc__)
@click.argument("recordings", type=click.Path(path_type=Path, exists=True))
@click.option("--hop-ms", default=250)
@click.option("--model", type=click.Path(path_type=Path))
def main(recordings: Path, hop_ms: int, model: Path | None) -> None:
    tagger = Tagger(model, "auto")
    tagger.warm_up(1)
    config = Config.model_validate({"model": {"hop_ms": hop_ms}})
    random, missed = np.random.default_rng(3), list[str]()
    delays: dict[str, list[float]] = {"onset": [], "rename": [], "family": []}
    for label, path in solos(recordings):
        take, onset = laid_out(path, random)
        found = right_names(label, take, onset, tagger, config)
        for kind, delay_s in found.items():
            delays[kind].append(delay_s)
        if not {"onset", "rename"} & set(found):
            missed.append(label)
    either = delays["onset"] + delays["rename"]
    figures: dict[str, Any] = {"hop_ms": hop_ms, "solos": len(either) + len(missed), "never": len(missed)}
    figures["never_by_label"] = {label: missed.count(label) for label in sorted(set(missed))}
    figures["right_at_the_onset_s"] = summary(delays["onset"])
    figures["mended_by_a_rename_s"] = summary(delays["rename"])
    figures["either_s"] = summary(either)
    figures["family_right_at_an_onset_s"] = summary(delays["family"])
    publish("onset", figures)
    curves = {"family": delays["family"], "onset": delays["onset"], "onset or rename": either}
    plot("onset", lambda axes: survival(axes, curves, "s", limit=0.9))


if __name__ == "__main__":
    main()
