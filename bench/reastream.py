"""How many channels ReaStream carries on this machine without loss.

For each count of channels a sender in a process of its own sends at the pace of real time over loopback, in blocks of
512 frames as a DAW does; the sound counts its own samples, so that every missing one shows.

    python bench/reastream.py [--seconds 10]
"""

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import numpy as np
from common import plot, publish

from earmark.realtime.ring import Ring
from earmark.realtime.sources.reastream import ReaStreamSource

ROOT = Path(__file__).resolve().parents[1]
CHANNELS = (2, 8, 16, 24, 32, 48, 64)
RATE = 48_000
CYCLE = 2**20  # the sender's samples count up to here
HEAD_S = 1.0


@click.command()
@click.option("--seconds", default=10.0, show_default=True, help="how long each count of channels is sent")
def main(seconds: float) -> None:
    rows = [measure(channels, seconds) for channels in CHANNELS]
    clean = [row["channels"] for row in rows if row["lost_samples"] == 0]
    publish(
        "reastream",
        {
            "rate": RATE,
            "seconds": seconds,
            "receive_buffer_bytes": rows[0].pop("receive_buffer_bytes"),
            "most_channels_without_loss": max(clean, default=0),
            "runs": [{key: value for key, value in row.items() if key != "receive_buffer_bytes"} for row in rows],
        },
    )
    plot("reastream", lambda axes: draw(axes, rows))


def measure(channels: int, seconds: float) -> dict[str, Any]:
    """Hear `channels` channels for `seconds`, after a second in which the sender finds its pace."""
    port = free_port()
    command = [sys.executable, "-m", "tests.realtime.sources.reastream_sender", f"127.0.0.1:{port}", "bench"]
    with subprocess.Popen([*command, str(channels), str(seconds + 4 * HEAD_S)], cwd=ROOT) as sender:
        try:
            source = ReaStreamSource.listen("bench", f"127.0.0.1:{port}")
            granted = source._socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
            ring = Ring(channels, int((seconds + 2 * HEAD_S) * RATE))
            source.start(ring, lambda: None, lambda _: None)
            time.sleep(HEAD_S)
            begin, cpu_s = ring.written, time.process_time()
            time.sleep(seconds)
            stop, cpu_s = ring.written, time.process_time() - cpu_s
            source.stop()
        finally:
            sender.terminate()
    count = np.rint(ring.read(begin, stop)[0].astype(np.float64) * CYCLE).astype(np.int64)
    steps = (np.diff(count) - 1) % CYCLE
    return {
        "channels": channels,
        "packets_a_second": round(RATE / (1200 // (4 * channels))),
        "received_samples": stop - begin,
        "lost_samples": int(steps.sum()),
        "cpu_share": round(cpu_s / seconds, 3),
        "receive_buffer_bytes": granted,
    }


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", 0))
        return port.getsockname()[1]


def draw(axes: Any, rows: list[dict[str, Any]]) -> None:
    channels = [row["channels"] for row in rows]
    axes.plot(channels, [100 * row["cpu_share"] for row in rows], marker="o", label="receiver, percent of one core")
    axes.plot(
        channels,
        [100 * row["lost_samples"] / max(1, row["received_samples"]) for row in rows],
        marker="x",
        label="lost, percent",
    )
    axes.set(xlabel="channels at 48 kHz", ylabel="percent")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()


if __name__ == "__main__":
    main()
