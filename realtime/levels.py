"""Peak and RMS level of a block of sound, in dBFS, where 0 dBFS is a sample of 1.0 (a full-scale square wave's RMS)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

FLOOR_DBFS: Final = -120.0
"""What digital silence, and anything below this level, is said to have."""

_FLOOR_POWER: Final = 10.0 ** (FLOOR_DBFS / 10.0)


def peak(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Largest absolute sample of each channel of `block` [channels, n], n >= 1."""
    return np.maximum(block.max(axis=1), -block.min(axis=1))


def mean_square(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean power of each channel of `block` [channels, n], n >= 1."""
    return np.einsum("cn,cn->c", block, block) / np.float32(block.shape[1])


def power_dbfs(power: NDArray[np.floating]) -> NDArray[np.float64]:
    """`power` (squared amplitude, >= 0, any shape) in dBFS, at least FLOOR_DBFS."""
    return 10.0 * np.log10(np.maximum(power.astype(np.float64), _FLOOR_POWER))


def power_of(level_dbfs: float) -> float:
    """The power (squared amplitude) that `level_dbfs` stands for."""
    return 10.0 ** (level_dbfs / 10.0)


def peak_dbfs(block: NDArray[np.float32]) -> NDArray[np.float64]:
    """Peak level of each channel of `block` [channels, n], n >= 1, in dBFS, at least FLOOR_DBFS."""
    return power_dbfs(peak(block) ** 2)


def rms_dbfs(block: NDArray[np.float32]) -> NDArray[np.float64]:
    """RMS level of each channel of `block` [channels, n], n >= 1, in dBFS, at least FLOOR_DBFS."""
    return power_dbfs(mean_square(block))
