"""Lets through of every input what is its own, so that the model does not hear the bleed.

Short-time Fourier analysis and synthesis with root Hann windows that overlap by half: each frame's spectrum is weighted
with the root of the share of its power that is the input's own, and keeps its phases (Wiener's filter, in bands). A
window's newest 10 ms fade out; with the next hop they are whole.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

STEP_S: Final = 512 / 48_000

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


class Unbleed:
    """Windows of `window` samples at `rate` Hz, of which the newest `hop` are new each time.

    `centres_hz` [bands]: the bands of the shares that `step` is given.
    """

    def __init__(self, rate: int, window: int, hop: int, centres_hz: NDArray[np.float64]) -> None:
        step = max(1, min(round(rate * STEP_S), hop, window // 4))
        self._window = window
        self._hop = hop
        self._step = step
        self._shape = np.sin(np.pi * (np.arange(2 * step) + 0.5) / (2 * step)).astype(np.float32)
        self._bins_of = _interpolation(centres_hz, np.fft.rfftfreq(2 * step, 1 / rate))
        self._lasting = -(-window // hop)
        self.restart()

    def restart(self) -> None:
        """The next windows do not continue these: samples were lost, or hops skipped."""
        self._next = self._window - self._step  # where the next frame begins in the windows of the last hop
        self._cleaned: dict[int, Floats] = {}
        self._hops_left: dict[int, int] = {}  # for as long as something cleaned is in an input's window

    def step(self, windows: Floats, own: Floats, sounds: Bools) -> None:
        """Replace in `windows` [inputs, window] those that hold, or held lately, more than their own sound.

        `own` [bands, inputs, frames]: shares of the newest hop. `sounds` [inputs]: the others are left alone.
        """
        first = self._next - self._hop
        first += -(min(first, 0) // self._step) * self._step
        frames = (self._window - first) // self._step - 1
        self._next = first + frames * self._step
        needed = sounds & (own < 1).any((0, 2))
        self._hops_left |= {int(channel): self._lasting for channel in np.flatnonzero(needed)}
        for channel in list(self._hops_left):
            windows[channel] = self._clean(channel, windows[channel], own[:, channel], first, frames)
            self._hops_left[channel] -= 1
            if not self._hops_left[channel]:
                del self._hops_left[channel], self._cleaned[channel]

    def _clean(self, channel: int, window: Floats, own: Floats, first: int, frames: int) -> Floats:
        step = self._step
        if channel in self._cleaned:
            kept = self._cleaned[channel][self._hop :]
            cleaned = np.concatenate([kept, np.zeros(self._window - len(kept), np.float32)])
        else:
            cleaned = window.copy()
            cleaned[first : first + step] *= np.square(self._shape[step:])
            cleaned[first + step :] = 0
        halves = window[first : first + (frames + 1) * step].reshape(frames + 1, step)
        spectra = np.fft.rfft(np.concatenate([halves[:-1], halves[1:]], 1) * self._shape)
        pieces = np.fft.irfft(spectra * self._weights(own, first, frames), 2 * step) * self._shape
        added = cleaned[first : first + (frames + 1) * step].reshape(frames + 1, step)
        added[:-1] += pieces[:, :step]
        added[1:] += pieces[:, step:]
        self._cleaned[channel] = cleaned
        return cleaned

    def _weights(self, own: Floats, first: int, frames: int) -> Floats:
        """`own` [bands, frames of the hop] as weights of the amplitudes [frames, bins]."""
        centres = first + self._step * np.arange(1, frames + 1) - (self._window - self._hop)
        nearest = np.clip(centres * own.shape[1] // self._hop, 0, own.shape[1] - 1)
        return np.sqrt(own.T @ self._bins_of)[nearest]


def _interpolation(from_hz: NDArray[np.floating], to_hz: NDArray[np.floating]) -> Floats:
    """The matrix [from, to] that interpolates linearly between values at rising `from_hz`; beyond them they go on."""
    return np.stack([np.interp(to_hz, from_hz, one) for one in np.eye(len(from_hz))]).astype(np.float32)
