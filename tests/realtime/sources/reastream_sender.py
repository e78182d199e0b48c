"""Plays the part of a DAW that sends ReaStream: by the published layout, at the pace of real time.

As a program: HOST:PORT NAME CHANNELS SECONDS sends a ramp (see `ramp`) at 48 kHz in blocks of 512 frames, as a DAW's
audio callback does.
"""

import socket
import struct
import sys
import time

import numpy as np
from numpy.typing import NDArray

BLOCK = 512
RATE = 48_000


def packet(name: bytes, channels: int, rate: int, sound: bytes) -> bytes:
    return struct.pack("<4sI32sBIH", b"MRSR", 47 + len(sound), name, channels, rate, len(sound)) + sound


def packets(name: bytes, rate: int, block: NDArray[np.float32]) -> list[bytes]:
    """`block`, `[channels, n]`, in packets of at most 1,200 bytes of sound."""
    channels = len(block)
    step = 1200 // (4 * channels)
    parts = [block[:, begin : begin + step] for begin in range(0, block.shape[1], step)]
    return [packet(name, channels, rate, part.astype("<f4").tobytes()) for part in parts]


def ramp(channels: int, begin: int, stop: int) -> NDArray[np.float32]:
    """Sample n of every channel is (n mod 2**20) / 2**20, exact in float32: what is missing shows."""
    count = (np.arange(begin, stop) % 2**20 / 2**20).astype(np.float32)
    return np.tile(count, (channels, 1))


def main(target: str, name: str, channels: str, seconds: str) -> None:
    host, port = target.split(":")
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.connect((host, int(port)))
    begin_s = time.monotonic()
    for sent in range(0, int(float(seconds) * RATE), BLOCK):
        time.sleep(max(0.0, begin_s + sent / RATE - time.monotonic()))
        for data in packets(name.encode(), RATE, ramp(int(channels), sent, sent + BLOCK)):
            try:
                out.send(data)
            except ConnectionRefusedError:
                return  # nobody listens any more


if __name__ == "__main__":
    main(*sys.argv[1:])
