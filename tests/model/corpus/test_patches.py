"""Gravis patches: pitch, loops, and files that are none."""

from pathlib import Path

import numpy as np
import pytest

from earmark.model.corpus import patches

RATE = 22_050


def write_patch(path: Path, hertz: float, modes: int) -> Path:
    """A patch with half a second of a sine at `hertz`, its last tenth a loop."""
    wave = (20_000 * np.sin(2 * np.pi * hertz * np.arange(11_000) / RATE)).astype("<i2")
    header = patches.RECORDING.pack(
        b"SINE", 0, 2 * len(wave), round(0.8 * len(wave)) * 2, 2 * len(wave), RATE, 8_000, 12_000_000,
        round(hertz * 1_000), 0, 7, b"", b"", b"", modes, 60, 1_024,
    )  # fmt: skip
    before = bytearray(patches.MAGIC.ljust(patches.FIRST_RECORDING, b"\0"))
    before[patches.FIRST_RECORDING - 41] = 1
    path.write_bytes(bytes(before) + header + wave.tobytes())
    return path


def test_a_loop_is_drawn_out_and_the_pitch_is_right(tmp_path: Path) -> None:
    modes = patches.SIXTEEN_BIT | patches.LOOPED
    (sample,) = patches.read_patch(write_patch(tmp_path / "x.pat", 441.0, modes))
    assert sample.pitch == 69
    assert len(sample.audio) / 48_000 == pytest.approx(patches.LONGEST_S, abs=0.1)
    spectrum = np.abs(np.fft.rfft(sample.audio[:96_000] * np.hanning(96_000)))
    assert int(spectrum.argmax()) / 2 == pytest.approx(440, abs=0.6)


def test_without_a_loop_it_ends_where_it_ends(tmp_path: Path) -> None:
    (sample,) = patches.read_patch(write_patch(tmp_path / "x.pat", 440.0, patches.SIXTEEN_BIT))
    assert len(sample.audio) / 48_000 == pytest.approx(0.5, abs=0.01)


def test_other_files_are_refused(tmp_path: Path) -> None:
    whole = write_patch(tmp_path / "x.pat", 440.0, 1).read_bytes()
    (tmp_path / "short.pat").write_bytes(whole[:260])
    (tmp_path / "text.pat").write_text("hello")
    with pytest.raises(ValueError, match="cut short"):
        patches.read_patch(tmp_path / "short.pat")
    with pytest.raises(ValueError, match="no Gravis patch"):
        patches.read_patch(tmp_path / "text.pat")
