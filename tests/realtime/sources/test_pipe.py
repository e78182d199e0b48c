import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.errors import UsageError
from earmark.realtime.sources.pipe import PcmFormat, PipeSource, decode

from .collect import Collector

FORMATS: list[PcmFormat] = ["s16le", "s24le", "s32le", "f32le"]


@pytest.mark.parametrize(
    ("pcm", "data", "values"),
    [
        ("s16le", "0000 0080 ff7f 0100", [0.0, -1.0, 32767 / 32768, 1 / 32768]),
        ("s24le", "000000 000080 ffff7f 010000", [0.0, -1.0, 1 - 2**-23, 2**-23]),
        ("s32le", "00000000 00000080 00000040", [0.0, -1.0, 0.5]),
        ("f32le", "00000000 0000803f 000080bf 00000040", [0.0, 1.0, -1.0, 2.0]),
    ],
)
def test_full_scale_is_one(pcm: PcmFormat, data: str, values: list[float]) -> None:
    assert decode(bytes.fromhex(data), pcm).tolist() == values


@pytest.mark.parametrize("pcm", FORMATS)
@settings(max_examples=10, deadline=None)
@given(pieces=st.lists(st.integers(1, 900), min_size=1, max_size=12))
def test_frames_cut_anywhere_are_put_together_again(
    tmp_path_factory: pytest.TempPathFactory, pcm: PcmFormat, pieces: list[int]
) -> None:
    path = tmp_path_factory.mktemp("pipe") / "sound"
    os.mkfifo(path)
    width = 3 if pcm == "s24le" else int(pcm[1:3]) // 8
    data = np.random.default_rng(1).integers(0, 60, 3 * width * 500, np.uint8).tobytes()

    def feed() -> None:
        with path.open("wb", buffering=0) as pipe:
            begin = turn = 0
            while begin < len(data):
                piece = pieces[turn % len(pieces)]
                pipe.write(data[begin : begin + piece])
                begin, turn = begin + piece, turn + 1

    feeder = threading.Thread(target=feed)
    feeder.start()
    heard = Collector(PipeSource(str(path), pcm, 3, chosen="3,1"), seconds=0.01).to_end().stop()
    feeder.join()
    assert np.array_equal(heard.sound, decode(data, pcm).reshape(-1, 3).T[[2, 0]], equal_nan=True)
    assert heard.gaps == []
    assert heard.health == []


def test_a_feeder_faster_than_the_reader_loses_nothing(tmp_path: Path) -> None:
    sound = np.random.default_rng(2).uniform(-1, 1, (100_000, 2)).astype("<f4")
    (tmp_path / "sound.f32").write_bytes(sound.tobytes())
    heard = Collector(PipeSource(str(tmp_path / "sound.f32"), "f32le", 2), seconds=0.11).to_end().stop()
    assert np.array_equal(heard.sound, sound.T)
    assert heard.gaps == []


def test_standard_input_is_read_and_can_be_left() -> None:
    """A child reads its standard input, which never ends, and stops all the same."""
    script = """
import sys
from earmark.realtime.sources.pipe import PipeSource
from tests.realtime.sources.collect import Collector
heard = Collector(PipeSource("-", "s16le", 1)).until(3).stop()
sys.stdout.write(str((heard.sound * 32768).tolist()))
"""
    child = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin
    assert child.stdout
    with child:
        child.stdin.write(np.array([1, -2, 3], "<i2").tobytes() + b"\x01")
        child.stdin.flush()
        assert child.stdout.read() == b"[[1.0, -2.0, 3.0]]"
        assert child.wait(10) == 0


def test_a_pipe_that_brings_nothing_or_ends_inside_a_frame_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    path.touch()
    heard = Collector(PipeSource(str(path), "s16le", 2)).to_end().stop()
    assert [(health.state, health.detail) for health in heard.health] == [("failed", f"no sound came through {path}")]
    path.write_bytes(bytes(4 * 10 + 3))
    heard = Collector(PipeSource(str(path), "s16le", 2)).to_end().stop()
    assert heard.sound.shape == (2, 10)
    assert [health.detail for health in heard.health] == [
        f"{path} ended inside a frame (3 bytes too many): are s16le and 2 channels right?"
    ]


def test_what_is_no_pipe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*nothing: No such file"):
        PipeSource(str(tmp_path / "nothing"), "s16le", 2)
    with pytest.raises(UsageError, match="is a folder"):
        PipeSource(str(tmp_path), "s16le", 2)
    with pytest.raises(UsageError, match="has no channel 3"):
        PipeSource(str(tmp_path), "s16le", 2, chosen="3")
