"""The audio devices of this machine, as PortAudio lists them, and which of them a word means."""

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import EarmarkError, UsageError
from ..quiet import no_complaints


@dataclass(frozen=True, slots=True)
class Device:
    """`inputs`: how many channels it has in. `rate`: its own sample rate in Hz. `api`: its driver (ASIO, ALSA …)."""

    index: int
    name: str
    api: str
    inputs: int
    rate: int
    is_default: bool

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.api}"


def portaudio() -> Any:
    """The sounddevice module. Raises EarmarkError saying what to install if there is no PortAudio."""
    if sys.platform == "win32":
        os.environ.setdefault("SD_ENABLE_ASIO", "1")  # sounddevice reads it once, when it is imported
    try:
        with no_complaints():  # importing it starts PortAudio, which tries every driver there is
            return importlib.import_module("sounddevice")
    except OSError:
        remedy = "sudo apt-get install libportaudio2" if sys.platform == "linux" else "pip install sounddevice"
        raise EarmarkError(f"the PortAudio library is missing: {remedy}") from None


def list_devices() -> list[Device]:
    """All devices that have inputs, in PortAudio's order. Raises EarmarkError if there is no PortAudio."""
    sounddevice = portaudio()
    apis = sounddevice.query_hostapis()
    default = sounddevice.default.device[0]
    return [
        Device(
            index=index,
            name=found["name"],
            api=apis[found["hostapi"]]["name"],
            inputs=found["max_input_channels"],
            rate=round(found["default_samplerate"]),
            is_default=index == default,
        )
        for index, found in enumerate(sounddevice.query_devices())
        if found["max_input_channels"] > 0
    ]


def find_device(wanted: str | None, devices: Sequence[Device]) -> Device:
    """The device that `wanted` means: its number, its name, or a part that only it has (None: the default).

    The API may be given with the name: "Fireface, ASIO". Raises UsageError naming those it could be.
    """
    if not devices:
        raise UsageError("there is no audio device with inputs; connect one, or see it work without: earmark demo")
    if wanted is None:
        return next((device for device in devices if device.is_default), devices[0])
    word = wanted.strip().casefold()
    if word.isdecimal():
        found = [device for device in devices if device.index == int(word)]
    else:
        found = (
            [device for device in devices if word in (device.name.casefold(), device.full_name.casefold())]
            or [device for device in devices if word in device.name.casefold()]
            or [device for device in devices if word in device.full_name.casefold()]
        )
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"{device.index}: {device.full_name}" for device in found or devices)
    what = f"'{wanted}' may be any of these devices" if found else f"no device '{wanted}'; there are"
    raise UsageError(f"{what}: {listed}")
