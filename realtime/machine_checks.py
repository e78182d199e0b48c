"""What works on this machine, part by part. Each check gives one row and never raises what it can foresee."""

import importlib
import importlib.util
import os
import platform
import shutil
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from .addresses import Address, parse_address
from .config import Config, ModelConfig
from .errors import EarmarkError
from .folders import journals
from .sources.devices import list_devices, portaudio

Status = Literal["ok", "warn", "fail"]

PYTHONS: Final = ((3, 11), (3, 13))
"""Oldest and newest Python that Earmark is tested on."""

TRIED_INPUTS: Final = (1, 8, 64)
WANTED_INPUTS: Final = 8
DEFAULT_WS: Final = "127.0.0.1:8765"
LITTLE_DISK_GB: Final = 1.0
REPLY_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One row. `fail`: this part does not work; `warn`: it works with limits, or is there but not ready.

    `remedy` is what to do about it, "" where nothing is to be done. `essential`: without it not even a file can be
    labelled.
    """

    name: str
    status: Status
    detail: str
    remedy: str = ""
    essential: bool = False


def examine(config: Config) -> list[Check]:
    """Every check, in the order in which things are needed. Takes some seconds: the model is measured."""
    checks: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("Python", python),
        ("PyTorch", pytorch),
        ("model", lambda: model(config.model)),
        ("sound files", sound_files),
        ("audio devices", audio_devices),
        ("JACK", jack),
        ("MIDI", midi),
        ("OSC", osc),
        ("WebSocket", lambda: websocket(parse_address(config.ws.listen or DEFAULT_WS, listen=True))),
        ("speech", speech),
        ("disk", lambda: disk(_journal_folder(config))),
    )
    return [_guarded(name, check) for name, check in checks]


def python() -> Check:
    version = sys.version_info[:2]
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if PYTHONS[0] <= version <= PYTHONS[1]:
        return Check("Python", "ok", detail, essential=True)
    oldest, newest = (".".join(map(str, pair)) for pair in PYTHONS)
    return Check(
        "Python", "warn", detail, f"use Python {oldest} to {newest}: Earmark is tested on these", essential=True
    )


def pytorch() -> Check:
    try:
        torch: Any = importlib.import_module("torch")
    except (ImportError, OSError) as error:
        return Check("PyTorch", "fail", _line(error), "pip install --force-reinstall torch", essential=True)
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no CUDA GPU, the CPU is used"
    return Check("PyTorch", "ok", f"{torch.__version__}, {gpu}", essential=True)


def model(config: ModelConfig) -> Check:
    """Loads the model, warms it up and tells how many inputs one hop has time for."""
    from ..model.tagger import Tagger

    try:
        tagger = Tagger(config.file, config.compute)
    except EarmarkError as error:
        return Check("model", "fail", str(error), "check --model and --compute", essential=True)
    tagger.warm_up(TRIED_INPUTS[-1])
    steps = ", ".join(f"{inputs}: {tagger.step_for(inputs):.0f} ms" for inputs in TRIED_INPUTS)
    fitting = [n for n in range(1, TRIED_INPUTS[-1] + 1) if tagger.step_for(n) <= config.hop_ms]
    most = max(fitting, default=0)
    room = f"at least {most}" if most == TRIED_INPUTS[-1] else str(most)
    detail = (
        f"{tagger.name} {tagger.version} on {tagger.device_name}; a step for so many inputs takes {steps}; "
        f"a hop of {config.hop_ms} ms has time for {room}"
    )
    if most >= WANTED_INPUTS:
        return Check("model", "ok", detail, essential=True)
    return Check("model", "warn", detail, "close other programs, or use a longer --hop-ms or a GPU", essential=True)


def sound_files() -> Check:
    try:
        soundfile: Any = importlib.import_module("soundfile")
        soxr: Any = importlib.import_module("soxr")
    except (ImportError, OSError) as error:
        return Check(
            "sound files", "fail", _line(error), "pip install --force-reinstall soundfile soxr", essential=True
        )
    detail = f"{len(soundfile.available_formats())} formats (libsndfile {soundfile.__libsndfile_version__})"
    return Check("sound files", "ok", f"{detail}, resampling by soxr {soxr.__version__}", essential=True)


def audio_devices() -> Check:
    try:
        inputs = list_devices()
        apis = _listed(_apis())
    except EarmarkError as error:
        detail, _, remedy = str(error).partition(": ")
        return Check("audio devices", "fail", detail, remedy)
    if not inputs:
        return Check("audio devices", "warn", f"no inputs ({apis})", "connect an interface, or start JACK")
    most = max(device.inputs for device in inputs)
    noun = "device" if len(inputs) == 1 else "devices"
    return Check("audio devices", "ok", f"{len(inputs)} input {noun}, up to {most} channels ({apis})")


def jack() -> Check:
    try:
        runs = any("JACK" in name for name in _apis())
    except EarmarkError:
        runs = False
    if runs:
        return Check("JACK", "ok", "a server runs")
    if shutil.which("jackd") or shutil.which("pw-jack"):
        return Check("JACK", "warn", "installed, no server runs", "start it (qjackctl), if you want to use it")
    remedy = "sudo apt-get install jackd2, if you want to use it" if sys.platform == "linux" else ""
    return Check("JACK", "warn", "not installed; only those need it who use it", remedy)


def midi() -> Check:
    from .sinks.midi_ports import midi_system

    if importlib.util.find_spec("rtmidi") is None:
        remedy = 'pip install "earmark[midi]"'
        if sys.version_info >= (3, 13):
            remedy += " (on Python 3.13 it is built from source: this needs a C++ compiler)"
        return Check("MIDI", "warn", "python-rtmidi is not installed", remedy)
    try:
        system = midi_system()
    except EarmarkError as error:
        detail, _, remedy = str(error).partition(": ")
        return Check("MIDI", "warn", detail, remedy)
    return Check("MIDI", "ok", f"{system.name}; out: {_listed(system.outputs)}; in: {_listed(system.inputs)}")


def osc() -> Check:
    """A message to ourselves over UDP."""
    from pythonosc.osc_message import OscMessage
    from pythonosc.osc_message_builder import OscMessageBuilder

    remedy = "let Python use the loopback network (a firewall?)"
    sent = OscMessageBuilder("/earmark/check")
    sent.add_arg(1.0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(REPLY_S)
        started = time.perf_counter()
        try:
            receiver.sendto(sent.build().dgram, receiver.getsockname())
            message = OscMessage(receiver.recv(1_432))
        except OSError as error:
            return Check("OSC", "fail", f"a message to this machine did not arrive: {_line(error)}", remedy)
        milliseconds = (time.perf_counter() - started) * 1000
    whole = (message.address, message.params) == ("/earmark/check", [1.0])
    if not whole:
        return Check("OSC", "fail", "a message to this machine arrived changed", remedy)
    return Check("OSC", "ok", f"a message to this machine arrived after {milliseconds:.1f} ms")


def websocket(address: Address) -> Check:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        with socket.create_server((address.host, address.port), family=family):
            pass
    except OSError as error:
        way_out = f"close the other program, or use --ws {Address(address.host, address.port + 1)}"
        return Check("WebSocket", "warn", f"{address} cannot be used: {_line(error)}", way_out)
    return Check("WebSocket", "ok", f"{address} is free")


def speech() -> Check:
    if sys.platform in ("darwin", "win32"):
        return Check("speech", "ok", "the system speaks by itself")
    found = [program for program in ("spd-say", "espeak-ng") if shutil.which(program)]
    if found:
        return Check("speech", "ok", ", ".join(found))
    remedy = "sudo apt-get install speech-dispatcher speech-dispatcher-espeak-ng"
    return Check("speech", "warn", "neither spd-say nor espeak-ng is installed", remedy)


def disk(folder: Path) -> Check:
    free_gb = shutil.disk_usage(folder).free / 1e9
    detail = f"{free_gb:.1f} GB free for journals and recordings in {folder}"
    if not os.access(folder, os.W_OK):
        return Check("disk", "warn", f"{folder} cannot be written", "write the journal elsewhere: --journal FILE")
    if free_gb < LITTLE_DISK_GB:
        return Check("disk", "warn", detail, "make room, or write the journal elsewhere: --journal FILE")
    return Check("disk", "ok", detail)


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    """The row of `check`; one that fails unforeseen must not hide the others."""
    try:
        return check()
    except Exception as error:
        return Check(name, "fail", f"{type(error).__name__}: {_line(error)}", "please report this")


def _journal_folder(config: Config) -> Path:
    """Where the journal goes, or would once its folder is made."""
    wanted = journals() if config.journal is None else Path(config.journal).absolute().parent
    return next(folder for folder in (wanted, *wanted.parents) if folder.is_dir())


def _apis() -> tuple[str, ...]:
    """The host APIs that PortAudio has here. Raises EarmarkError if there is no PortAudio."""
    return tuple(api["name"] for api in portaudio().query_hostapis())


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"


def _line(error: Exception) -> str:
    """The first line of what the error says."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.strip().splitlines()[0] if text.strip() else type(error).__name__
