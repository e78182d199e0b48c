import pytest

from earmark.realtime.event_line import event_line
from earmark.realtime.events import KINDS, Event


def _event(kind: str, channel: int | None, **fields: object) -> Event:
    return Event("s", 1, kind, channel, "Keys" if channel else None, 72_000, 72_000, 48_000, 0, 0, None, fields)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (_event("onset", 3, label="piano", confidence=0.873), "0:01.50  input 3, Keys          hears piano (87%)"),
        (_event("offset", 3, label="piano", confidence=0.8), "0:01.50  input 3, Keys          no more piano"),
        (_event("onset", 3, label="uncertain", confidence=0.0), "0:01.50  input 3, Keys          hears uncertain"),
        (
            _event("rename", 3, **{"from": "violin", "to": "viola", "confidence": 0.5}),
            "0:01.50  input 3, Keys          hears viola, not violin (50%)",
        ),
        (
            _event("signal", 3, state="hum", on=True, detail="50 Hz"),
            "0:01.50  input 3, Keys          line: hum (50 Hz)",
        ),
    ],
)
def test_lines(event: Event, line: str) -> None:
    assert event_line(event) == line


def test_the_line_check_speaks_in_its_own_words() -> None:
    fields = {"expected": "piano", "heard": "male_singer", "other": None, "fault": "", "peak_dbfs": None, "detail": ""}
    assert event_line(_event("check", 3, state="wrong", **fields)) == "0:01.50  Input 3, Keys: hears a singer."


def test_every_kind_has_a_line() -> None:
    filler = {
        "label": "piano",
        "from": "piano",
        "to": "organ",
        "confidence": 1.0,
        "channels": [],
        "state": "ok",
        "on": 1,
    }
    for kind, spec in KINDS.items():
        fields = {name: filler.get(name, 1) for name in spec.fields}
        if kind == "check":
            fields["state"] = "asked"
        assert "\n" not in event_line(_event(kind, None, **fields))
