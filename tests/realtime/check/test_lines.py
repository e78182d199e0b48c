from earmark.realtime.check.lines import Line, Lines, Name
from earmark.realtime.events import Draft
from tests.realtime.check.scenes import offset, onset, rename, signal


def test_names_come_and_go_and_keep_the_samples_of_their_sound_and_decision() -> None:
    lines = Lines(2)
    lines.follow([Draft("onset", 100, 300, 2, {"label": "strings", "family": "strings", "confidence": 0.5})])
    assert lines[2].names == {"strings": Name(100, 300)}
    fields = {"from": "strings", "to": "viola", "onset_sample": 100}
    lines.follow([Draft("rename", 100, 600, 2, fields)])
    assert lines[2].names == {"viola": Name(100, 600)}
    lines.follow([offset(2, "viola"), offset(2, "flute")])
    assert (lines[2].names, lines[1]) == ({}, Line())


def test_faults_stand_until_they_end_and_other_states_are_none() -> None:
    lines = Lines(1)
    lines.follow([signal(1, "silent"), signal(1, "hum", detail="50 Hz"), signal(1, "hot", detail="peak -1.0 dBFS")])
    assert (lines[1].faults, lines[1].present) == ({"hum": "50 Hz", "hot": "peak -1.0 dBFS"}, False)
    lines.follow([signal(1, "present"), signal(1, "hum", on=False)])
    assert (lines[1].faults, lines[1].present) == ({"hot": "peak -1.0 dBFS"}, True)


def test_the_highest_peak_is_kept_and_drafts_of_no_input_are_passed_over() -> None:
    lines = Lines(2)
    gap = Draft("gap", 0, 0, fields={"lost_samples": 3, "reason": ""})
    for peaks in ([-20.0, -9.0], [-12.0, -30.0]):
        lines.follow([gap, rename(1, "piano", "organ"), onset(2, "piano")], peaks)
    assert (lines[1].peak_dbfs, lines[2].peak_dbfs) == (-12.0, -9.0)
