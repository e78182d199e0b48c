"""What capturing costs: the audio callback's time, and how long it has to wait for the interpreter.

JACK's dummy driver calls at the pace of a sound card. Two runs: the ring only, and the whole chain with the model, all
inputs sounding. In each, the source's own callback is timed from its first line to its last, and the intervals between
calls and PortAudio's overflow flags show what the measurement inside cannot: the wait before it. Linux with jackd2 and
jack-stdio only.

    python bench/capture.py [--seconds 30] [--inputs 64] [--blocksize 256] [--model FILE]
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
import numpy as np
import soundfile
from common import plot, publish, summary, survival, verdict

RATE = 48_000
LIMIT_P99_US = 50.0
FEED_SPARE_S = 30
NOISE_DBFS = -30.0
RING_S = 8
TRIES = 10


class CallTimes:
    """Stands around a source's callback and keeps when each call began and ended, and whether sound had been lost."""

    def __init__(self, source: Any, most_calls: int) -> None:
        self._heard = source._heard
        self._begun_ns = np.ones(most_calls, np.int64)
        self._ended_ns = np.ones(most_calls, np.int64)
        self._calls = 0
        self._overflows = 0
        source._heard = self._timed

    def restart(self) -> None:
        self._calls = self._overflows = 0

    def result(self) -> dict[str, Any]:
        calls = min(self._calls, len(self._begun_ns))
        begun, ended = self._begun_ns[:calls], self._ended_ns[:calls]
        return {
            "callback_us": ((ended - begun) / 1e3).round(2).tolist(),
            "interval_ms": (np.diff(begun) / 1e6).round(4).tolist(),
            "overflows": self._overflows,
        }

    def _timed(self, indata: Any, frames: int, times: Any, status: Any) -> None:
        begun_ns = time.perf_counter_ns()
        self._heard(indata, frames, times, status)
        ended_ns = time.perf_counter_ns()
        self._overflows += status.input_overflow
        if self._calls < len(self._begun_ns):
            self._begun_ns[self._calls] = begun_ns
            self._ended_ns[self._calls] = ended_ns
        self._calls += 1


def ring_only(source: Any) -> Any:
    """Start `source` into a ring that nobody reads; the call that ends it gives what is to be told."""
    from earmark.realtime.ring import Ring

    def end() -> dict[str, Any]:
        source.stop()
        return {}

    source.start(Ring(source.channels, RING_S * RATE), lambda: None, lambda _: None)
    return end


def whole_chain(source: Any, model: Path | None) -> Any:
    """Start `source` into the engine with a warmed model; the call that ends it gives what is to be told."""
    from earmark.model.tagger import Tagger
    from earmark.realtime.board import Board
    from earmark.realtime.config import Config
    from earmark.realtime.engine import Engine
    from earmark.realtime.identity import new_identity
    from earmark.realtime.live import settle
    from earmark.realtime.session import Session

    tagger = Tagger(model, "auto")
    tagger.warm_up(source.channels)
    identity = new_identity(source.channel_names, source.rate, [], time.time_ns())
    session = Session(identity, tagger, Config(), time.time_ns)
    engine = Engine(source, session, Board(identity.names, identity.rate))

    def end() -> dict[str, Any]:
        engine.stop()
        counts = engine.counts
        return {
            "model": f"{tagger.name} {tagger.version} on {tagger.device_name}",
            "model_step_ms": round(tagger.step_for(source.channels), 1),
            "windows": counts.windows,
            "skipped_hops": counts.skipped,
            "lost_samples": counts.lost_samples,
        }

    settle()
    engine.start()
    return end


def capture(seconds: float, blocksize: int, model: Path | None, chain: bool) -> None:
    """The measured process: opens JACK's inputs, waits for a line that says that sound comes, measures, tells."""
    from earmark.realtime.sources.portaudio import PortAudioSource

    source = PortAudioSource("system", blocksize=blocksize)
    times = CallTimes(source, round(2 * seconds * RATE / blocksize))
    end = whole_chain(source, model) if chain else ring_only(source)
    print("open", flush=True)
    sys.stdin.readline()
    times.restart()
    time.sleep(seconds)
    found = times.result()
    print(json.dumps(found | end()))


