import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray

from earmark.realtime.errors import EarmarkError, UsageError
from earmark.realtime.sources.reastream import ReaStreamSource

from .collect import Collector
from .reastream_sender import packet, packets

RATE = 48_000


def noise(channels: int, frames: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).uniform(-1, 1, (channels, frames)).astype(np.float32)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", 0))
        return port.getsockname()[1]


class Sender:
    """Sends to `port` from a port of its own."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, *data: bytes) -> None:
        for one in data:
            self._socket.sendto(one, self._to)
            time.sleep(0.0005)  # a burst may be larger than the buffer that the system gives

    @contextmanager
    def repeating(self, data: bytes) -> Iterator[None]:
        """Send `data` again and again."""
        done = threading.Event()

        def repeat() -> None:
            while not done.wait(0.02):
                self.send(data)

        thread = threading.Thread(target=repeat)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def close(self) -> None:
        self._socket.close()


class Studio:
    """A sender and what a source hears of it: 3 channels named "drums" at 48 kHz."""

    def __init__(self, channels: str | None = None) -> None:
        self.port = free_port()
        self.sender = Sender(self.port)
        with self.sender.repeating(packet(b"drums", 3, RATE, bytes(12))):
            self.source = ReaStreamSource.listen("drums", f"127.0.0.1:{self.port}", channels)
        self.heard = Collector(self.source)

    def end(self) -> None:
        self.heard.stop()
        self.sender.close()


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = Studio()
    yield studio
    studio.end()


def test_every_sample_arrives_bit_for_bit(studio: Studio) -> None:
    sound = noise(3, 20_000)
    sound[1, 7] = np.nan
    studio.sender.send(*packets(b"drums", RATE, sound))
    heard = studio.heard.until(20_000)
    assert (studio.source.rate, studio.source.channels, studio.source.name) == (RATE, 3, "drums")
    assert np.array_equal(heard.sound, sound, equal_nan=True)
    assert heard.gaps == []


def test_some_of_its_channels() -> None:
    studio = Studio("3,1")
    sound = noise(3, 2_000)
    studio.sender.send(*packets(b"drums", RATE, sound))
    assert np.array_equal(studio.heard.until(2_000).sound, sound[[2, 0]])
    studio.end()


def test_other_names_other_senders_and_rubbish_are_left_out(studio: Studio) -> None:
    sound = noise(3, 1_000)
    other = Sender(studio.port)
    for part in packets(b"drums", RATE, sound):
        studio.sender.send(packet(b"vocals", 3, RATE, bytes(12)), b"rubbish", b"", b"MRSR" + bytes(60), part)
        studio.sender.send(packet(b"drums", 3, RATE, bytes(12))[:-1], bytes(1_400))
        studio.sender.send(b"mRSR" + struct.pack("<I", 40) + b"drums".ljust(32, b"\0"))
        other.send(packet(b"drums", 3, RATE, bytes(12)))
    other.close()
    assert np.array_equal(studio.heard.until(1_000).sound, sound)
    count = len(packets(b"drums", RATE, sound))
    assert studio.source.foreign == 2 * count
    assert studio.source.malformed == 5 * count


def test_what_was_lost_on_the_way_is_found_by_the_clock(studio: Studio) -> None:
    """Every packet goes out when a DAW would send it, but 300 ms of them never do."""
    sound = noise(3, 2 * RATE)
    begin_s = time.monotonic()
    missing = range(24_000, 38_400)
    for begin in range(0, sound.shape[1], 480):
        time.sleep(max(0.0, begin_s + begin / RATE - time.monotonic()))
        if begin not in missing:
            studio.sender.send(*packets(b"drums", RATE, sound[:, begin : begin + 480]))
    heard = studio.heard.until(2 * RATE - 7_200)
    assert sum(gap.lost for gap in heard.gaps) == pytest.approx(len(missing), abs=0.06 * RATE)
    received = np.concatenate((sound[:, : missing.start], sound[:, missing.stop :]), axis=1)
    assert np.array_equal(heard.sound, received[:, : heard.sound.shape[1]])


def test_a_stream_that_stops_is_told_of_and_goes_on_in_its_place(studio: Studio) -> None:
    sound = noise(3, 960)
    studio.sender.send(*packets(b"drums", RATE, sound))
    stopped_s = time.monotonic()
    deadline = stopped_s + 20
    while not studio.heard.health and time.monotonic() < deadline:
        time.sleep(0.05)
    again = Sender(studio.port)  # a DAW that was started anew has another port
    again.send(*packets(b"drums", RATE, sound))
    away_s = time.monotonic() - stopped_s
    heard = studio.heard.until(int(away_s * RATE * 0.9))
    again.close()
    assert [health.state for health in heard.health] == ["lost", "ok"]
    assert sum(gap.lost for gap in heard.gaps) == pytest.approx(away_s * RATE, abs=0.2 * RATE)
    assert np.array_equal(heard.sound, np.concatenate((sound, sound), axis=1)[:, : heard.sound.shape[1]])


@pytest.mark.parametrize(("channels", "rate"), [(4, RATE), (3, 44_100)])
def test_a_stream_that_changes_has_failed(studio: Studio, channels: int, rate: int) -> None:
    studio.sender.send(*packets(b"drums", RATE, noise(3, 960)), packet(b"drums", channels, rate, bytes(4 * channels)))
    heard = studio.heard.to_end()
    assert [health.state for health in heard.health] == ["failed"]
    assert heard.health[0].detail == (
        f"the stream changed from 3 channels at 48000 Hz to {channels} at {rate} Hz; start Earmark again"
    )


def test_silence_on_the_port_says_what_to_do() -> None:
    port = free_port()
    with pytest.raises(EarmarkError) as error:
        ReaStreamSource.listen("drums", f"127.0.0.1:{port}", timeout_s=0.1)
    assert str(error.value) == (
        f"no ReaStream packets named 'drums' on 127.0.0.1:{port} within 0.1 s: "
        "set ReaStream in the DAW to send audio to this address"
    )


def test_other_streams_on_the_port_are_named() -> None:
    port = free_port()
    sender = Sender(port)
    with (
        sender.repeating(packet(b"default", 2, RATE, bytes(8))),
        pytest.raises(EarmarkError, match=r"named 'drums' .*: there are others: 'default'$"),
    ):
        ReaStreamSource.listen("drums", f"127.0.0.1:{port}", timeout_s=0.5)
    sender.close()


def test_a_port_that_is_taken_and_a_channel_that_is_not_there() -> None:
    studio = Studio()
    with pytest.raises(EarmarkError, match=f"cannot listen for ReaStream on 127.0.0.1:{studio.port}: "):
        ReaStreamSource.listen("drums", f"127.0.0.1:{studio.port}")
    studio.end()
    sender = Sender(studio.port)
    with (
        sender.repeating(packet(b"drums", 3, RATE, bytes(12))),
        pytest.raises(UsageError, match="ReaStream 'drums' has no channel 4; its channels are 1-3"),
    ):
        ReaStreamSource.listen("drums", f"127.0.0.1:{studio.port}", "4")
    sender.close()
