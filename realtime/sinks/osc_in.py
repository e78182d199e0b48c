"""The OSC port that takes commands, and what DAWs tell of their transport and their tracks."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from pythonosc.osc_message import OscMessage

from ..addresses import is_loopback, parse_address, resolve_udp
from ..board import Board
from ..commands import OSC_PREFIX, CommandError, Request, parse_osc
from ..daw_tracks import DawTracks
from ..errors import EarmarkError
from ..events import Event
from ..transport import ADDRESSES, Transport
from .osc import OscSink
from .osc_messages import answer, packets, snapshot
from .osc_packets import MAX_BYTES, PacketError, messages_in

WAKE_S: Final = 0.25

Sender = tuple[str, int]
_log = logging.getLogger(__name__)


class OscInput:
    """Listens on UDP `listen` (HOST:PORT). `/earmark/do/<command>` becomes a Request that is handed to `submit`.

    The answer goes to the sender as `/earmark/answer`, and `/earmark/do/state` brings the sender a snapshot. Surfaces
    often listen on another port than they send from: `targets` on the sender's machine get both as well.
    `tracks` is kept as a DAW tells of its tracks.
    It is a sink too, since a snapshot needs to know what is on. `submit` is called from this object's thread and must
    not block. Raises UsageError for a `listen` that is not HOST:PORT.
    """

    wanted: frozenset[str] = frozenset()

    def __init__(
        self,
        listen: str,
        submit: Callable[[Request], None],
        targets: Sequence[OscSink] = (),
        tracks: DawTracks | None = None,
    ) -> None:
        self._address = parse_address(listen, listen=True)
        self._submit = submit
        self._targets = tuple(targets)
        self._transport = Transport()
        self._tracks = tracks or DawTracks()
        self._board = Board()
        self._board_lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="earmark-osc-in", daemon=True)
        self.port = 0
        """The port it listens on, once started."""
        self.ignored_packets = 0

    @property
    def name(self) -> str:
        return f"osc in {self._address}"

    def start(self) -> None:
        """Raises EarmarkError where the port is taken or the address is not of this machine."""
        endpoint = resolve_udp(self._address)
        self._socket = socket.socket(endpoint.family, socket.SOCK_DGRAM)
        try:
            self._socket.bind(endpoint.sockaddr)
        except OSError as error:
            self._socket.close()
            raise EarmarkError(f"cannot listen for OSC on {self._address}: {error.strerror}; choose another") from error
        self._socket.settimeout(WAKE_S)
        self.port = self._socket.getsockname()[1]
        if not is_loopback(self._address.host):
            _log.warning("OSC commands are taken on %s from anybody on the network", self._address)
        self._thread.start()

    def put(self, events: Sequence[Event]) -> None:
        with self._board_lock:
            for event in events:
                self._board.apply(event)

    def stop(self, timeout_s: float) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        if self._socket is not None:
            self._socket.close()
        if self.ignored_packets:
            _log.info("%s: %d packets were no OSC and were ignored", self.name, self.ignored_packets)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._receive()
            except TimeoutError:
                continue
            except OSError as error:
                # Windows tells here that an answer found no listener; whatever it is, it must not become a busy loop.
                _log.debug("%s: %s", self.name, error)
                time.sleep(WAKE_S)
            except Exception:
                _log.exception("%s: a packet was ignored", self.name)

    def _receive(self) -> None:
        assert self._socket is not None
        packet, sender = self._socket.recvfrom(MAX_BYTES + 1)
        try:
            messages = messages_in(packet)
        except PacketError as error:
            self.ignored_packets += 1
            _log.debug("%s: ignored a packet from %s: %s", self.name, sender[0], error)
            return
        for message in messages:
            self._obey(message, sender)

    def _obey(self, message: OscMessage, sender: Sender) -> None:
        address, params = message.address, message.params
        origin = f"osc {sender[0]}:{sender[1]}"
        if address in ADDRESSES:
            command = self._transport.feed_osc(address, params)
            if command is not None:
                self._submit(Request(command, lambda _: None, origin))
        elif address.startswith(OSC_PREFIX):
            self._command(address, params, sender, origin)
        else:
            self._tracks.feed_osc(address, params)

    def _command(self, address: str, params: Sequence[object], sender: Sender, origin: str) -> None:
        try:
            command = parse_osc(address, params)
        except CommandError as error:
            self._answer(sender, str(error))
            return
        if command is None:
            return
        if command.name == "state":
            self._send_state(sender)
        else:
            self._submit(Request(command, lambda text: self._answer(sender, text), origin))

    def _answer(self, sender: Sender, text: str) -> None:
        for receiver, _ in self._receivers(sender):
            self._send_to(receiver, answer(text))

    def _send_state(self, sender: Sender) -> None:
        with self._board_lock:
            groups = snapshot(self._board)
        for receiver, plain in self._receivers(sender):
            for packet in packets(groups, plain=plain):
                self._send_to(receiver, packet)

    def _receivers(self, sender: Sender) -> list[tuple[tuple[str | int, ...], bool]]:
        """Socket addresses with whether they want plain messages: the sender, and the targets on its machine."""
        found: dict[tuple[str | int, ...], bool] = {sender: False}
        for target in self._targets:
            if target.endpoint is not None and target.endpoint.sockaddr[0] == sender[0]:
                found[target.endpoint.sockaddr] = target.plain
        return list(found.items())

    def _send_to(self, receiver: tuple[str | int, ...], packet: bytes) -> None:
        assert self._socket is not None
        try:
            self._socket.sendto(packet, receiver)
        except OSError as error:
            _log.debug("%s: no answer to %s: %s", self.name, receiver[0], error)
