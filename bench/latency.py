"""From the moment a hop is complete to its event on the wire, at the real cadence (4 hops a second, not a tight loop).

A thread writes made-up sound into the ring as an audio callback would, 1,024 frames at a time, all inputs sounding, so
that the model judges every input in every hop. A WebSocket client in a process of its own subscribes to `levels`, the
one event that every hop sends after the model and the smoother are done, and notes when each arrives. The sound card's
own delay is not in it.

    python bench/latency.py [--seconds 60] [--inputs 8 --inputs 64] [--compute auto]
"""

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import click
import numpy as np
from common import plot, publish, summary, survival

from earmark.model.tagger import Tagger
from earmark.realtime.board import Board
from earmark.realtime.config import Config
from earmark.realtime.engine import Engine
from earmark.realtime.health import Health
from earmark.realtime.identity import new_identity
from earmark.realtime.live import settle
from earmark.realtime.ring import Ring
from earmark.realtime.session import Session
from earmark.realtime.sinks.websocket import WebSocketSink

RATE, BLOCK, HOP = 48_000, 1024, 12_000
LIMITS_MS = {8: 50.0, 64: 200.0}


class PacedSource:
    """Writes decaying tones and noise against the clock and notes when each hop became complete."""

    name, rate, live = "paced", RATE, True

    def __init__(self, channels: int, seconds: float):
        self.channels = channels
        self.channel_names = ("",) * channels
        self.finished = False
        self.complete_ns: dict[int, int] = {}
        self._blocks = round(seconds * RATE / BLOCK)
        self._stopping = threading.Event()
        random = np.random.default_rng(1)
        t = np.arange(RATE) / RATE
        played_s = (t[:, None] + random.uniform(0, 1, channels)) % 1  # each with a rhythm of its own: no bleed
        notes = np.exp(-3 * played_s) * (played_s < 0.8)
        tones = np.sin(2 * np.pi * t[:, None] * random.uniform(80, 2000, channels)) * notes
        self._sound = (0.3 * tones + 0.001 * random.standard_normal((RATE, channels))).astype(np.float32)

    def start(self, ring: Ring, wake: Callable[[], None], report: Callable[[Health], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(ring, wake), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self, ring: Ring, wake: Callable[[], None]) -> None:
        begin = time.monotonic()
        for k in range(1, self._blocks + 1):
            if self._stopping.wait(max(0.0, begin + k * BLOCK / RATE - time.monotonic())):
                return
            at = (k * BLOCK) % (RATE - BLOCK)
            ring.write(self._sound[at : at + BLOCK])
            hop_end = ring.written // HOP * HOP
            self.complete_ns.setdefault(hop_end, time.time_ns())
            if ring.take_wake():
                wake()
        self.finished = True


def listen(port: int, out: Connection) -> None:
    """The client's process: {decided_sample: arrival in UTC ns} once the server goes away."""
    out.send(asyncio.run(_arrivals(port, out)))


async def _arrivals(port: int, out: Connection) -> dict[int, int]:
    import json

    from websockets.asyncio.client import connect

    arrived: dict[int, int] = {}
    async with connect(f"ws://127.0.0.1:{port}", compression=None) as socket:
        await socket.recv()
        await socket.send(json.dumps({"subscribe": {"kinds": ["levels"]}}))
        out.send("ready")
        async for message in socket:
            event = json.loads(message)
            if event.get("kind") == "levels":
                arrived[event["decided_sample"]] = time.time_ns()
    return arrived


def measure(inputs: int, seconds: float, compute: Any) -> dict[str, Any]:
    source, config = PacedSource(inputs, seconds), Config.model_validate({"ws": {"listen": "127.0.0.1:0"}})
    tagger = Tagger(None, compute)
    tagger.warm_up(inputs)
    identity = new_identity(source.channel_names, RATE, [], time.time_ns())
    engine = Engine(source, Session(identity, tagger, config, time.time_ns), Board(identity.names, RATE))
    sink = WebSocketSink(config.ws, engine.report, engine.want_state, engine.submit)
    engine.sinks = [sink]
    sink.start()
    here, there = multiprocessing.get_context("spawn").Pipe()
    client = multiprocessing.get_context("spawn").Process(target=listen, args=(sink.port, there), daemon=True)
    client.start()
    here.recv()
    settle()
    engine.start()
    engine.done.wait(seconds + 60)
    engine.stop()
    sink.stop(5)
    arrived: dict[int, int] = here.recv()
    client.join(10)
    steady = [hop for hop in sorted(arrived) if hop > RATE and hop in source.complete_ns]
    ms = [(arrived[hop] - source.complete_ns[hop]) / 1e6 for hop in steady]
    return {
        "inputs": inputs,
        "latency_ms": ms,
        "summary_ms": summary(ms),
        "skipped_windows": engine.counts.skipped,
        "judged_share": round(engine.counts.windows / (inputs * seconds * RATE / HOP), 3),
        "model_ms": round(tagger.step_for(inputs), 2),
        "compute": tagger.device_name,
    }


@click.command(help=__doc__)
@click.option("--seconds", default=60.0, help="how long each size runs")
@click.option("--inputs", "sizes", multiple=True, type=int, default=(8, 64))
@click.option("--compute", type=click.Choice(("auto", "cpu", "cuda")), default="auto")
def main(seconds: float, sizes: tuple[int, ...], compute: str) -> None:
    found = [measure(inputs, seconds, compute) for inputs in sizes]
    series = {f"{one['inputs']} inputs": one.pop("latency_ms") for one in found}
    for one in found:
        limit = LIMITS_MS.get(one["inputs"])
        one["limit_p99_ms"] = limit
        one["kept"] = None if limit is None else one["summary_ms"]["p99"] <= limit and not one["skipped_windows"]
    publish("latency", {"seconds": seconds, "runs": found})
    plot("latency", lambda axes: survival(axes, series, "ms"))


if __name__ == "__main__":
    main()
