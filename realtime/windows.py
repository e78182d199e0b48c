"""Cuts a stream into the windows that the model hears, one every hop.

Pure: no thread, no clock; the same samples give the same hops, however they are chunked. Within a stretch (from the
stream's start or a gap on) hop k ends at model sample (k + 1) x hop; its window is the samples before that, filled with
zeros at the left where the stretch is younger than a window. All times are integer counts of the source's samples.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop of all channels.

    `start_sample`, `decided_sample`: where its newest part begins and ends, in the source's samples, lost ones counted.
    `block`: that newest part, `[channels, decided_sample - start_sample]` at the source's rate.
    `window`: `[channels, window]` at the model's rate, the hop's own copy.
    `sound`: how many samples of the window are the stream's, neither filled in at the left nor padded at the end.
    `padded`: the last part-hop of a stream: `block` is shorter than the hop and the window ends in zeros.
    """

    start_sample: int
    decided_sample: int
    block: Samples
    window: Samples
    sound: int
    padded: bool


class _Resampler(Protocol):
    def take(self, block: Samples) -> Samples: ...
    def rest(self) -> Samples: ...


class _SameRate:
    def take(self, block: Samples) -> Samples:
        return block

    def rest(self) -> Samples:
        return np.empty((0, 0), np.float32)


class _Soxr:
    """soxr's streaming resampler, which delivers some 20 ms late but in time: sample n is at n / rate.

    It is made for the first samples and gone after the last: one that still lived at the program's end would have soxr
    complain of a leak, on standard error.
    """

    def __init__(self, channels: int, source_rate: int, model_rate: int) -> None:
        self._channels = channels
        self._rates = source_rate, model_rate
        self._stream: soxr.ResampleStream | None = None

    def take(self, block: Samples) -> Samples:
        if self._stream is None:
            self._stream = soxr.ResampleStream(*self._rates, self._channels, dtype="float32")
        return self._stream.resample_chunk(np.ascontiguousarray(block.T)).T

    def rest(self) -> Samples:
        stream, self._stream = self._stream, None
        nothing = np.empty((0, self._channels), np.float32)
        return nothing.T if stream is None else stream.resample_chunk(nothing, last=True).T


class Windows:
    """Windows of `window` model-rate samples every `hop` model-rate samples over `channels` channels."""

    def __init__(
        self, channels: int, source_rate: int, model_rate: int = 48_000, window: int = 48_000, hop: int = 12_000
    ) -> None:
        if min(channels, source_rate, model_rate, window, hop) < 1:
            raise ValueError("channels, rates, window and hop must be at least 1")
        if hop * source_rate < model_rate:
            raise ValueError("a hop must be at least one sample of the source")
        self.channels = channels
        self.source_rate = source_rate
        self.model_rate = model_rate
        self.window = window
        self.hop = hop
        self.position = 0
        """Source samples taken so far, lost ones included."""
        self._recent = np.zeros((channels, window), np.float32)  # model sample m stands at m % window
        self._begin_stretch()

    @property
    def needed(self) -> int:
        """Source samples still missing until the next hop is complete; an estimate where rates differ. At least 1."""
        missing = (self._hops + 1) * self.hop - self._modelled
        return max(1, -(-missing * self.source_rate // self.model_rate))

    def push(self, block: Samples) -> list[Hop]:
        """Take `block`, `[channels, n]` float32 at the source's rate; the hops that it completes.

        Raises ValueError if `block` has another shape.
        """
        if block.ndim != 2 or len(block) != self.channels:
            raise ValueError(f"a block must be [{self.channels}, n], not {list(block.shape)}")
        hops: list[Hop] = []
        # In pieces, so that a whole file given at once is not copied anew for each of its hops.
        for begin in range(0, block.shape[1], self.hop):
            piece = block[:, begin : begin + self.hop].copy()
            self.position += piece.shape[1]
            self._pending.append(piece)
            hops += self._cut(self._resampler.take(piece))
        return hops

    def gap(self, lost: int) -> None:
        """`lost` samples (0 or more) are missing here: the part-hop is dropped and a new stretch begins after them."""
        if lost < 0:
            raise ValueError("a gap cannot be negative")
        self.position += lost
        self._begin_stretch()

    def flush(self) -> list[Hop]:
        """End of the stream: the hops still held back, the last one padded with zeros. What follows is a new stretch.

        A padded hop's `decided_sample` is where the whole hop would have ended.
        """
        heard = (self.position - self._anchor) * self.model_rate // self.source_rate
        rest = self._resampler.rest()[:, : heard - self._modelled]
        hops = list(self._cut(rest))
        if self.position > self._decided:
            hops.append(self._padded())
        self._begin_stretch()
        return hops

    def _begin_stretch(self) -> None:
        same = self.source_rate == self.model_rate
        self._resampler: _Resampler = _SameRate() if same else _Soxr(self.channels, self.source_rate, self.model_rate)
        self._anchor = self.position
        self._decided = self.position
        self._hops = 0
        self._modelled = 0
        self._pending: list[Samples] = []
        self._recent.fill(0.0)

    def _cut(self, modelled: Samples) -> Iterator[Hop]:
        """Append samples at the model's rate, stopping at each end of a hop to give it out."""
        taken = 0
        while taken < modelled.shape[1]:
            missing = (self._hops + 1) * self.hop - self._modelled
            part = modelled[:, taken : taken + missing]
            self._append(part)
            taken += part.shape[1]
            if part.shape[1] == missing:
                yield self._give(min(self._modelled, self.window), padded=False)

    def _padded(self) -> Hop:
        missing = (self._hops + 1) * self.hop - self._modelled
        heard = self._modelled
        self._append(np.zeros((self.channels, missing), np.float32))
        return self._give(max(0, min(heard, self.window - missing)), padded=True)

    def _append(self, part: Samples) -> None:
        self._modelled += part.shape[1]
        newest = part[:, -self.window :]
        end = self._modelled % self.window
        first = max(0, newest.shape[1] - end)  # what lies before the ring's seam
        if end:
            self._recent[:, max(0, end - newest.shape[1]) : end] = newest[:, first:]
        if first:
            self._recent[:, self.window - first :] = newest[:, :first]

    def _give(self, sound: int, *, padded: bool) -> Hop:
        self._hops += 1
        start = self._decided
        self._decided = self._anchor + self._hops * self.hop * self.source_rate // self.model_rate
        seam = self._modelled % self.window
        window = np.concatenate((self._recent[:, seam:], self._recent[:, :seam]), axis=1)
        return Hop(start, self._decided, self._take_pending(self._decided - start), window, sound, padded)

    def _take_pending(self, samples: int) -> Samples:
        joined = np.concatenate(self._pending, axis=1)
        self._pending = [joined[:, samples:].copy()]
        return joined[:, :samples]
