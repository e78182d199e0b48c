"""`earmark devices`: the audio inputs and MIDI ports of this machine, by the names that `live` takes."""

import click

from .errors import EarmarkError
from .sinks.midi_ports import midi_system
from .sources.devices import list_devices


def run_devices() -> None:
    """Print both lists, one line each; a part that is missing is told in its place."""
    for title, lines in (("Audio inputs", _audio), ("MIDI ports", _midi)):
        click.echo(title)
        try:
            found = lines()
        except EarmarkError as error:
            found = [str(error)]
        for line in found or ["none"]:
            click.echo(f"  {line}")


def _audio() -> list[str]:
    return [
        f"{device.index}: {device.full_name}: {device.inputs} inputs, {device.rate} Hz"
        + (" (default)" if device.is_default else "")
        for device in list_devices()
    ]


def _midi() -> list[str]:
    system = midi_system()
    outputs = [f"out: {name} ({system.name})" for name in system.outputs]
    return outputs + [f"in: {name} ({system.name})" for name in system.inputs]
