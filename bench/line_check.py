"""How often the line check ticks a right line off, and how often it finds a wrong one.

A stage of named lines, on which one solo of some seconds plays: once on the line that bears its name, once on another
one, drawn among those that expect another family. All other lines carry faint noise.

    python bench/line_check.py RECORDINGS [--seconds 10] [--model FILE]

RECORDINGS is a folder with recordings.csv (path, label, role, …); rows of role SOLO with a label of the table are used.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import soundfile
from common import publish, summary
from onset import RATE, solos

from earmark.model.labels import BY_ID, family_of
from earmark.model.tagger import Tagger
from earmark.realtime.config import Config
from earmark.realtime.session import Session
from earmark.realtime.stamps import Identity
from earmark.realtime.track_names import meant

LINES = ("Kit", "Bass DI", "EGtr", "Ac Gtr", "Piano", "Vox", "Vln 1", "Tpt", "Sax", "Fl")
BEFORE_S = 1.0
NOISE_DBFS, PEAK_DBFS = -75.0, -9.0
FOUND = ("wrong", "swapped")


def lines_for(label: str) -> tuple[tuple[str, ...], int]:
    """The names of the stage's lines, and the index of the one that bears this label's name."""
    own = next((index for index, name in enumerate(LINES) if label in meant(name)), None)
    return (LINES, own) if own is not None else ((*LINES, BY_ID[label].detail), len(LINES))


def another(label: str, lines: Sequence[str], random: np.random.Generator) -> int:
    """The index of a line on which nothing of this label's family is expected."""
    strange = [i for i, name in enumerate(lines) if family_of(label) not in {family_of(one) for one in meant(name)}]
    return int(random.choice(strange))


def played(path: Path, seconds: float) -> np.ndarray:
    """[samples]: the solo from its loudest 30 dB on, at a common level."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == RATE
    mono = sound.mean(1)
    first = int(np.flatnonzero(np.abs(mono) > 0.03 * np.abs(mono).max())[0])
    solo = mono[first : first + round(seconds * RATE)]
    return solo / np.abs(solo).max() * 10 ** (PEAK_DBFS / 20)


def told(
    solo: np.ndarray, lines: Sequence[str], on: int, tagger: Tagger, random: np.random.Generator
) -> dict[str, float]:
    """When each state of the line on which the solo plays was first told, in seconds after the solo's begin."""
    before = round(BEFORE_S * RATE)
    sound = random.normal(0, 10 ** (NOISE_DBFS / 20), (len(lines), before + len(solo))).astype(np.float32)
    sound[on, before:] += solo
    named = [{"channel": channel, "name": name} for channel, name in enumerate(lines, 1)]
    session = Session(
        Identity("bench", RATE, tuple(lines), 0), tagger, Config.model_validate({"inputs": named}), lambda: 0
    )
    session.check("start", None)
    first: dict[str, float] = {}
    for event in session.push(sound):
        if event.kind == "check" and event.channel == on + 1:
            first.setdefault(event.fields["state"], event.decided_s - BEFORE_S)
    return first


@click.command(help=__doc__)
@click.argument("recordings", type=click.Path(path_type=Path, exists=True))
@click.option("--seconds", default=10.0)
@click.option("--model", type=click.Path(path_type=Path))
def main(recordings: Path, seconds: float, model: Path | None) -> None:
    tagger = Tagger(model, "auto")
    random = np.random.default_rng(5)
    right, wrong = list[dict[str, float]](), list[dict[str, float]]()
    missed, ticked = Counter[str](), Counter[str]()
    for label, path in solos(recordings):
        lines, own = lines_for(label)
        solo = played(path, seconds)
        right.append(told(solo, lines, own, tagger, random))
        wrong.append(told(solo, lines, another(label, lines, random), tagger, random))
        missed[label] += "good" not in right[-1]
        ticked[label] += "good" in wrong[-1]
    publish("line_check", figures(right, wrong, seconds) | {"not_ticked_off": +missed, "ticked_off_wrongly": +ticked})


def figures(right: Sequence[dict[str, float]], wrong: Sequence[dict[str, float]], seconds: float) -> dict[str, Any]:
    """Shares of the solos, and seconds until it was told, of lines that were patched right and wrong."""
    found = [min(times[state] for state in FOUND if state in times) for times in wrong if set(FOUND) & times.keys()]
    return {
        "solos": len(right),
        "seconds": seconds,
        "right_line_ticked_off": _share(["good" in times for times in right]),
        "right_line_called_wrong": _share([bool(set(FOUND) & times.keys()) for times in right]),
        "right_line_ticked_off_s": summary([times["good"] for times in right if "good" in times]),
        "wrong_line_found": _share([bool(set(FOUND) & times.keys()) for times in wrong]),
        "wrong_line_ticked_off": _share(["good" in times for times in wrong]),
        "wrong_line_found_s": summary(found),
    }


def _share(flags: Sequence[bool]) -> float:
    return round(float(np.mean(flags)), 3)


if __name__ == "__main__":
    main()
