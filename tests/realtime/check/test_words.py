from typing import Any

import pytest

from earmark.realtime.check.inputs import Result
from earmark.realtime.check.words import hears, line, said, status
from earmark.realtime.events import KINDS
from tests.realtime.check.scenes import KICK, PIANO, SNARE, VIOLIN, Scene, signal


def fields(state: str, **others: Any) -> dict[str, Any]:
    empty = {"expected": "snare", "heard": "", "other": None, "fault": "", "peak_dbfs": None, "detail": ""}
    assert set(empty) | {"state"} == set(KINDS["check"].fields)
    return empty | {"state": state} | others


@pytest.mark.parametrize(
    ("channel", "name", "event", "sentence"),
    [
        (None, None, fields("start", detail="8"), "Line check of 8 inputs."),
        (5, "Snare", fields("asked"), "Snare?"),
        (5, "", fields("asked"), "Input 5?"),
        (5, "Snare", fields("good", heard="snare", peak_dbfs=-9.2), "Snare good, peak -9."),
        (
            6,
            "Vln",
            fields("good", expected="violin", heard="viola", peak_dbfs=-9.8),
            "Vln good, heard as viola, peak -10.",
        ),
        (5, "Snare", fields("wrong", heard="male_singer"), "Input 5, Snare: hears a singer."),
        (5, "", fields("wrong", heard="kick", other=4), "Input 5: hears a kick, which belongs on input 4."),
        (5, "Snare", fields("swapped", heard="kick", other=4), "Input 5, Snare: hears a kick, swapped with input 4?"),
        (5, "Snare", fields("bad_line", fault="hum", detail="50 Hz"), "Input 5, Snare: hums at 50 Hz."),
        (5, "Snare", fields("bad_line", fault="crackle"), "Input 5, Snare: crackles."),
        (5, "Snare", fields("bad_line", fault="clipping"), "Input 5, Snare: clipping."),
        (5, "Snare", fields("bad_line", fault="hot", detail="peak -1.2 dBFS"), "Input 5, Snare: hot, peak -1.2 dBFS."),
        (5, "Snare", fields("bad_line", fault="twin", detail="same as input 4"), "Input 5, Snare: same as input 4."),
        (5, "Snare", fields("bad_line", fault="dead", detail=""), "Input 5, Snare: dead line."),
        (5, "Snare", fields("skipped"), "Snare skipped."),
        (7, "Piano", fields("open"), "Input 7, Piano: nothing yet."),
        (
            7,
            "Piano",
            fields("open", fault="dead", detail="digital zero"),
            "Input 7, Piano: nothing yet, dead line (digital zero).",
        ),
        (5, "Snare", fields("open", heard="drum_set"), "Input 5, Snare: still hears drums."),
        (None, None, fields("done", detail="5 of 6"), "Line check over: 5 of 6 good."),
    ],
)
def test_sentences(channel: int | None, name: str | None, event: dict[str, Any], sentence: str) -> None:
    assert said(channel, name, event) == sentence


@pytest.mark.parametrize(
    ("label", "words"),
    [("organ", "an organ"), ("ukulele", "a ukulele"), ("drum_set", "drums"), ("voice", "a voice"), ("oboe", "an oboe")],
)
def test_things_are_heard_with_their_article(label: str, words: str) -> None:
    assert hears(label) == words


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (Result(1, KICK, "good", "kick", None, -9.4, {}), "Input 1, In: good, peak -9."),
        (
            Result(1, VIOLIN, "good", "viola", None, -9.4, {"hum": "50 Hz"}),
            "Input 1, In: good, heard as viola, peak -9, hums at 50 Hz.",
        ),
        (Result(1, SNARE, "wrong", "female_singer", None, -9.4, {}), "Input 1, In: hears a singer."),
        (
            Result(1, SNARE, "swapped", "kick", 2, -9.4, {"crackle": ""}),
            "Input 1, In: hears a kick, swapped with input 2, crackles.",
        ),
        (
            Result(1, PIANO, "open", "", None, -90.0, {"dead": "digital zero"}),
            "Input 1, In: nothing yet, dead line (digital zero).",
        ),
        (Result(1, PIANO, "skipped", "", None, -90.0, {}), "Input 1, In: nothing yet, skipped."),
    ],
)
def test_results_as_lines(result: Result, sentence: str) -> None:
    assert line(result, "In") == sentence


def test_the_status_tells_how_many_are_good_and_what_is_not() -> None:
    assert status([], ("a",), running=False, asked=None) == "No line check was started."
    scene = Scene(KICK, PIANO, frozenset()).start(hands_free=True)
    scene.hop(signal(2, "hum", detail="60 Hz"))
    scene.play(1, "kick")
    names = ("Kick", "Keys", "Spare")
    told = status(scene.check.results(), names, scene.check.running, scene.check.asked)
    assert told == "1 of 2 good. Asked: Keys. Input 2, Keys: nothing yet, hums at 60 Hz."
    scene.check.stop()
    told = status(scene.check.results(), names, scene.check.running, scene.check.asked)
    assert told == "1 of 2 good, the line check is over. Input 2, Keys: nothing yet, hums at 60 Hz."
