"""A real server on this machine and real clients, well behaved and not."""

import asyncio
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from earmark.realtime.board import Board
from earmark.realtime.commands import Request
from earmark.realtime.config import WsConfig
from earmark.realtime.errors import EarmarkError, UsageError
from earmark.realtime.events import Event
from earmark.realtime.sinks import ws_server
from earmark.realtime.sinks.websocket import WebSocketSink
from tests.realtime.sinks.made import Notes, Script

TOKEN = "0123456789abcdefXYZ"


@contextmanager
def served(
    submit: Callable[[Request], None] = lambda request: None, notes: Notes | None = None, **options: Any
) -> Iterator[WebSocketSink]:
    notes = notes or Notes()
    config = WsConfig(listen=options.pop("listen", "127.0.0.1:0"), **options.pop("config", {}))
    sink = WebSocketSink(config, notes.report, notes.want_state, submit, **options)
    sink.start()
    try:
        yield sink
    finally:
        sink.stop(20)


def client(sink: WebSocketSink, **options: Any) -> connect:
    return connect(f"ws://127.0.0.1:{sink.port}", compression=None, proxy=None, **options)


async def receive(connection: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(20):
        return json.loads(await connection.recv())


async def subscribe(connection: ClientConnection, **wanted: Any) -> dict[str, Any]:
    """Reads the hello, subscribes, and returns the state that comes first."""
    assert "hello" in await receive(connection)
    await connection.send(json.dumps({"subscribe": wanted}))
    state = await receive(connection)
    assert state["kind"] == "state"
    return state


async def receive_up_to(connection: ClientConnection, seq: int) -> list[int]:
    seqs = [(await receive(connection))["seq"]]
    while seqs[-1] < seq:
        seqs.append((await receive(connection))["seq"])
    return seqs


async def closed(connection: ClientConnection) -> tuple[int, str]:
    """Reads what is left; code and reason of the close."""
    async with asyncio.timeout(20):
        with suppress(ConnectionClosed):
            while True:
                await connection.recv()
    assert connection.close_code is not None
    return connection.close_code, connection.close_reason or ""


async def settled(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.005)


def test_who_connects_midway_gets_a_state_first_and_then_only_what_is_newer() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        events = [script.state(), script.onset(1, "violin"), script.signal(2, "hum", detail="50 Hz")]
        sink.put(events)
        async with client(sink) as early:
            await settled(lambda: sink._server._history.board.seq == 3)
            said = (await receive(early))["hello"]
            assert (said["v"], said["session"]) == (1, "s1")
            assert said["channels"][0] == {"channel": 1, "name": "Vox"}
            await early.send('{"subscribe": {}}')
            state = await receive(early)
            assert (state["kind"], state["seq"], state["missed"]) == ("state", 3, None)
            assert [on["label"] for on in state["channels"][0]["labels"]] == ["violin"]
            assert state["channels"][1]["signals"][0]["detail"] == "50 Hz"
            later = [script.offset(1, "violin"), script.onset(1, "cello")]
            sink.put(later)
            assert [await receive(early) for _ in later] == [event.to_dict() for event in later]

    with served() as sink:
        asyncio.run(talk(sink))


def test_before_the_session_begins_the_state_waits_for_it() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        async with client(sink) as early:
            assert (await receive(early))["hello"]["session"] is None
            await early.send('{"subscribe": {"kinds": ["onset"]}}')
            await early.send('{"do": "no such thing"}')
            assert "error" in await receive(early)  # so the subscription has arrived, and no state was sent
            sink.put([script.state()])
            assert (await receive(early))["kind"] == "state"

    with served() as sink:
        asyncio.run(talk(sink))


def test_a_client_that_stops_reading_is_cut_off_with_a_reason_and_the_others_lose_nothing() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", sink.port))
        narrow.setblocking(False)
        sink.put([script.state()])
        async with client(sink) as good, client(sink, sock=narrow, max_queue=1) as stalled:
            first = (await subscribe(good))["seq"]
            await subscribe(stalled)
            seqs: list[int] = []
            while len(sink._server._clients) == 2 and not _closing(sink):
                assert script.seq < 100_000, "it was never cut off"
                sink.put(script.toggles(20))
                seqs += await receive_up_to(good, script.seq)
            sink.put(script.toggles(20))
            seqs += await receive_up_to(good, script.seq)
            assert seqs == list(range(first + 1, script.seq + 1))
            assert await closed(stalled) == (1013, "nothing was read for 0.3 s")

    with served(stall_s=0.3) as sink:
        asyncio.run(talk(sink))


def test_a_client_that_never_reads_again_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ws_server, "CLOSE_S", 0.1)
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        sink.put([script.state()])
        stalled = await client(sink, max_queue=1)
        await subscribe(stalled)

        def fed_until_dropped() -> bool:
            sink.put(script.toggles(200))
            return not sink._server._clients

        await settled(fed_until_dropped)
        stalled.transport.abort()

    with served(stall_s=0.1) as sink:
        asyncio.run(talk(sink))


