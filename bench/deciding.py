"""CPU time of deciding what plays, beside the model's: milliseconds a hop, all inputs sounding.

Each input has a sound of its own; once they are apart, and once all others bleed into it at -18 dB in sum, which must
be taken off every input's sound before the model hears it. The session runs once with the
model's answers at no cost: what it takes then is everything but the model. The cutting of windows for the model and the
watch over the lines are measured apart and taken off; the rest is deciding: gate, bleed, evidence, names, events.

    python bench/deciding.py [--inputs 8 --inputs 64] [--seconds 30] [--model FILE]

CPU time, not wall time, and the median of the hops: what runs beside the measurement matters less.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from common import plot, publish, verdict
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from earmark.model.tagger import Tagger
from earmark.realtime.config import Config
from earmark.realtime.session import Session
from earmark.realtime.stamps import Identity
from earmark.realtime.watch.signal_watch import SignalWatch
from earmark.realtime.windows import Windows

RATE, HOP, NOTE_S, REST_S = 48_000, 12_000, 2.0, 0.3
BLEED_DB = {"apart": None, "bleeding": -18.0}
ANSWERS, HOPS_A_LABEL = 400, 40
LIMIT_INPUTS, LIMIT_SHARE = 64, 0.05
"""Deciding for so many inputs takes at most this share of the model's time."""

Audio = NDArray[np.float32]


class InstantEars:
    """Answers that are made beforehand, as a model might give them: for each input one label that is likely, and after
    some hops another."""

    sample_rate = RATE
    window = RATE

    def __init__(self, labels: Sequence[str], inputs: int):
        random = np.random.default_rng(2)
        self.labels = tuple(labels)
        self._answers = random.beta(0.4, 8.0, (ANSWERS, inputs, len(labels))).astype(np.float32)
        hops = np.arange(ANSWERS)[:, None]
        likely = (np.arange(inputs) * 7 + hops // HOPS_A_LABEL) % len(labels)
        self._answers[hops, np.arange(inputs), likely] = random.beta(4.0, 2.0, likely.shape)
        self._next = 0

    def tag(self, windows: Audio) -> Audio:
        """[n, window] → probabilities [n, labels], n at most the inputs."""
        self._next += 1
        return self._answers[self._next % ANSWERS, : len(windows)]


def band(inputs: int, seconds: float, bleed_db: float | None) -> Audio:
    """[inputs, samples]: notes that begin anew, fade and rest, one player an input; the others' sum below, if any."""
    random = np.random.default_rng(1)
    time_s = np.arange(round(seconds * RATE)) / RATE
    own = np.empty((inputs, len(time_s)), np.float32)
    for row in own:
        phase = random.uniform(0, NOTE_S)
        row[:] = np.sin(2 * np.pi * random.uniform(80, 2000) * time_s) * np.exp(-2 * ((time_s + phase) % NOTE_S))
        row += 0.02 * random.standard_normal(len(time_s))
        row *= (time_s + phase) % NOTE_S < NOTE_S - REST_S  # rests tell that nothing leaks
    own *= 0.3 * 10 ** (random.uniform(-12, 0, (inputs, 1)) / 20)
    gain = 0.0 if bleed_db is None else 10 ** (bleed_db / 20) / np.sqrt(inputs)
    room = 1e-4 * random.standard_normal(own.shape)  # a line that is digitally silent is dead, and tells nothing
    return (own * (1 - gain) + gain * own.sum(0) + room).astype(np.float32)


def session_ms(sound: Audio, labels: Sequence[str]) -> float:
    """CPU milliseconds a hop of everything but the model."""
    ears = InstantEars(labels, len(sound))
    session = Session(Identity("bench", RATE, ("",) * len(sound), 0), ears, Config(), time.time_ns)
    return median_ms(session.push, hops_of(sound))


def windows_ms(sound: Audio) -> float:
    """CPU milliseconds a hop of cutting windows for the model and of the watch over the lines."""
    windows = Windows(len(sound), RATE)
    watch = SignalWatch(len(sound), RATE, Config().watch)
    rows = np.arange(len(sound))

    def step(block: Audio) -> None:
        for hop in windows.push(block):
            watch.step(hop.block, hop.start_sample)
            np.clip(hop.window[rows], -1, 1)

    return median_ms(step, hops_of(sound))


def model_ms(tagger: Tagger, inputs: int, hops: int) -> float:
    """CPU milliseconds of the model for one window of each input."""
    windows = np.random.default_rng(3).normal(0, 0.1, (inputs, tagger.window)).astype(np.float32)
    tagger.warm_up(inputs)
    return median_ms(tagger.tag, [windows] * hops)


def hops_of(sound: Audio) -> list[Audio]:
    """[inputs, samples] cut into hops."""
    return [sound[:, start : start + HOP] for start in range(0, sound.shape[1], HOP)]


def median_ms(step: Callable[[Audio], object], blocks: Sequence[Audio]) -> float:
    """The median CPU milliseconds of `step`: what disturbs single steps is left out."""
    taken_ms: list[float] = []
    for block in blocks:
        begin = time.process_time()
        step(block)
        taken_ms.append((time.process_time() - begin) * 1000)
    return float(np.median(taken_ms))


def measure(tagger: Tagger, inputs: int, seconds: float, bleed_db: float | None) -> dict[str, Any]:
    """All of it for a number of inputs."""
    sound = band(inputs, seconds, bleed_db)
    model, whole, cutting = model_ms(tagger, inputs, 20), session_ms(sound, tagger.labels), windows_ms(sound)
    deciding = max(0.0, whole - cutting)
    return {
        "model_ms": round(model, 2),
        "all_but_the_model_ms": round(whole, 2),
        "windows_and_watch_ms": round(cutting, 2),
        "deciding_ms": round(deciding, 2),
        "deciding_share": round(deciding / model, 4),
    } | ({"limit": verdict(round(deciding / model, 4), LIMIT_SHARE)} if inputs == LIMIT_INPUTS else {})


@click.command(help=__doc__)
@click.option("--inputs", type=click.IntRange(1), multiple=True, default=(8, 64), show_default=True)
@click.option("--seconds", type=click.FloatRange(1), default=30.0, show_default=True)
@click.option("--model", type=click.Path(path_type=Path))
def main(inputs: tuple[int, ...], seconds: float, model: Path | None) -> None:
    threadpool_limits(limits=1, user_api="blas")  # as live does
    tagger = Tagger(model, "cpu")
    found = {
        f"{count} {how}": measure(tagger, count, seconds, bleed_db)
        for count in inputs
        for how, bleed_db in BLEED_DB.items()
    }
    publish("deciding", {"hop_ms": HOP * 1000 // RATE, "inputs": found})
    plot("deciding", lambda axes: draw(axes, found))


def draw(axes: Any, found: dict[str, dict[str, Any]]) -> None:
    """What each part takes, by the number of inputs."""
    parts = {
        "model_ms": ("model", ""),
        "windows_and_watch_ms": ("windows and watch", "//"),
        "deciding_ms": ("deciding", "xx"),
    }
    for place, (key, (label, hatch)) in enumerate(parts.items()):
        positions = [group + 0.27 * (place - 1) for group in range(len(found))]
        bars = axes.bar(positions, [one[key] for one in found.values()], 0.25, hatch=hatch, label=label)
        axes.bar_label(bars, fmt="%.2f")
    axes.set_xticks(range(len(found)), list(found))
    axes.set(ylabel="CPU ms a hop", yscale="log")
    axes.legend()


if __name__ == "__main__":
    main()
