"""The watch over each input's line, without the model: is there a signal, is it too loud, is the line good?

| state | begins when | its cause has passed when |
|---|---|---|
| present | the hop's RMS reaches `present_dbfs` | it is 3 dB below |
| silent | present ends, `hold_s` later | |
| clipping | `clip_samples` in a row stand at the same rail | a hop has no such run |
| hot | a peak passes `hot_dbfs` | a hop's peak is 3 dB below |
| dead | digital zero for 2 s, or a noise floor that falls by 20 dB at once, for 1 s | the line comes back |
| hum | 50 or 60 Hz and its series are most of the line for 2 s, steadily | they are 10 dB weaker |
| crackle | 4 clicks within 1 s that stand alone | fewer than 2 in 1 s |
| twin | correlation with another input over 2 s of sound is above 0.999 | the next 2 s of sound differ |

Every state but silent ends `hold_s` after its cause has passed. An input is always either silent or present.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ..config import WatchConfig
from ..events import Draft
from ..levels import FLOOR_DBFS, mean_square, peak, power_dbfs, power_of
from .crackle import Crackle
from .dead_line import DeadLine
from .hum import Hum
from .twins import Twins

FULL_SCALE: Final = 0.9999
MARGIN_DB: Final = 3.0
"""How far below the level that begins `present` or `hot` it must fall to end."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Peak and RMS of one hop in dBFS, each [channels]."""

    peak_dbfs: NDArray[np.float64]
    rms_dbfs: NDArray[np.float64]


class Fault(Protocol):
    """What finds one state of every line: a cause, and how long ago it began where it is found."""

    lag_samples: NDArray[np.int64]

    def step(self, block: NDArray[np.float32]) -> NDArray[np.bool_]: ...

    def detail(self, channel: int) -> str: ...

    def gap(self) -> None: ...


