"""Events to one OSC target over UDP. Each target has its own socket, queue and thread, so none delays another."""

import errno
import socket
import time
from collections.abc import Callable, Sequence
from typing import Final

from ..addresses import Endpoint, parse_address, resolve_udp
from ..config import OscConfig
from ..events import Event
from .base import QueueSink, Report
from .osc_messages import Message, OscEncoder, packets, snapshot

SEND_TIMEOUT_S: Final = 0.5
REFUSAL_S: Final = 0.05
"""Within this time a refusal (ICMP port unreachable) of this machine or the local network has come back."""


class OscSink(QueueSink):
    """Sends to `target` (HOST:PORT) in bundles, or in plain messages where it cannot read them.

    UDP tells little of the other side. Where it does (the name does not resolve, the port is closed, no route) the
    target is reported "lost" once; sending goes on, and when it takes datagrams again it is reported "ok" and gets the
    state. A snapshot also goes out when the sink has opened, and every `snapshot_s` seconds unless that is 0.
    Raises UsageError for a target that is not HOST:PORT.
    """

    must_open = False
    tick_s = 0.5

    def __init__(
        self, target: str, report: Report, want_state: Callable[[], None], *, plain: bool = False, snapshot_s: float = 0
    ) -> None:
        self._address = parse_address(target)
        super().__init__(f"osc {self._address}", report, want_state)
        self.plain = plain
        self.endpoint: Endpoint | None = None
        """Where it sends to, once the name is resolved."""
        self._snapshot_s = snapshot_s
        self._snapshot_at = 0.0
        self._encoder = OscEncoder()
        self._socket: socket.socket | None = None
        self._state_due = True
        self._unreachable = False

    def _open(self) -> None:
        self.endpoint = resolve_udp(self._address)
        self._socket = socket.socket(self.endpoint.family, socket.SOCK_DGRAM)
        self._socket.settimeout(SEND_TIMEOUT_S)
        self._socket.connect(self.endpoint.sockaddr)
        self._state_due = True
        self._snapshot_at = time.monotonic() + self._snapshot_s

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _send(self, events: Sequence[Event]) -> None:
        groups = self._encoder.encode(events)
        if self._state_due and any(event.kind == "state" for event in events):
            self._state_due = False
            groups += snapshot(self._encoder.board)
        self._transmit(groups)

    def _tick(self) -> None:
        if self._unreachable:
            self._try_again()
        elif error := self._pending_error():
            self._lost(OSError(error, errno.errorcode.get(error, "")))
        if self._snapshot_s and time.monotonic() >= self._snapshot_at:
            self._snapshot_at = time.monotonic() + self._snapshot_s
            self._transmit(snapshot(self._encoder.board))

    def _try_again(self) -> None:
        self._pending_error()
        self._transmit(snapshot(self._encoder.board))
        time.sleep(REFUSAL_S)
        if not self._pending_error():
            self._unreachable = False
            self._report("ok", "reachable again; the state was sent")

    def _transmit(self, groups: Sequence[Sequence[Message]]) -> None:
        assert self._socket is not None
        for packet in packets(groups, plain=self.plain):
            try:
                self._socket.send(packet)
            except OSError as error:
                self._lost(error)
                self._send_once_more(packet)

    def _send_once_more(self, packet: bytes) -> None:
        """The error that a send raises may be an earlier datagram's; then this one has not left yet."""
        assert self._socket is not None
        try:
            self._socket.send(packet)
        except OSError as error:
            self._lost(error)

    def _pending_error(self) -> int:
        """The errno of what has come back since the last call, 0 for none."""
        assert self._socket is not None
        return self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)

    def _lost(self, error: OSError) -> None:
        if not self._unreachable:
            self._unreachable = True
            reason = "nobody listens there" if error.errno == errno.ECONNREFUSED else str(error)
            self._report("lost", f"{reason}; sending goes on")


def osc_sinks(config: OscConfig, report: Report, want_state: Callable[[], None]) -> list[OscSink]:
    """A sink for each target of the configuration; one that is listed as plain, too, is plain."""
    targets = dict.fromkeys(config.targets, False) | dict.fromkeys(config.plain, True)
    return [
        OscSink(target, report, want_state, plain=plain, snapshot_s=config.snapshot_s)
        for target, plain in targets.items()
    ]
