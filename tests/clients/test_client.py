"""The client library against the real server."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earmark.clients import client as client_module
from earmark.clients.client import Client
from earmark.realtime.commands import Request
from earmark.realtime.config import WsConfig
from earmark.realtime.errors import EarmarkError
from earmark.realtime.sinks.websocket import WebSocketSink
from tests.realtime.sinks.made import Notes, Script


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "FIRST_RETRY_S", 0.02)


def serve(
    port: int = 0, submit: Callable[[Request], None] = lambda request: None, max_clients: int = 8, **config: Any
) -> WebSocketSink:
    notes = Notes()
    settings = WsConfig(listen=f"127.0.0.1:{port}", **config)
    sink = WebSocketSink(settings, notes.report, notes.want_state, submit, max_clients=max_clients)
    sink.start()
    return sink


def url(sink: WebSocketSink) -> str:
    return f"ws://127.0.0.1:{sink.port}"


async def next_of(messages: Any) -> dict[str, Any]:
    async with asyncio.timeout(20):
        return await anext(messages)


def test_a_state_comes_first_and_then_every_event() -> None:
    script = Script()
    sink = serve()

    async def talk() -> None:
        sink.put([script.state(), script.onset(1, "violin")])
        async with Client(url(sink)) as client:
            messages = aiter(client)
            assert (await next_of(messages))["kind"] == "state"
            assert client.hello is not None
            assert client.hello["labels"][0]["id"] == "female_singer"
            events = [script.offset(1, "violin"), script.onset(2, "cello")]
            sink.put(events)
            assert [await next_of(messages) for _ in events] == [event.to_dict() for event in events]
            await messages.aclose()

    asyncio.run(talk())
    sink.stop(20)


def test_what_is_subscribed_is_all_that_comes() -> None:
    script = Script()
    sink = serve()

    async def talk() -> None:
        sink.put([script.state()])
        async with Client(url(sink), kinds=["onset"], channels=[2], labels=["cello"]) as client:
            messages = aiter(client)
            await next_of(messages)
            sink.put([script.onset(1, "cello"), script.onset(2, "violin"), *script.toggles(4, 2, "cello")])
            assert [(await next_of(messages))["seq"] for _ in range(2)] == [4, 6]
            await messages.aclose()

    asyncio.run(talk())
    sink.stop(20)


def test_a_connection_that_is_lost_comes_back_and_nothing_is_missed() -> None:
    script = Script()
    sink = serve()

    async def talk() -> None:
        sink.put([script.state()])
        async with Client(url(sink)) as client:
            messages = aiter(client)
            seqs = [(await next_of(messages))["seq"]]
            for _ in range(3):
                assert client._connection is not None
                client._connection.transport.abort()
                sink.put(script.toggles(7))
                resumed = await next_of(messages)
                while resumed["kind"] != "state":  # what had arrived before the connection was lost
                    seqs.append(resumed["seq"])
                    resumed = await next_of(messages)
                assert (resumed["seq"], resumed["missed"]) == (seqs[-1], 0)
                while seqs[-1] < script.seq:
                    seqs.append((await next_of(messages))["seq"])
            assert seqs == list(range(1, 23))
            await messages.aclose()

    asyncio.run(talk())
    sink.stop(20)


def test_a_server_that_comes_later_or_comes_back_is_found() -> None:
    first = serve()
    port = first.port
    first.stop(20)

    async def talk() -> None:
        async with Client(f"ws://127.0.0.1:{port}") as client:
            messages = aiter(client)
            waiting = asyncio.ensure_future(anext(messages))
            for session in ("monday", "tuesday"):
                await asyncio.sleep(0.1)
                with pytest.raises(ConnectionError):
                    await client.send("ask")
                sink = await asyncio.to_thread(serve, port)
                sink.put([Script(session).state()])
                async with asyncio.timeout(20):
                    state = await waiting
                assert (state["session"], state["kind"], state["missed"]) == (session, "state", None)
                waiting = asyncio.ensure_future(anext(messages))
                await asyncio.to_thread(sink.stop, 20)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(talk())


def test_commands_are_answered_among_the_messages() -> None:
    sink = serve(submit=lambda request: request.reply(f"{request.command.name} {request.command.args['channel']}"))

    async def talk() -> None:
        sink.put([Script().state()])
        async with Client(url(sink)) as client:
            messages = aiter(client)
            await next_of(messages)
            await client.send("ask", channel=3)
            assert await next_of(messages) == {"answer": "ask 3"}
            await client.send("nonsense")
            assert "no command 'nonsense'" in (await next_of(messages))["error"]
            await messages.aclose()

    asyncio.run(talk())
    sink.stop(20)


def test_who_is_refused_for_good_is_told_and_does_not_try_again(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("0123456789abcdef")
    path.chmod(0o600)
    sink = serve(token_file=path)

    async def talk(token: str | None) -> dict[str, Any]:
        async with Client(url(sink), token=token) as client:
            return await next_of(aiter(client))

    sink.put([Script().state()])
    for wrong in (None, "0123456789abcdeX"):
        with pytest.raises(EarmarkError, match=r"refuses: a token is needed"):
            asyncio.run(talk(wrong))
    assert asyncio.run(talk("0123456789abcdef"))["kind"] == "state"
    sink.stop(20)


def test_an_address_that_is_none_is_an_error() -> None:
    async def talk() -> None:
        async with Client("127.0.0.1:8765") as client:
            await next_of(aiter(client))

    with pytest.raises(EarmarkError, match="is no address; write ws://HOST:PORT"):
        asyncio.run(talk())


def test_a_full_server_is_tried_again() -> None:
    sink = serve(max_clients=1)

    async def talk() -> None:
        sink.put([Script().state()])
        first, second = Client(url(sink)), Client(url(sink))
        await next_of(messages := aiter(first))
        waiting = asyncio.ensure_future(anext(others := aiter(second)))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await first.close()
        await messages.aclose()
        async with asyncio.timeout(20):
            assert (await waiting)["kind"] == "state"
        await second.close()
        await others.aclose()

    asyncio.run(talk())
    sink.stop(20)


def test_close_ends_the_iteration() -> None:
    sink = serve()

    async def talk() -> list[str]:
        client = Client(url(sink))
        sink.put([Script().state()])
        kinds: list[str] = []
        async with asyncio.timeout(20):
            async for message in client:
                kinds.append(message["kind"])
                await client.close()
        return kinds

    assert asyncio.run(talk()) == ["state"]
    sink.stop(20)


def test_many_clients_keep_a_board_each_through_losses() -> None:
    script = Script()
    sink = serve(max_clients=20)

    async def listen() -> list[str]:
        board: dict[int, set[str]] = {}
        async with Client(url(sink)) as client:
            count = 0
            async for message in client:
                count += 1
                if count % 7 == 0 and client._connection is not None:
                    client._connection.transport.abort()
                if message["kind"] == "state":
                    board = {one["channel"]: {on["label"] for on in one["labels"]} for one in message["channels"]}
                elif message["kind"] == "onset":
                    board[message["channel"]].add(message["label"])
                elif message["kind"] == "offset":
                    board[message["channel"]].discard(message["label"])
                if message["seq"] == script.seq and script.seq == 62:
                    return sorted(board[1])
        return []

    async def talk() -> list[list[str]]:
        sink.put([script.state()])
        clients = [asyncio.create_task(listen()) for _ in range(10)]
        for _ in range(20):
            sink.put(script.toggles(3))
            await asyncio.sleep(0.01)
        sink.put([script.onset(1, "cello")])
        async with asyncio.timeout(30):
            return await asyncio.gather(*clients)

    assert asyncio.run(talk()) == [["cello", "violin"]] * 10
    sink.stop(20)
