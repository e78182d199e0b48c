import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.realtime.config import SourceConfig
from earmark.realtime.errors import EarmarkError, UsageError
from earmark.realtime.sources.file import FileSource
from earmark.realtime.sources.open import open_source
from earmark.realtime.sources.pipe import PipeSource


def test_a_file_with_some_of_its_channels(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "take.wav", np.ones((100, 4)), 44_100)
    source = open_source(SourceConfig(file=tmp_path / "take.wav", channels="2-3"))
    assert isinstance(source, FileSource)
    assert (source.name, source.rate, source.channels, source.live) == ("take.wav", 44_100, 2, True)


def test_a_pipe_with_its_format(tmp_path: Path) -> None:
    (tmp_path / "raw").touch()
    source = open_source(SourceConfig(pipe=str(tmp_path / "raw"), pipe_channels=6, rate=96_000, channels="6"))
    assert isinstance(source, PipeSource)
    assert (source.rate, source.channels, source.live) == (96_000, 1, False)
    assert open_source(SourceConfig(pipe=str(tmp_path / "raw"))).rate == 48_000


def test_reastream_that_nobody_can_listen_to() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(EarmarkError, match=f"cannot listen for ReaStream on {address}: "):
            open_source(SourceConfig(reastream="drums", reastream_listen=address))


def test_one_source_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only one source at a time: choose one of file, pipe"):
        open_source(SourceConfig(file=tmp_path, pipe="-"))


def test_only_a_device_needs_portaudio() -> None:
    """In a process of its own, where the library cannot be loaded."""
    script = """
import ctypes.util, sys
from pathlib import Path
ctypes.util.find_library = lambda name: None
sys.modules["_sounddevice_data"] = None  # the library that comes with sounddevice on macOS and Windows
from earmark.realtime.config import SourceConfig
from earmark.realtime.errors import EarmarkError
from earmark.realtime.sources.open import open_source
import earmark.realtime.sources.file, earmark.realtime.sources.pipe, earmark.realtime.sources.reastream
assert "sounddevice" not in sys.modules
try:
    open_source(SourceConfig())
except EarmarkError as error:
    sys.stdout.write(str(error))
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert told.stdout.startswith("the PortAudio library is missing: "), told.stderr
    if sys.platform == "linux":
        assert told.stdout == "the PortAudio library is missing: sudo apt-get install libportaudio2"
