"""What a DAW tells of its transport, and the takes that follow from it.

Three sources are understood, none of which needs anything but its own default settings:

* MIDI Machine Control (MMA RP-013): `F0 7F <device> 06 <command> F7`. Record strobe begins a recording; record exit,
  stop, pause, fast forward and rewind end it. Play does not: DAWs send it on either side of record strobe.
* Reaper, pattern `Default.ReaperOSC`: `/record`, `/stop` (1 or 0), `/time` (seconds), `/time/str` (minutes:seconds).
* Ardour's OSC feedback: `/rec_enable_toggle` (the master record enable), `/transport_play`, `/transport_stop`, and the
  positions as text. Ardour records while it is record enabled and rolling; `/record_tally` only says that some track
  is armed ("ready to record"), so it is left alone.

A take starts when recording rolls and stops when it ends, whichever source says so first.
"""

import math
from collections.abc import Sequence
from typing import Final

from .commands import Command

_MMC_STRING: Final = (0x7F, 0x06)
_MMC_RECORD_STROBE: Final = 0x06
_MMC_ENDS_RECORDING: Final = frozenset({0x01, 0x04, 0x05, 0x07, 0x09})
_MMC_LOCATE: Final = (0x44, 0x06, 0x01)
_MAX_TEXT: Final = 32
_MAX_SECONDS: Final = 360_000.0


class Transport:
    """Follows one DAW. `position` is the last one told, as `HH:MM:SS.mmm`, `HH:MM:SS:FF` or `<n> samples`."""

    def __init__(self) -> None:
        self.recording = False
        self.position: str | None = None
        self._enabled = False
        self._rolling = False

    def feed_mmc(self, data: Sequence[int]) -> Command | None:
        """The take that a SysEx message starts or stops; `data` without F0 and F7, as mido gives it."""
        if len(data) < 4 or (data[0], data[2]) != _MMC_STRING:
            return None
        body = tuple(data[3:])
        if body[0] == _MMC_RECORD_STROBE:
            return self._record(True)
        if body[0] in _MMC_ENDS_RECORDING:
            return self._record(False)
        if body[:3] == _MMC_LOCATE and len(body) >= 7:
            # The two high bits of the hour byte are the frame rate.
            hour, minute, second, frame = body[3] & 0x1F, body[4], body[5], body[6] & 0x1F
            self.position = f"{hour:02}:{minute:02}:{second:02}:{frame:02}"
        return None

    def feed_osc(self, address: str, params: Sequence[object]) -> Command | None:
        """The take that a DAW's feedback starts or stops. Unknown addresses and odd arguments are ignored."""
        if not params:
            return None
        value = params[0]
        if address in _POSITIONS:
            self.position = _POSITIONS[address](value) or self.position
            return None
        if address not in _SWITCHES or not isinstance(value, int | float):
            return None
        return self._switch(address, bool(value))

    def _switch(self, address: str, on: bool) -> Command | None:
        if address == "/record":
            return self._record(on)
        if address == "/stop":
            return self._record(False) if on else None
        if address == "/rec_enable_toggle":
            self._enabled = on
        elif address == "/transport_play":
            self._rolling = on
        elif on:
            self._rolling = False
        return self._record(self._enabled and self._rolling)

    def _record(self, on: bool) -> Command | None:
        if on == self.recording:
            return None
        self.recording = on
        args = {"action": "start" if on else "stop"}
        return Command("take", args | ({"position": self.position} if self.position else {}))


def _clock(seconds: float) -> str:
    """`HH:MM:SS.mmm`."""
    millis = round(seconds * 1000)
    hours, rest = divmod(millis, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _seconds(value: object) -> str | None:
    if not isinstance(value, int | float) or not math.isfinite(value) or not 0 <= value < _MAX_SECONDS:
        return None
    return _clock(value)


def _clock_text(value: object) -> str | None:
    """`1:23.456`, `01:02:03.456` or `3.5`."""
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        return None
    try:
        parts = [float(part) for part in value.strip().split(":")]
    except ValueError:
        return None
    seconds = 0.0
    for part in parts[:3]:
        seconds = seconds * 60 + part
    return _seconds(seconds) if len(parts) <= 3 else None


def _timecode(value: object) -> str | None:
    text = value.strip() if isinstance(value, str) else ""
    parts = text.replace(";", ":").split(":")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) == 2 for part in parts):
        return None
    return ":".join(parts)


def _samples(value: object) -> str | None:
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()) or len(value) > 15:
        return None
    return f"{int(value)} samples"


_POSITIONS: Final = {
    "/time": _seconds,
    "/time/str": _clock_text,
    "/position/time": _clock_text,
    "/position/smpte": _timecode,
    "/position/samples": _samples,
}
_SWITCHES: Final = frozenset({"/record", "/stop", "/rec_enable_toggle", "/transport_play", "/transport_stop"})
ADDRESSES: Final = frozenset(_POSITIONS) | _SWITCHES
"""Every address that `Transport.feed_osc` understands."""
