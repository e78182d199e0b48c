"""Those at the other end of a sink in the tests: who hears its health, and who receives its datagrams."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from earmark.realtime.health import Health
from earmark.realtime.sinks.osc_packets import messages_in

PATIENCE_S = 20


class Notes:
    """Keeps what a sink reports, and lets a test wait for it."""

    def __init__(self) -> None:
        self.told: list[Health] = []
        self.states_wanted = 0
        self._changed = threading.Condition()

    def report(self, health: Health) -> None:
        with self._changed:
            self.told.append(health)
            self._changed.notify_all()

    def want_state(self) -> None:
        self.states_wanted += 1

    def wait_for(self, part: str, state: str) -> None:
        def was_told() -> bool:
            return any(health.part == part and health.state == state for health in self.told)

        with self._changed:
            assert self._changed.wait_for(was_told, PATIENCE_S)


@contextmanager
def receiver(port: int = 0) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.bind(("127.0.0.1", port))
        sock.settimeout(PATIENCE_S)
        yield sock


def free_port() -> int:
    with receiver() as sock:
        return sock.getsockname()[1]


def target(sock: socket.socket) -> str:
    return f"127.0.0.1:{sock.getsockname()[1]}"


def receive_until(sock: socket.socket, address: str) -> list[tuple[str, list[object]]]:
    """All messages up to the first one with this address."""
    found: list[tuple[str, list[object]]] = []
    while not found or found[-1][0] != address:
        found += [(message.address, message.params) for message in messages_in(sock.recv(65536))]
    return found
