"""A scripted line check: six named inputs of the bundled session, one player after another, and four faults.

The lines of the piano and the violin are swapped, the bass hums, and the flute's line is dead. The same sound is heard
on every machine, since this source waits for whoever listens.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from ..levels import power_of
from ..sources.threaded import ThreadedSource
from .inputs import Result, State

NAMES: Final = ("Kit", "Bass DI", "Ac Gtr", "Piano", "Violin", "Flute")
RATE: Final = 48_000
LENGTH_S: Final = 33.0
NOISE_DBFS: Final = -82.0
HUM_DBFS: Final = -63.0
"""Loud enough to be found, and below the level at which a line is asked what it carries."""
HUM_HZ: Final = 50
HUMMING: Final = 2
DEAD: Final = 6
FADE_S: Final = 0.02
BLOCK: Final = 1024


@dataclass(frozen=True, slots=True)
class Turn:
    """At `at_s` input `channel` (from 1) carries `length_s` of the session's input `column` (from 0), from `from_s`."""

    at_s: float
    channel: int
    column: int
    from_s: float
    length_s: float = 4.5


TURNS: Final = (
    Turn(1.5, 1, 0, 8.9),
    Turn(7.0, 2, 1, 9.0),
    Turn(12.5, 3, 4, 3.0),
    Turn(18.0, 5, 3, 1.0),
    Turn(23.5, 4, 5, 14.0),
)


@dataclass(frozen=True, slots=True)
class Scripted:
    """What must be found of one input."""

    state: State
    other: int | None = None
    faults: tuple[str, ...] = ()


SCRIPT: Final[Mapping[int, Scripted]] = {
    1: Scripted("good"),
    2: Scripted("good", faults=("hum",)),
    3: Scripted("good"),
    4: Scripted("swapped", other=5),
    5: Scripted("swapped", other=4),
    6: Scripted("open", faults=("dead",)),
}


class StageSource(ThreadedSource):
    """The stage at the pace of real time; it waits where the listener is slower, so nothing is skipped."""

    live = False

    def __init__(self) -> None:
        super().__init__("the stage of the demo", RATE, len(NAMES))
        self._sound = stage()

    def _run(self) -> None:
        begin_s = time.monotonic()
        for start in range(0, self._sound.shape[1], BLOCK):
            block = self._sound[:, start : start + BLOCK]
            due_s = begin_s + (start + block.shape[1]) / RATE
            if self._stopping.wait(max(0.0, due_s - time.monotonic())):
                return
            self._write_patiently(block.T)


def stage() -> NDArray[np.float32]:
    """The sound [inputs, samples] of the stage; the same at every call."""
    with resources.as_file(resources.files("earmark.realtime.demo").joinpath("session.ogg")) as path:
        session = np.asarray(soundfile.read(path, dtype="float32", always_2d=True)[0], np.float32)
    count = round(LENGTH_S * RATE)
    noise = np.random.default_rng(1).standard_normal((len(NAMES), count)) * np.sqrt(power_of(NOISE_DBFS))
    sound = noise.astype(np.float32)
    for turn in TURNS:
        at, start, length = (round(seconds * RATE) for seconds in (turn.at_s, turn.from_s, turn.length_s))
        sound[turn.channel - 1, at : at + length] += _faded(session[start : start + length, turn.column])
    sound[HUMMING - 1] += _hum(count)
    sound[DEAD - 1] = 0
    return sound


def differences(results: Sequence[Result]) -> list[str]:
    """One line for each input of which something else was found than the script has."""
    found = {
        one.channel: Scripted("open" if one.state == "skipped" else one.state, one.other, tuple(one.faults))
        for one in results
    }
    return [
        f"input {channel}, {NAMES[channel - 1]}: scripted {scripted}, found {found.get(channel)}"
        for channel, scripted in SCRIPT.items()
        if found.get(channel) != scripted
    ]


def _faded(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """`sound` [n] without a click at either end."""
    ramp = np.linspace(0, 1, round(FADE_S * RATE), dtype=np.float32)
    shape = np.ones_like(sound)
    shape[: ramp.size] = ramp
    shape[-ramp.size :] = ramp[::-1]
    return sound * shape


def _hum(count: int) -> NDArray[np.float32]:
    """Mains hum with its first harmonics, [count]."""
    phase = 2 * np.pi * HUM_HZ * np.arange(count) / RATE
    wave = np.sin(phase) + 0.5 * np.sin(2 * phase) + 0.3 * np.sin(3 * phase)
    return (wave * np.sqrt(power_of(HUM_DBFS) / np.mean(wave**2))).astype(np.float32)
