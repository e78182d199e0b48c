"""The WebSocket server: one event loop, one task that writes for each client.

All of it runs on the loop's thread. Each client waits alone: one that reads slowly, or not at all, delays nobody.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Final

from websockets.asyncio.server import Server as Listener
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as HttpRequest
from websockets.http11 import Response
from websockets.typing import Origin, Subprotocol

from ..addresses import Address
from ..commands import Command, Request
from ..errors import EarmarkError
from ..events import Event
from .lines import Line, to_json, to_lines
from .ws_access import LOCAL_ORIGIN, SUBPROTOCOL, knows_token
from .ws_backlog import History, Outbox
from .ws_protocol import (
    MAX_FAULTS,
    MAX_MESSAGE_BYTES,
    MESSAGES_PER_S,
    Filter,
    MessageError,
    RateLimit,
    Subscription,
    answer,
    error,
    hello,
    parse_message,
    state_message,
)

MAX_CLIENTS: Final = 1100
STALL_S: Final = 10.0
CLOSE_S: Final = 5.0
"""How long a client that is cut off has to read why."""
GOODBYE_S: Final = 1.0
WRITE_BUFFER_BYTES: Final = 64 * 1024
SEND_BUFFER_BYTES: Final = 128 * 1024
"""The system's part of a client's buffer, which it would let grow to megabytes."""
CHUNK_EVENTS: Final = 64

MAX_REASON_BYTES: Final = 123
"""What a close frame has room for."""

GOING_AWAY, POLICY, TRY_LATER = 1001, 1008, 1013

_log = logging.getLogger(__name__)
# Its tracebacks of every port scan are no concern of the person at the desk.
_wire_log = logging.getLogger(f"{__name__}.wire")
_wire_log.setLevel(logging.CRITICAL)


class Client:
    """One connection: what it subscribed to (None before that) and what waits for it."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.filter: Filter | None = None
        self.outbox = Outbox()
        self.rate = RateLimit()
        self.faults = 0
        self.news = asyncio.Event()
        peer = socket.remote_address
        self.origin = f"websocket {Address(peer[0], peer[1])}" if peer else "websocket"

    def push(self, line: Line) -> None:
        if self.filter is not None and self.filter.accepts(line.event):
            self.outbox.push(self._narrowed(self.filter, line))
            self.news.set()

    def subscribe(self, wanted: Subscription, history: History) -> None:
        chosen = self.filter = Filter.of(wanted)
        self.news.set()
        if wanted.session is None or wanted.since_seq is None:
            self.outbox.begin_with_state(None)
            return
        past = history.resume(wanted.session, wanted.since_seq)
        if past.missed != 0 or past.state is None:
            self.outbox.begin_with_state(past.missed)
            return
        first = state_message(chosen.narrowed(past.state), 0)
        self.outbox.begin(
            [first, *(self._narrowed(chosen, one).data for one in past.lines if chosen.accepts(one.event))]
        )

    @staticmethod
    def _narrowed(chosen: Filter, line: Line) -> Line:
        if line.event.kind != "state" or (state := chosen.narrowed(line.event)) is line.event:
            return line
        return Line(state, to_json(state.to_dict()))


