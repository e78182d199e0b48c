from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from earmark.realtime.errors import UsageError
from earmark.realtime.sources.file import FileSource

from .collect import Collector


def noise(frames: int, channels: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).uniform(-0.5, 0.5, (frames, channels)).astype(np.float32)


def everything(source: FileSource, frames: int = 1_000) -> NDArray[np.float32]:
    return np.concatenate(list(source.blocks(frames)), axis=1)


@pytest.mark.parametrize("frames", [1, 700, 4_096, 100_000])
def test_blocks_give_the_file_as_it_is(tmp_path: Path, frames: int) -> None:
    sound = noise(5_000, 6)
    sound[17, 2] = np.nan
    sound[18, 3] = -3.5
    soundfile.write(tmp_path / "take.wav", sound, 44_100, subtype="FLOAT")
    source = FileSource(tmp_path / "take.wav")
    assert (source.name, source.rate, source.channels) == ("take.wav", 44_100, 6)
    assert np.array_equal(everything(source, frames), sound.T, equal_nan=True)
    assert np.array_equal(everything(source, frames), sound.T, equal_nan=True)  # from the beginning again
    assert source.damage == ""


@pytest.mark.parametrize("form", ["flac", "ogg", "mp3", "aiff", "caf", "w64"])
def test_what_soundfile_reads_is_read(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"take.{form}"
    soundfile.write(path, noise(48_000, 2), 48_000)
    source = FileSource(path)
    expected = soundfile.read(path, dtype="float32")[0].T
    assert np.array_equal(everything(source), expected)
    assert source.damage == ""


def test_some_of_the_channels_in_the_order_asked_for(tmp_path: Path) -> None:
    sound = noise(2_000, 6)
    soundfile.write(tmp_path / "take.wav", sound, 48_000, subtype="FLOAT")
    source = FileSource(tmp_path / "take.wav", "5,1-2")
    assert source.channels == 3
    assert np.array_equal(everything(source), sound.T[[4, 0, 1]])
    with pytest.raises(UsageError, match=r"take\.wav has no channel 7; its channels are 1-6"):
        FileSource(tmp_path / "take.wav", "7")


def test_at_the_pace_of_real_time_every_sample_comes_and_then_the_end(tmp_path: Path) -> None:
    sound = noise(14_700, 3)
    soundfile.write(tmp_path / "take.wav", sound, 44_100, subtype="FLOAT")
    heard = Collector(FileSource(tmp_path / "take.wav")).to_end().stop()
    assert heard.source.finished
    assert np.array_equal(heard.sound, sound.T)
    assert heard.gaps == []
    assert heard.health == []


def test_a_source_that_is_stopped_writes_no_more(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "take.wav", noise(480_000, 1), 48_000)
    heard = Collector(FileSource(tmp_path / "take.wav")).until(4_800).stop()
    written = heard.ring.written
    assert 4_800 <= written < 480_000
    assert heard.source.finished
    heard.source.stop()
    assert heard.ring.written == written


@pytest.mark.parametrize(("form", "subtype"), [("wav", "PCM_16"), ("wav", "FLOAT"), ("flac", None), ("aiff", None)])
def test_of_a_file_cut_short_all_that_is_there_comes_and_it_is_said(
    tmp_path: Path, form: str, subtype: str | None
) -> None:
    path = tmp_path / f"take.{form}"
    soundfile.write(path, noise(48_000, 2), 48_000, subtype=subtype)
    whole = everything(FileSource(path))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    source = FileSource(path)
    part = everything(source)
    assert 20_000 < part.shape[1] < 30_000
    assert np.array_equal(part, whole[:, : part.shape[1]])
    assert source.damage.startswith(f"{path} is damaged or cut short: 0.")
    assert "of 1.00 s could be read" in source.damage
    heard = Collector(FileSource(path)).to_end().stop()
    assert np.array_equal(heard.sound, part[:, : heard.sound.shape[1]])
    assert [health.state for health in heard.health] == ["failed"]


def test_a_wav_whose_writer_did_not_know_its_length_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "piped.wav"
    soundfile.write(path, noise(4_800, 1), 48_000, subtype="PCM_16")
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    source = FileSource(path)
    assert everything(source).shape == (1, 4_800)
    assert source.damage == ""


def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path) -> None:
    empty, text, silent = tmp_path / "empty.wav", tmp_path / "text.wav", tmp_path / "silent.wav"
    empty.touch()
    text.write_text("no sound at all\n" * 100)
    soundfile.write(silent, noise(0, 2), 48_000)
    for path, message in [
        (tmp_path / "missing.wav", "cannot read {}: No such file or directory"),
        (tmp_path, "cannot read {}: "),
        (empty, "{} is empty"),
        (text, "{} is not sound in a form that can be read"),
        (silent, "{} holds no sound"),
    ]:
        with pytest.raises(UsageError) as error:
            FileSource(path)
        assert str(error.value).startswith(message.format(path))
        assert "\n" not in str(error.value)
