import numpy as np

from earmark.model.tagger import Tagger
from earmark.realtime.check.demo import DEAD, LENGTH_S, NAMES, RATE, SCRIPT, differences, stage
from earmark.realtime.check.inputs import Result
from earmark.realtime.check.words import said
from earmark.realtime.config import Config
from earmark.realtime.session import Session
from earmark.realtime.stamps import Identity

TOLD = [
    "Line check of 6 inputs.",
    "Input 2, Bass DI: hums at 50 Hz.",
    "Kit good",
    "Bass DI good",
    "Ac Gtr good",
    "Input 5, Violin: hears a piano, which belongs on input 4.",
    "Input 4, Piano: hears a violin, swapped with input 5?",
    "Input 4, Piano: still hears a violin.",
    "Input 5, Violin: still hears a piano.",
    "Input 6, Flute: nothing yet, dead line (digital zero).",
    "Line check over: 3 of 6 good.",
]


def test_the_stage_is_the_same_every_time_and_has_its_dead_line() -> None:
    sound = stage()
    assert sound.shape == (len(NAMES), round(LENGTH_S * RATE))
    assert not sound[DEAD - 1].any()
    assert np.abs(sound).max() < 1
    assert np.array_equal(sound, stage())


def test_the_shipped_model_finds_exactly_the_script_and_says_it_word_for_word() -> None:
    session = Session(Identity("s", RATE, NAMES, 0), Tagger(None, "cpu"), Config(), lambda: 0)
    events = session.check("start", None)
    sound = stage()
    for start in range(0, sound.shape[1], RATE // 4):
        events += session.push(sound[:, start : start + RATE // 4])
    events += session.finish()
    lines = [said(event.channel, event.name, event.fields) for event in events if event.kind == "check"]
    assert [line.partition(", peak")[0] for line in lines] == TOLD
    assert differences(session.check_results()) == []


def test_what_differs_from_the_script_is_told() -> None:
    results = [
        Result(channel, frozenset(), one.state, "", one.other, 0.0, dict.fromkeys(one.faults, ""))
        for channel, one in SCRIPT.items()
    ]
    assert differences(results) == []
    [told] = differences([*results[:-1], Result(6, frozenset(), "good", "flute", None, 0.0, {})])
    assert told.startswith("input 6, Flute: ")
    assert len(differences([])) == len(SCRIPT)