def _closing(sink: WebSocketSink) -> bool:
    return any(one.socket.state.name != "OPEN" for one in list(sink._server._clients))


def test_a_client_that_pauses_gets_a_state_for_what_it_could_not_take() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        sink.put([script.state()])
        async with client(sink, max_queue=1) as slow:
            board = await subscribe(slow)
            for _ in range(500):
                sink.put(script.toggles(20))
            await settled(lambda: sink._server._history.board.seq == script.seq)
            sink.put([script.onset(2, "cello")])
            shown, seqs = Board(), [board["seq"]]
            while seqs[-1] < script.seq:
                message = await receive(slow)
                if message["kind"] == "state":
                    assert message["missed"] > 0
                    seqs = [message["seq"]]
                else:
                    seqs.append(message["seq"])
                shown.apply(_event(message))
            assert seqs == list(range(seqs[0], script.seq + 1))
            assert [list(one.labels) for one in shown.channels.values()] == [[], ["cello"], [], []]

    with served(capacity_events=20_000) as sink:
        asyncio.run(talk(sink))


def _event(message: dict[str, Any]) -> Event:
    known = ("session", "seq", "kind", "sample", "decided_sample", "utc_ns", "emitted_ns")
    fields = {key: message.get(key) for key in ("label", "confidence", "path", "rate", "take", "channels")}
    place = {"channel": message.get("channel"), "name": message.get("name"), "rate": 48_000, "take": None}
    return Event(**{key: message[key] for key in known}, **place, fields=fields)


def test_a_client_that_sends_garbage_is_told_and_then_cut_off_and_the_others_lose_nothing() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        sink.put([script.state()])
        async with client(sink) as good, client(sink) as bad:
            await subscribe(good)
            assert "hello" in await receive(bad)
            seqs: list[int] = []
            garbage: list[str | bytes] = ["{", b"\x00\x01", '{"subscribe": {"kinds": ["xyz"]}}'] * 3
            for message in garbage:
                await bad.send(message)
                said = (await receive(bad))["error"]
                assert said in ("not JSON", "messages are text, not binary", "subscribe.kinds: no kind 'xyz'")
                sink.put(script.toggles(1))
                seqs += await receive_up_to(good, script.seq)
            await bad.send("the tenth")
            assert await closed(bad) == (1008, "10 messages were refused, the last one: not JSON")
            sink.put(script.toggles(1))
            seqs += await receive_up_to(good, script.seq)
            assert seqs == list(range(2, script.seq + 1))

    with served() as sink:
        asyncio.run(talk(sink))


def test_a_message_of_64_megabytes_is_refused() -> None:
    async def talk(sink: WebSocketSink) -> None:
        async with client(sink) as big:
            await receive(big)
            # a text frame's head, masked with zeros; the answer does not wait for all of it
            big.transport.write(b"\x81\xff" + (64 << 20).to_bytes(8, "big") + bytes(4) + b"x" * 100_000)
            code, reason = await closed(big)
            assert (code, "65536" in reason) == (1009, True)

    with served() as sink:
        asyncio.run(talk(sink))


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "http://localhost",
        "http://localhost:8000",
        "http://127.0.0.1:5173",
        "http://[::1]:80",
        "https://studio.example",
    ],
)
def test_pages_of_this_machine_native_clients_and_listed_pages_may_connect(origin: str | None) -> None:
    async def talk(sink: WebSocketSink) -> None:
        async with client(sink, origin=origin) as page:
            assert "hello" in await receive(page)

    with served(config={"origins": ("https://studio.example",)}) as sink:
        asyncio.run(talk(sink))


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example:80",
        "http://127.0.0.1:80@evil.example",
        "https://studio.example.evil.example",
        "null",
    ],
)
def test_other_pages_may_not(origin: str) -> None:
    async def talk(sink: WebSocketSink) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with client(sink, origin=origin):
                pass
        assert refused.value.response.status_code == 403

    with served(config={"origins": ("https://studio.example",)}) as sink:
        asyncio.run(talk(sink))


