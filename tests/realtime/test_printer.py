from earmark.realtime.events import Event
from earmark.realtime.printer import CAPACITY, Printer


def _event(kind: str, **fields: object) -> Event:
    return Event("s", 1, kind, None, None, 0, 0, 48_000, 0, 0, None, fields)


def test_lines_are_taken_once_and_the_oldest_go_when_nobody_takes_them() -> None:
    printer = Printer()
    printer.put([_event("overrun", skipped_windows=n) for n in range(CAPACITY + 5)])
    lines = printer.take()
    assert len(lines) == CAPACITY
    assert "5 windows skipped" in lines[0]
    assert printer.take() == []


def test_what_is_not_for_people_is_left_out() -> None:
    printer = Printer()
    printer.put([_event("levels", levels={})])
    assert printer.take() == []


def test_that_a_line_sounds_or_rests_is_no_news_but_a_fault_is() -> None:
    printer = Printer()
    printer.put([_event("signal", state=state, on=True, detail="") for state in ("present", "silent", "hum")])
    assert [line.split("line: ")[1] for line in printer.take()] == ["hum"]
