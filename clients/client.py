"""A client of Earmark's WebSocket: subscribes, yields what comes, connects again by itself.

    async with Client("ws://127.0.0.1:8765", kinds=["onset", "offset"]) as client:
        async for message in client:
            print(message)

`message` is a dict: an event (it has "kind"), the answer to a command (it has "answer") or a refusal of one ("error").
What the messages hold stands in `realtime/sinks/ws_protocol.py`. The first one, and the first after each connection
that was lost, is a `state` that replaces everything known before. Nothing is missed while the connection is away for a
short time; `missed` in the `state` tells how many events were.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from types import TracebackType
from typing import Any, Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from ..realtime.errors import EarmarkError

FIRST_RETRY_S: Final = 0.5
LAST_RETRY_S: Final = 30.0
MAX_MESSAGE_BYTES: Final = 4 * 1024 * 1024
"""A state of 1,024 inputs fits."""

_REFUSED: Final = (400, 401, 403, 404)
_POLICY: Final = 1008

_log = logging.getLogger(__name__)

Message = dict[str, Any]


class Client:
    """One subscription that outlives its connections. Use it from one event loop; iterate it once."""

    def __init__(
        self,
        url: str = "ws://127.0.0.1:8765",
        *,
        kinds: Sequence[str] | None = None,
        channels: Sequence[int] | None = None,
        labels: Sequence[str] | None = None,
        token: str | None = None,
    ) -> None:
        """None stands for all: all channels from 1 on, all labels, all kinds but those that come only on request.

        `token` is needed where the server can be reached from other machines.
        """
        self.hello: Message | None = None
        """What the server said of itself when it was last connected: version, session, labels, channels."""
        self._url = url
        self._wanted = {"kinds": kinds, "channels": channels, "labels": labels}
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._session: str | None = None
        self._seq = 0
        self._retry_s = FIRST_RETRY_S
        self._connection: ClientConnection | None = None
        self._closed = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection and the iteration."""
        self._closed.set()
        if self._connection is not None:
            await self._connection.close()

    async def send(self, do: str, **arguments: int | str) -> None:
        """Sends a command, e.g. `send("ask", channel=3)`; its answer comes among the messages.

        Raises ConnectionError where there is no connection now.
        """
        try:
            if self._connection is None:
                raise ConnectionError(f"not connected to {self._url}")
            await self._connection.send(json.dumps({"do": do} | arguments))
        except ConnectionClosed as error:
            raise ConnectionError(f"not connected to {self._url}") from error

    async def __aiter__(self) -> AsyncGenerator[Message, None]:
        """Raises EarmarkError where the server refuses this client for good; anything else is tried again."""
        while not self._closed.is_set():
            try:
                async with connect(
                    self._url,
                    additional_headers=self._headers,
                    compression=None,
                    max_size=MAX_MESSAGE_BYTES,
                    proxy=None,
                ) as connection:
                    async for message in self._talk(connection):
                        yield message
            except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed) as error:
                self._raise_if_final(error)
                _log.info("%s: %s; trying again in %.1f s", self._url, error, self._retry_s)
            except InvalidURI as error:
                raise EarmarkError(f"'{self._url}' is no address; write ws://HOST:PORT") from error
            await self._wait()

    async def _talk(self, connection: ClientConnection) -> AsyncIterator[Message]:
        """What comes over one connection until it is closed."""
        self._connection = connection
        try:
            async for data in connection:
                message: Message = json.loads(data)
                if "hello" in message:
                    self.hello = message["hello"]
                    await connection.send(json.dumps({"subscribe": self._subscription()}))
                    continue
                self._note(message)
                yield message
        finally:
            self._connection = None

    def _subscription(self) -> Message:
        wanted: Message = {key: list(value) for key, value in self._wanted.items() if value is not None}
        if self._session is not None:
            wanted |= {"session": self._session, "since_seq": self._seq}
        return wanted

    def _note(self, message: Message) -> None:
        """Remembers how far this client has come. Only a state, the first event, proves that the server serves us."""
        if message.get("kind") == "state":
            self._retry_s = FIRST_RETRY_S
        if "seq" in message:
            self._session, self._seq = message["session"], message["seq"]

    def _raise_if_final(self, error: Exception) -> None:
        if isinstance(error, InvalidStatus) and error.response.status_code in _REFUSED:
            said = (error.response.body or b"").decode(errors="replace").strip()
            raise EarmarkError(f"{self._url} refuses: {said or error}") from error
        if isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code == _POLICY:
            raise EarmarkError(f"{self._url} refuses: {error.rcvd.reason}") from error

    async def _wait(self) -> None:
        """Longer each time, and not all clients of a server that returns at the same moment."""
        wait_s = self._retry_s * random.uniform(0.8, 1.2)
        self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)
        try:
            await asyncio.wait_for(self._closed.wait(), wait_s)
        except TimeoutError:
            return
