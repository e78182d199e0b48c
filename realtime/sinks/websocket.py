"""Events as JSON to any number of WebSocket clients, and their commands back. See ws_protocol.py for what is said."""

import asyncio
import errno
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

from ..addresses import Address, parse_address
from ..commands import Request
from ..config import WsConfig
from ..errors import EarmarkError
from ..events import Event
from .base import QueueSink, Report
from .ws_access import token_for
from .ws_server import MAX_CLIENTS, STALL_S, Server

DELIVER_S: Final = 30.0
CLOSING_S: Final = 5.0
OTHER_FILES: Final = 128


class WebSocketSink(QueueSink):
    """The server lives on a thread and an event loop of its own; the sink's thread hands it each batch and waits until
    it is in the clients' queues, so that no more than the sink's own queue can ever wait."""

    def __init__(
        self,
        config: WsConfig,
        report: Report,
        want_state: Callable[[], None],
        submit: Callable[[Request], None],
        *,
        max_clients: int = MAX_CLIENTS,
        stall_s: float = STALL_S,
        **options: Any,
    ) -> None:
        """`submit` takes a client's command, on the server's thread. `max_clients` more are refused; a client that
        reads nothing for `stall_s` is cut off. Raises UsageError for an address that must not be opened as asked."""
        super().__init__("websocket", report, want_state, **options)
        self._address = parse_address(config.listen or "127.0.0.1:8765", listen=True)
        self._token = token_for(self._address, config.token_file)
        self._origins = config.origins
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_thread: threading.Thread | None = None
        self._max_clients = max_clients
        self._server = Server(submit, max_clients=max_clients, stall_s=stall_s)

    @property
    def port(self) -> int:
        """The port that is listened on, once start() has returned."""
        return self._address.port

    @property
    def wanted(self) -> frozenset[str]:
        return self._server.wanted

    def _open(self) -> None:
        _allow_files(self._max_clients + OTHER_FILES)
        loop = self._loop = asyncio.new_event_loop()
        self._loop_thread = threading.Thread(target=loop.run_forever, name="earmark-websocket-loop", daemon=True)
        self._loop_thread.start()
        listening = self._server.listen(self._address, self._origins, self._token)
        try:
            port = asyncio.run_coroutine_threadsafe(listening, loop).result()
        except OSError as error:
            self._close()
            raise EarmarkError(_why(self._address, error)) from error
        self._address = Address(self._address.host, port)

    def _send(self, events: Sequence[Event]) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._server.deliver(events), self._loop).result(DELIVER_S)

    def _close(self) -> None:
        loop, thread = self._loop, self._loop_thread
        if loop is None or thread is None:
            return
        self._loop = self._loop_thread = None
        try:
            asyncio.run_coroutine_threadsafe(self._server.close(), loop).result(CLOSING_S)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(CLOSING_S)
            if not thread.is_alive():
                loop.close()


def _why(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{address} is in use: stop the other program, or choose another port with --ws HOST:PORT"
    return f"cannot listen on {address}: {error.strerror or error}"


def _allow_files(count: int) -> None:
    """Lets this process open `count` files, each client is one, as far as the system permits; many begin with 256."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