class Held:
    """A state of every line, which outlasts its cause by `hold` samples."""

    def __init__(self, channels: int, hold: int) -> None:
        self.on = np.zeros(channels, bool)
        self.cause_end = np.zeros(channels, np.int64)
        self._hold = hold

    def step(self, cause: NDArray[np.bool_], stop: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The lines on which the state began, and those on which it ended, in the hop that ends at `stop`."""
        self.cause_end[cause] = stop
        on = cause | (self.on & (stop - self.cause_end < self._hold))
        began, ended = np.flatnonzero(on & ~self.on), np.flatnonzero(self.on & ~on)
        self.on = on
        return began, ended


class SignalWatch:
    """Watches `channels` inputs at `rate` Hz; the same sound gives the same drafts.

    `step` once a hop of any length, `gap` where samples were lost between two hops.
    """

    def __init__(self, channels: int, rate: int, options: WatchConfig) -> None:
        self._options = options
        hold = round(options.hold_s * rate)
        self._present = Held(channels, hold)
        self._hot = Held(channels, hold)
        self._clipping = Held(channels, hold)
        self._rails = np.zeros((channels, 0), np.float32)
        self._faults: dict[str, tuple[Fault, Held]] = {
            "dead": (DeadLine(channels, rate), Held(channels, hold)),
            "hum": (Hum(channels, rate), Held(channels, hold)),
            "crackle": (Crackle(channels, rate), Held(channels, hold)),
            "twin": (Twins(channels, rate, power_of(options.present_dbfs)), Held(channels, hold)),
        }
        self._levels = Levels(np.full(channels, FLOOR_DBFS), np.full(channels, FLOOR_DBFS))
        self._held_peaks = np.full(channels, FLOOR_DBFS)
        self._first = True

    @property
    def levels(self) -> Levels:
        """Levels of the last hop; FLOOR_DBFS before the first."""
        return self._levels

    @property
    def states(self) -> tuple[tuple[str, ...], ...]:
        """The states that each input is in now: `present` or `silent` first, then the others that are on."""
        others = [("clipping", self._clipping), ("hot", self._hot)]
        others += [(state, held) for state, (_, held) in self._faults.items()]
        return tuple(
            ("present" if present else "silent", *(state for state, held in others if held.on[channel]))
            for channel, present in enumerate(self._present.on)
        )

    def take_held_peaks(self) -> NDArray[np.float64]:
        """The highest peak of each input in dBFS since this was last asked, FLOOR_DBFS where no hop came since."""
        held = self._held_peaks
        self._held_peaks = np.full_like(held, FLOOR_DBFS)
        return held

    def gap(self) -> None:
        """Samples were lost: nothing is measured across the hole; states that are on stay until seen to end."""
        self._rails = self._rails[:, :0]
        for fault, _ in self._faults.values():
            fault.gap()

    def step(self, block: NDArray[np.float32], start_sample: int) -> list[Draft]:
        """What changed in `block` [channels, n], n >= 1, finite, whose first sample is `start_sample` of the source.

        Drafts are of kind `signal`. `sample` is where the cause began or ended, to within a hop.
        """
        peaks, power = peak(block), mean_square(block)
        self._levels = Levels(power_dbfs(peaks**2), power_dbfs(power))
        self._held_peaks = np.maximum(self._held_peaks, self._levels.peak_dbfs)
        stop = start_sample + block.shape[1]
        drafts = self._step_present(start_sample, stop)
        drafts += self._step_loud(block, peaks, start_sample, stop)
        for state, (fault, held) in self._faults.items():
            began, ended = held.step(fault.step(block), stop)
            for channel in began:
                sample = max(0, min(start_sample, stop - int(fault.lag_samples[channel])))
                drafts.append(_draft(state, True, sample, stop, channel, fault.detail(channel)))
            drafts += [_draft(state, False, int(held.cause_end[c]), stop, c) for c in ended]
        self._first = False
        return drafts

    def _step_present(self, start: int, stop: int) -> list[Draft]:
        level = self._levels.rms_dbfs
        threshold = self._options.present_dbfs - np.where(self._present.on, MARGIN_DB, 0.0)
        began, ended = self._present.step(level >= threshold, stop)
        drafts = [_draft("present", True, start, stop, c) for c in began]
        if self._first:
            drafts += [_draft("silent", True, start, stop, c) for c in np.flatnonzero(~self._present.on)]
        return drafts + [_draft("silent", True, int(self._present.cause_end[c]), stop, c) for c in ended]

    def _step_loud(self, block: NDArray[np.float32], peaks: NDArray[np.float32], start: int, stop: int) -> list[Draft]:
        began, ended = self._clipping.step(self._clips(block, peaks), stop)
        drafts = [_draft("clipping", True, start, stop, c) for c in began]
        drafts += [_draft("clipping", False, int(self._clipping.cause_end[c]), stop, c) for c in ended]

        level = self._levels.peak_dbfs
        hot = level > self._options.hot_dbfs - np.where(self._hot.on, MARGIN_DB, 0.0)
        began, ended = self._hot.step(hot, stop)
        drafts += [_draft("hot", True, start, stop, c, f"peak {level[c]:.1f} dBFS") for c in began]
        return drafts + [_draft("hot", False, int(self._hot.cause_end[c]), stop, c) for c in ended]

    def _clips(self, block: NDArray[np.float32], peaks: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Where `clip_samples` in a row stand at one rail, the last ones of the hop before included."""
        run = self._options.clip_samples
        clips = np.zeros(block.shape[0], bool)
        kept = (
            np.concatenate([self._rails, block[:, -(run - 1) :]], axis=1)[:, -(run - 1) :] if run > 1 else self._rails
        )
        for channel in np.flatnonzero(peaks >= FULL_SCALE):
            sound = np.concatenate([self._rails[channel], block[channel]])
            clips[channel] = _has_run(sound >= FULL_SCALE, run) or _has_run(sound <= -FULL_SCALE, run)
        self._rails = kept
        return clips


def _has_run(flags: NDArray[np.bool_], length: int) -> bool:
    """Whether `length` True stand in a row in `flags` [n]."""
    counts = np.concatenate([[0], np.cumsum(flags)])
    return bool((counts[length:] - counts[:-length] == length).any()) if flags.size >= length else False


def _draft(state: str, on: bool, sample: int, stop: int, channel: int | np.intp, detail: str = "") -> Draft:
    fields = {"state": state, "on": on, "detail": detail}
    return Draft("signal", sample, stop, int(channel) + 1, fields)