def measured(chain: bool, seconds: float, inputs: int, blocksize: int, model: Path | None) -> dict[str, Any]:
    """One run in a process of its own, which must find its JACK server when it loads PortAudio."""
    sys.path.append(str(Path(__file__).parents[1]))
    from tests.jack import JackServer

    command = [sys.executable, __file__, "--measured", "chain" if chain else "ring"]
    command += ["--seconds", str(seconds), "--blocksize", str(blocksize), *(["--model", str(model)] if model else [])]
    with JackServer(inputs, RATE, blocksize) as server, tempfile.TemporaryDirectory() as folder:
        noise = Path(folder) / "noise.wav"
        level = 10 ** (NOISE_DBFS / 20)
        sound = np.random.default_rng(1).normal(0, level, round((seconds + FEED_SPARE_S) * RATE))
        soundfile.write(noise, sound, RATE, subtype="PCM_16")
        process = subprocess.Popen(
            command, env=server.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        if process.stdout.readline() != "open\n":
            raise SystemExit("the measured process did not open JACK's inputs: see above")
        feed = feed_all(server, noise, inputs)
        told, _ = process.communicate("go\n", timeout=seconds + 60)
        feed.stop()
    return json.loads(told.splitlines()[-1])


def feed_all(server: Any, noise: Path, inputs: int) -> Any:
    """Play one channel of noise into every input of PortAudio."""
    ears = [f"PortAudio:in_{k}" for k in range(inputs)]
    before = set(server.ports())
    feed = server.feed(noise, ears[:1])
    deadline = time.monotonic() + 15
    while not (mouths := set(server.ports()) - before):
        if time.monotonic() > deadline:
            raise SystemExit("jack-stdin does not come up")
    for ear in ears[1:]:
        connect(server, *mouths, ear)
    return feed


def connect(server: Any, mouth: str, ear: str) -> None:
    """On a busy machine JACK refuses now and then: it is asked again."""
    for _ in range(TRIES):
        done = subprocess.run(["jack_connect", mouth, ear], env=server.environment, capture_output=True)
        if done.returncode == 0:
            return
        time.sleep(0.2)
    raise SystemExit(f"JACK does not connect {mouth} to {ear}")


@click.command(help=__doc__)
@click.option("--seconds", default=30.0, help="how long each run lasts")
@click.option("--inputs", default=64)
@click.option("--blocksize", default=256, help="frames a callback")
@click.option("--model", type=click.Path(path_type=Path), help="model file; default: the one that ships")
@click.option("--measured", "child", type=click.Choice(("ring", "chain")), hidden=True)
def main(seconds: float, inputs: int, blocksize: int, model: Path | None, child: str | None) -> None:
    if child:
        capture(seconds, blocksize, model, child == "chain")
        return
    runs = {
        "ring only": measured(False, seconds, inputs, blocksize, model),
        "whole chain": measured(True, seconds, inputs, blocksize, model),
    }
    callback = {name: run.pop("callback_us") for name, run in runs.items()}
    interval = {name: run.pop("interval_ms") for name, run in runs.items()}
    for name, run in runs.items():
        run["callback_us"] = summary(callback[name])
        run["interval_ms"] = summary(interval[name])
        run["callback_p99"] = verdict(run["callback_us"]["p99"], LIMIT_P99_US)
    what = {"seconds": seconds, "inputs": inputs, "blocksize": blocksize, "period_ms": blocksize / RATE * 1000}
    publish("capture", what | {"runs": runs})

    def draw(axes: Any) -> None:
        survival(axes[0], callback, "µs in the callback", LIMIT_P99_US)
        survival(axes[1], interval, "ms between callbacks")

    plot("capture", draw, rows=2)


if __name__ == "__main__":
    main()
