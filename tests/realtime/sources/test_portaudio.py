"""The devices that are heard are JACK's dummy driver and a null sink of PulseAudio's, through PortAudio's own library;
`hear_device` is a process of its own since their libraries read the server's name once."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tests.jack import JackServer
from tests.real import missing, require

pytestmark = pytest.mark.real

ATTEMPTS = 3
"""On a machine with other work JACK itself may lose sound; a fault of ours would show every time."""


@pytest.fixture(autouse=True)
def _portaudio() -> None:
    if subprocess.run([sys.executable, "-c", "import sounddevice"], capture_output=True).returncode:
        missing("PortAudio", "libportaudio2")


@pytest.fixture
def server() -> Iterator[JackServer]:
    with JackServer(8) as server:
        yield server


class Ear:
    """`hear_device` in a process with `environment`."""

    def __init__(
        self, environment: dict[str, str], out: Path, device: str = "system", channels: str = "-", blocksize: int = 1024
    ) -> None:
        self._out = out
        command = [sys.executable, "-m", "tests.realtime.sources.hear_device", str(out), device, channels]
        self._process = subprocess.Popen(
            [*command, str(blocksize)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.wait_for("ready")

    def wait_for(self, line: str) -> None:
        """Until it says `line`."""
        assert self._process.stdout
        for said in self._process.stdout:
            if said.rstrip() == line:
                return
        raise AssertionError(f"it ended before it said '{line}'")

    def end(self) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """What it heard, `[channels, n]`, and what it told."""
        said, _ = self._process.communicate("\n", timeout=60)
        assert self._process.returncode == 0
        return np.load(self._out), json.loads(said.splitlines()[-1])


class PulseServer:
    """PulseAudio with a null sink, whose monitor is the device that is heard."""

    def __init__(self, folder: Path) -> None:
        require("pulseaudio", "pulseaudio libasound2-plugins")
        own = {"HOME": str(folder), "PULSE_RUNTIME_PATH": str(folder), "PULSE_STATE_PATH": str(folder)}
        self.environment = {**os.environ, **own}
        self._socket = folder / "native"
        self.start()

    def start(self) -> None:
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["-L", "module-null-sink rate=48000 channels=2", "-L", "module-native-protocol-unix"]
        self._socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 15
        while not self._socket.exists():
            assert self._process.poll() is None
            assert time.monotonic() < deadline, "pulseaudio did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def eight_takes(path: Path) -> NDArray[np.int16]:
    """[8, 96000]: every channel differs, the first and the last sample of each is not 0."""
    sound = np.random.default_rng(0).integers(-20_000, 20_000, (8, 96_000), np.int16)
    sound[:, [0, -1]] = 1_000
    sound[0, 500] = -32_768
    sound[1, 500] = 32_767
    soundfile.write(path, sound.T, 48_000, subtype="PCM_16")
    return sound


def from_first_sample(heard: NDArray[np.float32]) -> NDArray[np.float32]:
    assert heard.any(), "nothing was heard"
    return heard[:, int(np.argmax(heard.any(axis=0))) :]


@pytest.mark.parametrize(
    ("channels", "columns", "blocksize"),
    [("-", list(range(8)), 1024), ("2-5", [1, 2, 3, 4], 256), ("8,1-3", [7, 0, 1, 2], 0)],
)
def test_every_sample_arrives_bit_for_bit(
    tmp_path: Path, server: JackServer, channels: str, columns: list[int], blocksize: int
) -> None:
    sound = eight_takes(tmp_path / "takes.wav")
    opened = max(columns) + 1
    soundfile.write(tmp_path / "opened.wav", sound[:opened].T, 48_000, subtype="PCM_16")
    expected = sound[columns].astype(np.float32) / 32_768
    told: list[dict[str, Any]] = []
    for _ in range(ATTEMPTS):
        ear = Ear(server.environment, tmp_path / "heard.npy", "system", channels, blocksize)
        server.feed(tmp_path / "opened.wav", [f"PortAudio:in_{n}" for n in range(opened)]).wait(30)
        heard, said = ear.end()
        assert said["rate"] == 48_000
        if np.array_equal(from_first_sample(heard)[:, :96_000], expected):
            return
        told.append(said)
    pytest.fail(f"never every sample: {told}")


def test_a_server_that_ends_is_told_of_and_the_program_can_end(tmp_path: Path, server: JackServer) -> None:
    ear = Ear(server.environment, tmp_path / "heard.npy")
    server.stop()
    ear.wait_for("failed")
    heard, told = ear.end()
    assert heard.shape[0] == 8
    assert [state for state, _ in told["health"] if state != "overflow"] == ["lost", "failed"]
    assert told["health"][-1][1] == "the device is gone and PortAudio cannot let go of it; start Earmark again"


def test_a_device_that_comes_back_goes_on_in_its_place(tmp_path: Path) -> None:
    server = PulseServer(tmp_path)
    try:
        ear = Ear(server.environment, tmp_path / "heard.npy", "pulse", "1-2")
        server.stop()
        ear.wait_for("lost")
        server.start()
        ear.wait_for("ok")
        time.sleep(3)  # PulseAudio brings its first samples late
        heard, told = ear.end()
    finally:
        server.stop()
    assert [state for state, _ in told["health"] if state != "overflow"] == ["lost", "ok"]
    assert max(told["gaps"]) > 0
    assert heard.shape[1] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("'nowhere'", "no device 'nowhere'; there are: "),
        ("'system', '9'", "system has no channel 9; its channels are 1-8"),
        ("'system', None, 44_100", "system does not do 8 channels at 44100 Hz; its own rate is 48000 Hz"),
    ],
)
def test_what_the_device_does_not_have_is_refused(server: JackServer, arguments: str, message: str) -> None:
    script = f"""
import sys
from earmark.realtime.errors import UsageError
from earmark.realtime.ring import Ring
from earmark.realtime.sources.portaudio import PortAudioSource
try:
    source = PortAudioSource({arguments})
    source.start(Ring(source.channels, 200_000), lambda: None, print)
except UsageError as error:
    sys.stdout.write(str(error))
"""
    told = subprocess.run([sys.executable, "-c", script], env=server.environment, capture_output=True, text=True)
    assert told.stdout.startswith(message), told.stderr
    assert "\n" not in told.stdout
