"""An audio device through PortAudio.

PortAudio's thread calls `_heard`, which copies into the ring and does nothing else. A second thread watches: it tells
of overflows, and when the device is lost it looks for it until it is back.
"""

import atexit
import logging
import threading
import time
from contextlib import suppress
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import EarmarkError, UsageError
from ..health import Health, State
from ..ring import Ring
from .base import Report, Wake
from .channels import as_slice, choose
from .devices import Device, find_device, list_devices, portaudio

_log = logging.getLogger(__name__)

_LOOK_S: Final = 0.2
"""How often the watching thread looks."""

_SILENT_S: Final = 2.0
"""A device that has not called for so long is lost."""

_RETRY_FIRST_S: Final = 0.5
_RETRY_MOST_S: Final = 10.0
_CLOSE_S: Final = 3.0
_REFUSED: Final = ((-9997,), (-9998,))  # paInvalidSampleRate, paInvalidChannelCount
_MOST_FRAMES: Final = 16_384
"""Frames of the largest callback; a larger one is taken in parts."""


class _Changed(Exception):  # noqa: N818 - says what happened
    """The device came back as another."""


class PortAudioSource:
    """`channels` ("1-8,12"; None: all) of the device that `device` names (None: the default).

    `rate` None is the device's own. `blocksize`: frames a callback, 0: as the driver likes. `latency`: seconds, or the
    driver's own "low" or "high". Raises UsageError if there is no such device, channel or rate, EarmarkError if
    there is no PortAudio.
    """

    live = True

    def __init__(
        self,
        device: str | None = None,
        channels: str | None = None,
        rate: int | None = None,
        blocksize: int = 1024,
        latency: float | Literal["low", "high"] = "high",
    ) -> None:
        self._sounddevice = portaudio()
        self._device = find_device(device, list_devices())
        columns = choose(channels, self._device.inputs, self._device.name)
        self.name = self._device.name
        self.rate = rate or self._device.rate
        self.channels = len(columns)
        self.channel_names = ("",) * self.channels
        self.overflows = 0
        """Times that PortAudio said that it had lost sound."""
        self._opened_channels = max(columns) + 1
        self._slice = as_slice(columns)
        self._all = self._slice == slice(0, self._opened_channels)
        self._columns = np.array(columns)
        self._chosen = np.zeros((_MOST_FRAMES, self.channels), np.float32)
        self._blocksize = blocksize
        self._latency: float | str = latency
        self._stream: Any = None
        self._stopping = threading.Event()
        self._finished = False
        self._watcher: threading.Thread | None = None
        self._opened_ns = 0
        # Slots of the callback.
        self._heard_ns = 0
        self._adc_s = 0.0
        self._frames = 0
        self._resuming = False

    @property
    def finished(self) -> bool:
        """True when the device is gone for good."""
        return self._finished

    def start(self, ring: Ring, wake: Wake, report: Report) -> None:
        """Open the device and begin. Raises UsageError if it refuses its settings, EarmarkError if it cannot be had."""
        if ring.channels != self.channels or self._watcher is not None:
            raise ValueError("a source starts once, into a ring of its own channels")
        self._ring = ring
        self._wake = wake
        self._report_health = report
        self._open(self._device)
        self._watcher = threading.Thread(target=self._watch, name=f"watch {self.name}", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Close the device. Harmless when already closed."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()

    # The callback, on PortAudio's thread.

    def _heard(self, indata: NDArray[np.float32], frames: int, times: Any, status: Any) -> None:
        now_ns = time.monotonic_ns()
        adc_s = times.inputBufferAdcTime or times.currentTime
        if self._resuming:
            self._resuming = False
            away = (now_ns - self._heard_ns) * self.rate // 1_000_000_000
            self._ring.lose(max(0, away - frames))
        elif status and status.input_overflow:
            self.overflows += 1
            # The time between the first samples of two callbacks, less the samples that came between them.
            self._ring.lose(max(0, round((adc_s - self._adc_s) * self.rate) - self._frames))
        self._heard_ns = now_ns
        self._adc_s = adc_s
        self._frames = frames
        if self._all:
            self._ring.write(indata)
        elif self._slice is not None:
            self._ring.write(indata[:, self._slice])
        else:
            for begin in range(0, frames, _MOST_FRAMES):
                part = indata[begin : begin + _MOST_FRAMES]
                chosen = self._chosen[: len(part)]
                np.take(part, self._columns, axis=1, out=chosen, mode="clip")  # "raise" would make a copy first
                self._ring.write(chosen)
        if self._ring.take_wake():
            self._wake()

    # The watching thread.

    def _watch(self) -> None:
        told = 0
        try:
            while not self._stopping.wait(_LOOK_S):
                if self.overflows != told:
                    self._report("overflow", f"{self.overflows - told} times sound was lost before it reached Earmark")
                    told = self.overflows
                if self._is_lost():
                    self._recover()
        except EarmarkError as error:
            self._report("failed", str(error))
        except Exception as error:
            _log.exception("watching %s failed", self.name)
            self._report("failed", f"{type(error).__name__}: {error}")
        finally:
            self._close_quietly()
            self._finished = True
            self._wake()

    def _is_lost(self) -> bool:
        silent_s = (time.monotonic_ns() - max(self._heard_ns, self._opened_ns)) / 1e9
        return not self._stream.active or silent_s > _SILENT_S

    def _recover(self) -> None:
        self._report("lost", "the device is gone; waiting for it to come back")
        self._wake()
        self._close()
        pause_s = _RETRY_FIRST_S
        while not self._stopping.wait(pause_s):
            pause_s = min(2 * pause_s, _RETRY_MOST_S)
            try:
                self._look_again()
            except EarmarkError as error:
                _log.info("%s is not back yet: %s", self.name, error)
                continue
            except _Changed as change:
                raise EarmarkError(str(change)) from None
            self._report("ok", "the device is back")
            return

    def _look_again(self) -> None:
        """Open the device anew. Raises EarmarkError if it is not there, _Changed if it is not what it was."""
        self._begin_anew()
        known = [device for device in list_devices() if device.full_name == self._device.full_name]
        if not known:
            raise EarmarkError("not in the list of devices")
        device = known[0]
        if device.inputs < self._opened_channels:
            raise _Changed(
                f"came back with {device.inputs} inputs instead of {self._opened_channels}; start Earmark again"
            )
        self._resuming = True
        try:
            self._open(device)
        except UsageError:
            raise _Changed(
                f"came back at {device.rate} Hz and refuses {self.rate} Hz; set it to {self.rate} Hz or start again"
            ) from None

    def _begin_anew(self) -> None:
        """Have PortAudio list the devices again, which it does only when it begins."""
        error_class = self._sounddevice.PortAudioError
        with suppress(error_class):  # it has ended already, if it could not begin the last time
            self._sounddevice._terminate()
        try:
            self._sounddevice._initialize()
        except error_class as error:
            raise EarmarkError(f"PortAudio cannot begin: {error}") from None

    def _open(self, device: Device) -> None:
        sounddevice = self._sounddevice
        wanted = {"device": device.index, "channels": self._opened_channels, "dtype": "float32"}
        try:
            sounddevice.check_input_settings(samplerate=self.rate, **wanted)
        except sounddevice.PortAudioError as error:
            if error.args[1:2] not in _REFUSED:
                raise _cannot_open(device, error) from None
            raise UsageError(
                f"{device.name} does not do {self._opened_channels} channels at {self.rate} Hz; "
                f"its own rate is {device.rate} Hz"
            ) from None
        self._opened_ns = time.monotonic_ns()
        try:
            self._stream = sounddevice.InputStream(
                samplerate=self.rate,
                blocksize=self._blocksize,
                latency=self._latency,
                callback=self._heard,
                **wanted,
            )
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise _cannot_open(device, error) from None

    def _close(self) -> None:
        """Let go of the stream. Raises EarmarkError if PortAudio hangs, as it does when a JACK server has gone."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        closer = threading.Thread(target=_close_stream, args=(stream,), name=f"close {self.name}", daemon=True)
        closer.start()
        closer.join(_CLOSE_S)
        if closer.is_alive():
            atexit.unregister(self._sounddevice._exit_handler)  # it would hang, or abort the program, at its end
            raise EarmarkError("the device is gone and PortAudio cannot let go of it; start Earmark again")

    def _close_quietly(self) -> None:
        try:
            self._close()
        except EarmarkError as error:
            _log.warning("%s: %s", self.name, error)

    def _report(self, state: State, detail: str) -> None:
        self._report_health(Health(self.name, state, detail))


def _close_stream(stream: Any) -> None:
    try:
        stream.close(ignore_errors=True)
    except Exception as error:
        _log.warning("closing the device: %s", error)


def _cannot_open(device: Device, error: Exception) -> EarmarkError:
    reason = error.args[0] if error.args else error
    return EarmarkError(f"cannot open {device.name}: {reason}; does another program hold it?")
