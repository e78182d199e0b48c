from earmark.realtime.answers import Answers
from earmark.realtime.board import Board
from earmark.realtime.commands import parse_text
from earmark.realtime.events import Event


def _onset(seq: int, channel: int, label: str, kind: str = "onset") -> Event:
    fields = {"label": label, "family": "keys", "confidence": 0.9}
    return Event("s", seq, kind, channel, None, 0, 0, 48_000, 0, 0, None, fields)


def _ask(answers: Answers, text: str) -> str:
    return answers.answer(parse_text(text))


def test_ask_changed_and_repeat() -> None:
    board = Board(("Keys", "", "Vox"), 48_000)
    answers = Answers(board)
    assert _ask(answers, "repeat") == "nothing was asked yet"
    board.apply(_onset(1, 1, "piano"))
    board.apply(_onset(2, 3, "male_singer"))
    board.apply(_onset(3, 3, "female_singer"))
    assert _ask(answers, "ask 1") == "input 1, Keys: piano"
    assert _ask(answers, "ask 2") == "input 2: nothing"
    assert _ask(answers, "ask 3") == "input 3, Vox: singer", "one singer, whatever the model hesitates between"
    assert _ask(answers, "changed") == "nothing changed"
    board.apply(_onset(4, 1, "piano", "offset"))
    assert _ask(answers, "changed") == "input 1, Keys: nothing"
    assert _ask(answers, "repeat") == "input 1, Keys: nothing"
    assert _ask(answers, "ask all") == "input 1, Keys: nothing. input 2: nothing. input 3, Vox: singer"
    assert _ask(answers, "ask 9") == "there is no input 9; inputs are 1 to 3"


def test_levels_and_take() -> None:
    answers = Answers(Board(("Keys",), 48_000))
    levels = {"peak_dbfs": [-12.0], "rms_dbfs": [-20.14]}
    assert answers.levels(1, [-9.26], levels) == "input 1, Keys: peak -9.3, RMS -20.1 dBFS"
    assert answers.levels(2, [-9.26], levels) == "there is no input 2; inputs are 1 to 1"
    assert answers.take() == "no take runs"
