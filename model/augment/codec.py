"""What coarse codecs leave of a sound: `[samples]` float32 in [-1, 1] at 48 kHz in, as long out."""

import io

import numpy as np
import soundfile
import soxr

from ..corpus.decoded import SAMPLE_RATE
from .acoustics import Audio

TELEPHONE_RATES = (8_000, 16_000, 24_000)
MU = 255.0
VORBIS_QUALITY = (0.6, 1.0)
"""libsndfile's compression level: 1 is the smallest file and the worst sound."""


def telephone(audio: Audio, rate: int) -> Audio:
    """Eight bits a sample on the mu-law curve (ITU-T G.711's), at a low `rate` in Hz."""
    low = np.asarray(soxr.resample(audio, SAMPLE_RATE, rate, quality="MQ"), np.float32).clip(-1, 1)
    curve = np.sign(low) * np.log1p(MU * np.abs(low)) / np.log1p(MU)
    steps = np.round(curve * 127) / 127
    coarse = (np.sign(steps) * np.expm1(np.abs(steps) * np.log1p(MU)) / MU).astype(np.float32)
    return _fitted(np.asarray(soxr.resample(coarse, rate, SAMPLE_RATE, quality="MQ"), np.float32), len(audio))


def vorbis(audio: Audio, compression: float) -> Audio:
    """Through an Ogg Vorbis file; `compression` in 0..1."""
    file = io.BytesIO()
    soundfile.write(file, audio, SAMPLE_RATE, format="OGG", subtype="VORBIS", compression_level=compression)
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32")
    return _fitted(np.asarray(decoded, np.float32), len(audio))


def coded(audio: Audio, random: np.random.Generator) -> Audio:
    """One of the two, at a random quality."""
    if random.random() < 0.5:
        return telephone(audio, int(random.choice(TELEPHONE_RATES)))
    return vorbis(audio, float(random.uniform(*VORBIS_QUALITY)))


def _fitted(audio: Audio, samples: int) -> Audio:
    return np.pad(audio[:samples], (0, max(0, samples - len(audio)))).clip(-1, 1)