def token_file(folder: Path, token: str = TOKEN) -> Path:
    path = folder / "token"
    path.write_text(token + "\n")
    path.chmod(0o600)
    return path


def test_from_other_machines_only_with_the_token(tmp_path: Path) -> None:
    async def talk(sink: WebSocketSink) -> None:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
            with pytest.raises(InvalidStatus) as refused:
                async with client(sink, additional_headers=headers):
                    pass
            assert refused.value.response.status_code == 401
        with pytest.raises(InvalidStatus):
            async with client(sink, subprotocols=["earmark", f"earmark-token.{TOKEN}x"]):
                pass
        async with client(sink, additional_headers={"Authorization": f"Bearer {TOKEN}"}) as native:
            assert "hello" in await receive(native)
        async with client(sink, subprotocols=["earmark", f"earmark-token.{TOKEN}"]) as page:
            assert "hello" in await receive(page)
            assert page.subprotocol == "earmark"  # the token is not sent back

    with served(listen="0.0.0.0:0", config={"token_file": token_file(tmp_path)}) as sink:
        asyncio.run(talk(sink))


def ws(**config: Any) -> WebSocketSink:
    notes = Notes()
    return WebSocketSink(WsConfig(**config), notes.report, notes.want_state, lambda request: None)


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "192.168.1.5:8765", "[::]:8765", "studio.local:8765"])
def test_an_address_others_can_reach_needs_a_token(listen: str) -> None:
    with pytest.raises(UsageError, match=r"can be reached from other machines: set ws\.token_file"):
        ws(listen=listen)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_a_token_that_others_can_read_is_none(tmp_path: Path) -> None:
    path = token_file(tmp_path)
    path.chmod(0o640)
    with pytest.raises(UsageError, match=f"others can read the token file .*: chmod 600 {path}"):
        ws(listen="127.0.0.1:0", token_file=path)


@pytest.mark.parametrize("token", ["", "short", "with space in the middle", "ümlaut-ümlaut-ümlaut"])
def test_a_token_that_is_none_is_refused(tmp_path: Path, token: str) -> None:
    with pytest.raises(UsageError, match="16 to 256"):
        ws(listen="0.0.0.0:0", token_file=token_file(tmp_path, token))


def test_a_token_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the token file .*: No such file"):
        ws(listen="0.0.0.0:0", token_file=tmp_path / "none")


def test_a_busy_port_is_an_error_that_says_what_to_do() -> None:
    with served() as first:
        second = ws(listen=f"127.0.0.1:{first.port}")
        with pytest.raises(EarmarkError, match=rf"^127\.0\.0\.1:{first.port} is in use: .*choose another port"):
            second.start()
        second.stop(20)


def test_who_comes_back_gets_what_was_missed() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        sink.put([script.state(), *script.toggles(4)])
        await settled(lambda: sink._server._history.board.seq == 5)
        async with client(sink) as once:
            seen = (await subscribe(once))["seq"]
        sink.put(script.toggles(9))
        await settled(lambda: sink._server._history.board.seq == 14)
        async with client(sink) as again:
            state = await subscribe(again, session="s1", since_seq=seen)
            assert (state["seq"], state["missed"]) == (seen, 0)
            sink.put(script.toggles(1))
            assert await receive_up_to(again, 15) == list(range(seen + 1, 16))
        async with client(sink) as stranger:
            state = await subscribe(stranger, session="yesterday", since_seq=7)
            assert (state["seq"], state["missed"]) == (15, None)

    with served() as sink:
        asyncio.run(talk(sink))


def test_only_what_was_subscribed_comes_and_the_engine_learns_what_is_wanted() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        sink.put([script.state()])
        assert sink.wanted == frozenset()
        async with client(sink) as usual, client(sink) as second:
            await subscribe(usual)
            state = await subscribe(second, kinds=["onset", "scores"], channels=[2])
            assert [one["channel"] for one in state["channels"]] == [2]
            assert sink.wanted == {"scores"}
            sink.put([script.scores(1), script.scores(2), script.onset(1, "violin"), script.onset(2, "cello")])
            sink.put([script.state()])
            assert await receive_up_to(usual, 6) == [4, 5, 6]
            messages = [await receive(second) for _ in range(3)]
            assert [message["seq"] for message in messages] == [3, 5, 6]
            assert [one["channel"] for one in messages[-1]["channels"]] == [2]
            await second.send('{"subscribe": {"kinds": ["offset"]}}')
            assert (await receive(second))["kind"] == "state"
            assert sink.wanted == frozenset()
            await second.send('{"subscribe": {"kinds": ["levels"]}}')
            await receive(second)
            assert sink.wanted == {"levels"}
        await settled(lambda: sink.wanted == frozenset())

    with served() as sink:
        asyncio.run(talk(sink))


