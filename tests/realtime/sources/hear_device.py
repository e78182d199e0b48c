"""Run as a program: hears a device until a line comes on standard input, then saves what it heard.

Arguments: output file, device, channels ("-" for all), blocksize. Says "ready" when the device is open, each state of
health when it is told, and at the end the rate, all health and the gaps as JSON.
"""

import json
import sys
import threading

import numpy as np

from earmark.realtime.sources.portaudio import PortAudioSource

from .collect import Collector


def main(out: str, device: str, channels: str, blocksize: str) -> None:
    source = PortAudioSource(device, None if channels == "-" else channels, blocksize=int(blocksize))
    heard = Collector(source, seconds=20)
    say("ready")
    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), done.set()), daemon=True).start()
    told = 0
    finished = False
    while not done.wait(0.1) and not finished:
        finished = source.finished  # what it has to say of that was said before
        heard.take()
        for health in heard.health[told:]:
            say(health.state)
            told += 1
    heard.stop()
    np.save(out, heard.sound)
    health = [[health.state, health.detail] for health in heard.health]
    say(json.dumps({"rate": source.rate, "health": health, "gaps": [gap.lost for gap in heard.gaps]}))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
