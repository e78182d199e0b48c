"""Ears that need no network: a low tone is a piano, a high one a violin."""

import numpy as np
from numpy.typing import NDArray

RATE = 48_000


class ToneEars:
    """Judges the newest half second of a window by its strongest frequency; `fails` makes every call fail."""

    labels = ("piano", "violin", "speech")
    sample_rate = RATE
    window = RATE
    fails = False

    def tag(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.fails:
            raise RuntimeError("out of order")
        spectrum = np.abs(np.fft.rfft(windows[:, RATE // 2 :]))
        spectrum[:, 0] = 0
        high = spectrum.argmax(1) * 2 > 600
        out = np.full((len(windows), 3), 0.02, np.float32)
        out[np.arange(len(windows)), high.astype(int)] = 0.85
        return out


def tone(hz: float, seconds: float, rate: int = RATE, amplitude: float = 0.3) -> NDArray[np.float32]:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def silence(seconds: float, rate: int = RATE) -> NDArray[np.float32]:
    return np.zeros(round(seconds * rate), np.float32)