def test_commands_go_to_the_engine_and_answers_come_back() -> None:
    requests: list[Request] = []

    def submit(request: Request) -> None:
        requests.append(request)
        request.reply(f"{request.command.name} it is")

    async def talk(sink: WebSocketSink) -> None:
        async with client(sink) as asker:
            await receive(asker)
            await asker.send('{"do": "ask", "channel": 3}')
            assert await receive(asker) == {"answer": "ask it is"}
            assert requests[0].command.args == {"channel": 3}
            assert requests[0].origin.startswith("websocket 127.0.0.1:")
            for _ in range(15):  # a mistyped command is no garbage
                await asker.send('{"do": "aks"}')
                assert "did you mean 'ask'" in (await receive(asker))["error"]
        requests[0].reply("to one who has gone")

    with served(submit) as sink:
        asyncio.run(talk(sink))
    requests[0].reply("when everything has ended")


def test_a_flood_of_commands_is_held_back() -> None:
    requests: list[Request] = []

    async def talk(sink: WebSocketSink) -> None:
        async with client(sink) as flooder:
            with suppress(ConnectionClosed):
                for _ in range(2000):
                    await flooder.send('{"do": "ask"}')
            reason = "10 messages were refused, the last one: at most 20 messages a second"
            assert await closed(flooder) == (1008, reason)

    with served(requests.append) as sink:
        asyncio.run(talk(sink))
    assert 20 <= len(requests) < 200


def test_two_hundred_clients_get_everything() -> None:
    script = Script()

    async def listen(sink: WebSocketSink) -> list[int]:
        async with client(sink, open_timeout=60) as one:
            first = (await subscribe(one))["seq"]
            return [first, *await receive_up_to(one, 201)]

    async def talk(sink: WebSocketSink) -> list[list[int]]:
        sink.put([script.state()])
        clients = [asyncio.create_task(listen(sink)) for _ in range(200)]
        await settled(lambda: sum(one.filter is not None for one in list(sink._server._clients)) == 200)
        for _ in range(20):
            sink.put(script.toggles(10))
        return await asyncio.gather(*clients)

    with served() as sink:
        assert asyncio.run(talk(sink)) == [list(range(1, 202))] * 200


def test_one_client_too_many_is_told_so() -> None:
    async def talk(sink: WebSocketSink) -> None:
        async with client(sink) as one, client(sink) as two:
            await receive(one)
            await receive(two)
            async with client(sink) as three:
                assert await closed(three) == (1013, "no more than 2 clients")
        async with client(sink) as again:
            assert "hello" in await receive(again)

    with served(max_clients=2) as sink:
        asyncio.run(talk(sink))


def test_the_end_sends_what_waits_and_says_goodbye() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        sink.put([script.state()])
        async with client(sink) as one:
            await subscribe(one)
            sink.put(script.toggles(200))
            stopping = asyncio.get_running_loop().run_in_executor(None, sink.stop, 20)
            assert await receive_up_to(one, 201) == list(range(2, 202))
            assert await closed(one) == (1001, "Earmark stops")
            await stopping

    with served() as sink:
        asyncio.run(talk(sink))


def test_noise_on_the_port_disturbs_nobody() -> None:
    script = Script()

    async def talk(sink: WebSocketSink) -> None:
        sink.put([script.state()])
        async with client(sink) as good:
            await subscribe(good)
            for noise in (b"", b"\x00" * 5000, b"GET / HTTP/1.1\r\n\r\n", b"x" * 100_000):
                with socket.create_connection(("127.0.0.1", sink.port)) as line:
                    line.sendall(noise)
            half_open = socket.create_connection(("127.0.0.1", sink.port))
            sink.put(script.toggles(5))
            assert await receive_up_to(good, 6) == [2, 3, 4, 5, 6]
            half_open.close()

    with served() as sink:
        asyncio.run(talk(sink))
