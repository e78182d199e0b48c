"""Run as a program: hears a device until a line comes on standard input, then saves what it heard.

Arguments: output file, device, channels ("-" for all), blocksize. Says "ready" when the device is open, and prints the
health that was told and the gaps at the end, as JSON.
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
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), done.set()), daemon=True).start()
    while not done.wait(0.1) and not source.finished:
        heard.take()
    heard.stop()
    np.save(out, heard.sound)
    health = [[health.state, health.detail] for health in heard.health]
    sys.stdout.write(json.dumps({"rate": source.rate, "health": health, "gaps": [gap.lost for gap in heard.gaps]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
