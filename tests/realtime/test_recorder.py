import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.realtime.errors import UsageError
from earmark.realtime.health import Health
from earmark.realtime.recorder import Recorder


@settings(max_examples=20, deadline=None)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 6_000)), max_size=12))
def test_every_sample_stands_where_it_stood_in_the_stream(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, int]]
) -> None:
    path = tmp_path_factory.mktemp("take") / "take.wav"
    told: list[Health] = []
    recorder = Recorder(path, 44_100, 3, told.append)
    rng = np.random.default_rng(0)
    stream = [np.zeros((3, 0), np.float32)]
    for lost, samples in steps:
        block = np.zeros((3, samples), np.float32) if lost else rng.uniform(-2, 2, (3, samples)).astype(np.float32)
        stream.append(block)
        if lost:
            recorder.lose(samples)
        else:
            recorder.write(block)
    recorder.close()
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == 44_100
    assert np.array_equal(sound.T, np.concatenate(stream, axis=1))
    assert told == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits on a file's size are POSIX's")
def test_a_disk_that_is_full_ends_the_recording_with_one_report(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the full disk: writes come up short and then fail, as there."""
    script = f"""
import pathlib, resource
import numpy as np
from earmark.realtime.recorder import Recorder
resource.setrlimit(resource.RLIMIT_FSIZE, (100_003, 100_003))
told = []
recorder = Recorder(pathlib.Path({str(tmp_path / "take.wav")!r}), 48_000, 2, told.append)
for begin in range(0, 200_000, 1_000):
    recorder.write(np.arange(begin, begin + 1_000, dtype=np.float32) * np.ones((2, 1), np.float32))
recorder.close()
assert [(health.part, health.state) for health in told] == [("recording take.wav", "failed")], told
assert told[0].detail == "recording ended: File too large"
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    sound, _ = soundfile.read(tmp_path / "take.wav", dtype="float32")
    frames = len(sound)
    assert 12_000 < frames < 12_500
    assert np.array_equal(sound[:, 0], np.arange(frames))


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot record to .*take\.wav: No such file or directory"):
        Recorder(tmp_path / "missing" / "take.wav", 48_000, 2, lambda _: None)
    (tmp_path / "take.wav").touch()
    with pytest.raises(UsageError, match=r"cannot record to .*take\.wav: File exists"):
        Recorder(tmp_path / "take.wav", 48_000, 2, lambda _: None)
