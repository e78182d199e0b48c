"""ReaStream: sound from inside a DAW that holds the interface alone, over UDP.

Packets carry no number: what is missing is found by the clock (see `ArrivalClock`). Small packets come by the thousand
in a second, so they are gathered and written to the ring together.
"""

import logging
import select
import socket
import time
from typing import Final

import numpy as np

from ..addresses import Address, parse_address, resolve_udp
from ..errors import EarmarkError
from ..ring import Ring
from .arrival import PAUSE_NS, ArrivalClock
from .base import Report, Wake
from .channels import choose
from .reastream_packet import HEADER, MOST_BYTES, Header, Malformed, name_bytes, parse
from .threaded import ThreadedSource

_log = logging.getLogger(__name__)

_FIRST_PACKET_S: Final = 10.0
_BUFFER_BYTES: Final = 8 * 2**20
"""Asked of the system for packets that wait; it may give less."""

_PACKET_BYTES: Final = 2048
_GATHER_FRAMES: Final = 1024
_POLL_S: Final = 0.2

_Sender = tuple[str, int]


class ReaStreamSource(ThreadedSource):
    """The stream `name` as the first packet of it described it; made by `listen`.

    Other names and other senders are not heard. A stream that stops is told of as lost and goes on when it comes back;
    one that comes back at another rate or with other channels has failed.
    """

    live = True

    def __init__(self, port: socket.socket, sender: _Sender, header: Header, channels: str | None) -> None:
        name = header.name.decode(errors="replace")
        columns = choose(channels, header.channels, f"ReaStream '{name}'")
        super().__init__(name, header.rate, len(columns))
        self.malformed = 0
        """Packets that were no ReaStream at all."""
        self.foreign = 0
        """Packets of other names or senders."""
        self._socket = port
        self._sender = sender
        self._stream = header
        self._columns = list(columns)
        self._packet = bytearray(_PACKET_BYTES + 1)
        # The sound in a packet begins at byte 47: one byte further on it is aligned.
        self._landing = memoryview(self._packet)[1:]
        self._gathered = np.zeros((header.channels, _GATHER_FRAMES), np.float32)
        self._most_frames = MOST_BYTES // (4 * header.channels)
        self._count = 0
        self._clock = ArrivalClock(header.rate)
        self._lost = False

    @classmethod
    def listen(
        cls, name: str, address: str, channels: str | None = None, timeout_s: float = _FIRST_PACKET_S
    ) -> "ReaStreamSource":
        """Wait for the first packet of `name` on `address` (HOST:PORT) to learn its rate and channels.

        Raises UsageError if the address or the name cannot be, EarmarkError if the port is taken or no such packet
        comes within `timeout_s`.
        """
        wanted = name_bytes(name)
        where = parse_address(address, listen=True)
        port = _bind(where)
        try:
            sender, header = _first_packet(port, wanted, timeout_s, where)
            return cls(port, sender, header, channels)
        except BaseException:
            port.close()
            raise

    def start(self, ring: Ring, wake: Wake, report: Report) -> None:
        """Begin to write into `ring`, with what comes from now on."""
        self._drain()
        super().start(ring, wake, report)

    def stop(self) -> None:
        super().stop()
        self._socket.close()

    def _run(self) -> None:
        heard_ns = time.monotonic_ns()
        while not self._stopping.is_set():
            ready, _, _ = select.select([self._socket], [], [], _POLL_S)
            now_ns = time.monotonic_ns()
            if ready and self._take(now_ns):
                heard_ns = now_ns
                if self._lost:
                    self._lost = False
                    self._report("ok", "the stream is back")
            elif now_ns - heard_ns > PAUSE_NS and not self._lost:
                self._lost = True
                self._report("lost", "no more packets come; is the DAW's ReaStream still sending?")
                self._wake()

    def _take(self, now_ns: int) -> bool:
        """Take the packets that wait, up to what can be gathered; whether any was of the stream."""
        frames = 0
        while self._count + self._most_frames <= _GATHER_FRAMES:
            try:
                length, sender = self._socket.recvfrom_into(self._landing)
            except BlockingIOError:
                break
            except ConnectionResetError:  # Windows: of something sent earlier
                continue
            header = self._checked(length, sender)
            if header is not None:
                frames += header.frames
                self._gather(header)
        if frames:
            lost = self._clock.arrived(now_ns, frames)
            if lost:
                self._ring.lose(lost)
            self._write(self._gathered[self._columns, : self._count].T)
            self._count = 0
        return frames > 0

    def _checked(self, length: int, sender: _Sender) -> Header | None:
        """The packet's header, None if it is not of the stream. Raises EarmarkError if the stream has changed."""
        try:
            header = parse(self._landing[:length])
        except Malformed as error:
            self.malformed += 1
            _log.debug("a packet from %s: %s", sender, error)
            return None
        if header is None:
            return None
        if header.name != self._stream.name or (sender != self._sender and not self._lost):
            self.foreign += 1
            return None
        self._sender = sender
        if (header.rate, header.channels) != (self._stream.rate, self._stream.channels):
            raise EarmarkError(
                f"the stream changed from {self._stream.channels} channels at {self._stream.rate} Hz to "
                f"{header.channels} at {header.rate} Hz; start Earmark again"
            )
        return header

    def _gather(self, header: Header) -> None:
        sound = np.frombuffer(self._packet, "<f4", header.channels * header.frames, HEADER.size + 1)
        end = self._count + header.frames
        self._gathered[:, self._count : end] = sound.reshape(header.channels, header.frames)
        self._count = end

    def _drain(self) -> None:
        """Leave out what piled up before the start."""
        while True:
            try:
                self._socket.recv_into(self._landing)
            except ConnectionResetError:
                continue
            except BlockingIOError:
                return


def _bind(where: Address) -> socket.socket:
    family, address = resolve_udp(where)
    port = socket.socket(family, socket.SOCK_DGRAM)
    try:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        port.setblocking(False)
        port.bind(address)
    except OSError as error:
        port.close()
        raise EarmarkError(
            f"cannot listen for ReaStream on {where}: {error.strerror}; if a ReaStream here receives, stop it"
        ) from None
    return port


def _first_packet(port: socket.socket, wanted: bytes, timeout_s: float, where: Address) -> tuple[_Sender, Header]:
    others: set[bytes] = set()
    deadline_s = time.monotonic() + timeout_s
    while (left_s := deadline_s - time.monotonic()) > 0:
        if not select.select([port], [], [], left_s)[0]:
            break
        try:
            data, sender = port.recvfrom(_PACKET_BYTES)
            header = parse(data)
        except (Malformed, ConnectionResetError):
            continue
        if header is not None and header.name == wanted:
            return sender, header
        if header is not None and len(others) < 8:
            others.add(header.name)
    heard = ", ".join(f"'{name.decode(errors='replace')}'" for name in sorted(others))
    raise EarmarkError(
        f"no ReaStream packets named '{wanted.decode()}' on {where} within {timeout_s:g} s: "
        + (f"there are others: {heard}" if heard else "set ReaStream in the DAW to send audio to this address")
    )