class Server:
    """Listens, greets, filters, and cuts off who misbehaves or does not read."""

    def __init__(self, submit: Callable[[Request], None], *, max_clients: int, stall_s: float) -> None:
        self.wanted: frozenset[str] = frozenset()
        self._submit = submit
        self._max_clients = max_clients
        self._stall_s = stall_s
        self._clients: set[Client] = set()
        self._history = History()
        self._version = version("earmark")
        self._token: str | None = None
        self._listener: Listener | None = None

    async def listen(self, address: Address, origins: Sequence[str], token: str | None) -> int:
        """The port; where `address` has port 0, the one that the system chose. Raises OSError."""
        self._token = token
        self._listener = await serve(
            self._serve,
            address.host,
            address.port,
            origins=[None, LOCAL_ORIGIN, *(Origin(one) for one in origins)],
            process_request=self._authorize,
            select_subprotocol=_subprotocol,
            compression=None,
            max_size=MAX_MESSAGE_BYTES,
            max_queue=4,
            write_limit=WRITE_BUFFER_BYTES,
            close_timeout=CLOSE_S,
            logger=_wire_log,
        )
        return next(iter(self._listener.sockets)).getsockname()[1]

    async def deliver(self, events: Sequence[Event]) -> None:
        """Puts the events into the outbox of everybody who wants them, and lets the clients' tasks run in between."""
        lines = to_lines(events)
        for start in range(0, len(lines), CHUNK_EVENTS):
            for line in lines[start : start + CHUNK_EVENTS]:
                self._deliver_one(line)
            await asyncio.sleep(0)

    def _deliver_one(self, line: Line) -> None:
        whole = self._history.add(line)
        for client in self._clients:
            if not whole:
                client.outbox.begin_with_state(None)
            client.push(line)

    async def close(self) -> None:
        """Gives what still waits a moment to leave, then says goodbye to everybody."""
        if self._listener is None:
            return
        self._listener.close(close_connections=False)
        until_s = time.monotonic() + GOODBYE_S
        while any(client.outbox for client in self._clients) and time.monotonic() < until_s:
            await asyncio.sleep(0.01)
        await asyncio.gather(*(_close(one.socket, GOING_AWAY, "Earmark stops", GOODBYE_S) for one in self._clients))
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await self._listener.wait_closed()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _authorize(self, connection: ServerConnection, request: HttpRequest) -> Response | None:
        headers = request.headers
        offers = headers.get_all("Authorization"), headers.get_all("Sec-WebSocket-Protocol")
        if self._token is None or knows_token(self._token, *offers):
            return None
        return connection.respond(401, "a token is needed: Authorization: Bearer TOKEN\n")

    async def _serve(self, socket: ServerConnection) -> None:
        if len(self._clients) >= self._max_clients:
            await _close(socket, TRY_LATER, f"no more than {self._max_clients} clients", CLOSE_S)
            return
        socket.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES)
        client = Client(socket)
        board = self._history.board
        client.outbox.reply(hello(self._version, board.session, {n: one.name for n, one in board.channels.items()}))
        client.news.set()
        self._clients.add(client)
        writer = asyncio.create_task(self._write(client))
        try:
            await self._read(client)
        finally:
            writer.cancel()
            self._clients.discard(client)
            self._count_wanted()

    async def _read(self, client: Client) -> None:
        """Obeys what the client sends, until it goes or must go."""
        closing: asyncio.Task[None] | None = None
        with suppress(ConnectionClosed):
            async for message in client.socket:
                if closing is not None:
                    continue  # its goodbye comes after all that it had sent before
                refusal = self._receive(client, message)
                if refusal is not None:
                    closing = asyncio.create_task(_close(client.socket, POLICY, refusal, CLOSE_S))
        if closing is not None:
            await closing

    async def _write(self, client: Client) -> None:
        with suppress(ConnectionClosed):
            while True:
                await client.news.wait()
                client.news.clear()
                while (data := client.outbox.take(lambda missed: self._state(client, missed))) is not None:
                    try:
                        async with asyncio.timeout(self._stall_s):
                            await client.socket.send(data, text=True)
                    except TimeoutError:
                        reason = f"nothing was read for {self._stall_s:g} s"
                        _log.warning("%s is cut off: %s", client.origin, reason)
                        await _close(client.socket, TRY_LATER, reason, CLOSE_S)
                        return

    def _state(self, client: Client, missed: int | None) -> bytes | None:
        state = self._history.board.state_event()
        if state is None or client.filter is None:
            return None
        return state_message(client.filter.narrowed(state), missed)

    def _receive(self, client: Client, message: str | bytes) -> str | None:
        """Why the client must go; None where it may stay."""
        try:
            self._obey(client, message)
        except EarmarkError as refused:
            client.faults += isinstance(refused, MessageError)
            if client.faults >= MAX_FAULTS:
                return f"{MAX_FAULTS} messages were refused, the last one: {refused}"
            if not self._reply(client, error(str(refused))):
                return "replies are not read"
        return None

    def _obey(self, client: Client, message: str | bytes) -> None:
        if not client.rate.allows(time.monotonic()):
            raise MessageError(f"at most {MESSAGES_PER_S} messages a second")
        if isinstance(message, bytes):
            raise MessageError("messages are text, not binary")
        wish = parse_message(message)
        if isinstance(wish, Command):
            self._submit(Request(wish, self._answering(client), client.origin))
        else:
            client.subscribe(wish, self._history)
            self._count_wanted()

    def _answering(self, client: Client) -> Callable[[str], None]:
        loop = asyncio.get_running_loop()

        def reply(text: str) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody is there any more
                loop.call_soon_threadsafe(self._reply, client, answer(text))

        return reply

    def _reply(self, client: Client, data: bytes) -> bool:
        client.news.set()
        return client.outbox.reply(data)

    def _count_wanted(self) -> None:
        filters = [client.filter for client in self._clients if client.filter is not None]
        self.wanted = frozenset[str]().union(*(chosen.requested for chosen in filters))


def _subprotocol(connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return Subprotocol(SUBPROTOCOL) if SUBPROTOCOL in offered else None


async def _close(socket: ServerConnection, code: int, reason: str, timeout_s: float) -> None:
    """Closes with a reason that the other side may read for `timeout_s`; then the connection is dropped."""
    short = reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore")
    try:
        async with asyncio.timeout(timeout_s):
            await socket.close(code, short)
    except TimeoutError:
        socket.transport.abort()
