import os
import queue
import sys

import pytest

from earmark.realtime.check import keys
from earmark.realtime.commands import Command, CommandError


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("s", {"action": "skip"}),
        ("s 5", {"action": "skip", "channel": 5}),
        ("a 12", {"action": "again", "channel": 12}),
        ("?", {"action": "status"}),
        ("", {"action": "status"}),
    ],
)
def test_keys_are_commands(line: str, arguments: dict[str, int | str]) -> None:
    assert keys.parse_key(line) == Command("check", arguments)


@pytest.mark.parametrize("line", ["x", "sx", "a five", "a 0", "s 1 2"])
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(CommandError):
        keys.parse_key(line)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
def test_lines_come_from_the_terminal_and_a_pipe_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    typed: queue.Queue[str] = queue.Queue()
    desk, terminal = os.openpty()
    try:
        with os.fdopen(terminal) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            assert keys.are_there()
            listening = keys.listen(typed.put)
            os.write(desk, b"a 5\ns\n")
            assert [typed.get(timeout=10), typed.get(timeout=10)] == ["a 5", "s"]
            os.write(desk, b"\x04")  # the end, as Ctrl-D gives it
            listening.join(10)
            assert not listening.is_alive()
        read, write = os.pipe()
        with os.fdopen(read) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            assert not keys.are_there()
        os.close(write)
    finally:
        os.close(desk)
