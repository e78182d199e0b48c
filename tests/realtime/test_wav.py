from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from earmark.realtime import wav
from earmark.realtime.wav import WavWriter


def noise(channels: int, frames: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).uniform(-2, 2, (channels, frames)).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2, 7, 64])
@pytest.mark.parametrize("limit", [wav.RIFF_LIMIT, 5_000])
def test_what_was_written_is_read_bit_for_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channels: int, limit: int
) -> None:
    """A lower limit stands in for a recording of more than 4 GB."""
    monkeypatch.setattr(wav, "RIFF_LIMIT", limit)
    sound = noise(channels, 3_000)
    sound[0, 7] = np.nan
    writer = WavWriter(tmp_path / "take.wav", 44_100, channels)
    writer.write(sound[:, :1_234])
    writer.write(sound[:, 1_234:])
    writer.close()
    with soundfile.SoundFile(tmp_path / "take.wav") as file:
        assert (file.samplerate, file.channels, file.subtype) == (44_100, channels, "FLOAT")
        assert file.format == ("WAV" if limit > 5_000 else "RF64")
        assert np.array_equal(file.read(dtype="float32", always_2d=True).T, sound, equal_nan=True)


def test_a_recording_that_breaks_off_is_whole_up_to_its_last_sync(tmp_path: Path) -> None:
    sound = noise(2, 3_000)
    writer = WavWriter(tmp_path / "take.wav", 48_000, 2)
    writer.write(sound[:, :2_000])
    writer.sync()
    writer.write(sound[:, 2_000:])
    assert np.array_equal(soundfile.read(tmp_path / "take.wav", dtype="float32")[0].T, sound[:, :2_000])
    writer.close()
    assert np.array_equal(soundfile.read(tmp_path / "take.wav", dtype="float32")[0].T, sound)


def test_an_earlier_recording_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "take.wav").write_bytes(b"the take of a lifetime")
    with pytest.raises(FileExistsError):
        WavWriter(tmp_path / "take.wav", 48_000, 2)
    assert (tmp_path / "take.wav").read_bytes() == b"the take of a lifetime"
