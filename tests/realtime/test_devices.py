import pytest

from earmark.realtime.devices import run_devices


def test_both_lists_are_there_whatever_this_machine_has(capfd: pytest.CaptureFixture[str]) -> None:
    run_devices()
    told = capfd.readouterr()
    lines = told.out.splitlines()
    assert lines[0] == "Audio inputs"
    assert "MIDI ports" in lines
    assert all(line.startswith("  ") for line in lines if line not in ("Audio inputs", "MIDI ports"))
    assert lines[-1] != "MIDI ports", "a part that is missing is told in its place"
    assert told.err == "", "and what the drivers complain of is not"
