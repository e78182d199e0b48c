"""Freeverb, the reverberation behind SoX's `reverb`: eight combs beside each other, then four allpasses in a row.

Jezar at Dreampoint's public-domain design, as spectra: one multiplication reverberates the whole sound, and no loop
runs over its samples.
"""

import numpy as np
import numpy.typing as npt

from ..corpus.decoded import SAMPLE_RATE
from .acoustics import Audio, db

COMBS = (1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617)
ALLPASSES = (225, 341, 441, 556)
DESIGN_RATE = 44_100
"""The delays are samples at this rate."""
ALLPASS_GAIN = 0.5
INPUT_GAIN = 0.015
FEEDBACK = (0.3, 0.98)
"""Feedback of the combs at 0 and at 100 % reverberance; between them 1 - feedback falls evenly in dB."""

Spectrum = npt.NDArray[np.complex64]


class Freeverb:
    """Reverberates sound `[samples]` of at most `size // 2` samples at 48 kHz."""

    def __init__(self, size: int = 131_072) -> None:
        self.size = size
        self.circle = np.exp(-2j * np.pi * np.arange(size) / size).astype(np.complex64)
        self.bins = np.arange(size // 2 + 1)

    def __call__(self, audio: Audio, *, reverberance: float, damping: float, room: float, wet_db: float) -> Audio:
        """The sound and its reverberation, as long as the sound; the first three are percentages, 0..100."""
        if 2 * len(audio) > self.size:
            raise ValueError(f"at most {self.size // 2} samples, not {len(audio)}")
        low, high = FEEDBACK
        feedback = 1 - (1 - low) * ((1 - high) / (1 - low)) ** (reverberance / 100)
        response = self._response(feedback, 0.3 * damping / 100 + 0.2, 0.9 * room / 100 + 0.1)
        wet = np.fft.irfft(np.fft.rfft(audio, self.size) * response, self.size)[: len(audio)]
        return (audio + wet * (INPUT_GAIN * db(wet_db))).clip(-1, 1).astype(np.float32)

    def _response(self, feedback: float, damping: float, scale: float) -> Spectrum:
        one = self._delay(1)
        dull = np.float32(feedback * (1 - damping)) / (1 - np.float32(damping) * one)
        response = np.zeros(len(self.bins), np.complex64)
        for samples in COMBS:
            late = self._delay(_scaled(samples, scale))
            response += late / (1 - dull * late)
        for samples in ALLPASSES:
            late = self._delay(_scaled(samples, scale))
            gain = np.float32(ALLPASS_GAIN)
            response *= ((1 + gain) * late - 1) / (1 - gain * late)
        return response

    def _delay(self, samples: int) -> Spectrum:
        return self.circle[self.bins * samples % self.size]


def _scaled(samples: int, scale: float) -> int:
    return max(1, round(samples * scale * SAMPLE_RATE / DESIGN_RATE))
