import socket
from pathlib import Path

import pytest

from earmark.realtime.board import Board
from earmark.realtime.config import Config, OscConfig, WsConfig
from earmark.realtime.demo import play
from earmark.realtime.engine import Engine
from earmark.realtime.errors import EarmarkError
from earmark.realtime.outlets import Outlets
from earmark.realtime.session import Session
from earmark.realtime.sources.file import FileSource
from earmark.realtime.stamps import Identity
from tests.realtime.ears import ToneEars


@pytest.fixture
def engine() -> Engine:
    source = FileSource(Path(play.__file__).with_name("session.ogg"), "1")
    session = Session(Identity("s", source.rate, ("",), 0), ToneEars(), Config(), lambda: 0)
    return Engine(source, session, Board(("",), source.rate))


def test_nothing_asked_for_is_nothing_opened(engine: Engine) -> None:
    outlets = Outlets(Config(), 1, engine)
    assert (outlets.sinks, outlets.others) == ([], [])


def test_each_wire_that_is_asked_for_is_there_once(engine: Engine, tmp_path: Path) -> None:
    osc = OscConfig(targets=("127.0.0.1:9", "127.0.0.1:10"), plain=("127.0.0.1:10",), listen="127.0.0.1:0")
    config = Config(journal=str(tmp_path / "j.jsonl"), osc=osc, ws=WsConfig(listen="127.0.0.1:0"))
    outlets = Outlets(config, 1, engine)
    outlets.start()
    outlets.stop()
    names = [sink.name for sink in outlets.sinks]
    assert names == ["journal", "osc 127.0.0.1:9", "osc 127.0.0.1:10", "osc in 127.0.0.1:0", "websocket"]


def test_of_two_that_cannot_be_had_together_none_stays_open(engine: Engine, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        config = Config(journal=str(tmp_path / "j.jsonl"), ws=WsConfig(listen=address))
        outlets = Outlets(config, 1, engine)
        with pytest.raises(EarmarkError, match="is in use"):
            outlets.start()

        outlets = Outlets(config, 1, engine)
        missing = outlets.start_what_can()
        assert [line.split()[0] for line in missing] == [address]
        assert [sink.name for sink in outlets.sinks] == ["journal"]
        outlets.stop()
