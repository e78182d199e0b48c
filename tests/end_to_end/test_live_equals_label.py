"""The same sound gives the same events: live with a recording of it, and the recording labelled afterwards."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from earmark.realtime.demo import play
from tests.end_to_end.earmark import earmark, events

DEMO = Path(play.__file__).with_name("session.ogg")
PIANO, SECONDS, REST_S = 3, 8, 1.7
COMPARED = ("kind", "channel", "label", "from", "to", "state", "on", "sample", "decided_sample")


def take(rate: int) -> np.ndarray:
    """[samples, 2]: a rendered piano that begins at REST_S after digital silence, and its echo a second later."""
    sound, demo_rate = soundfile.read(DEMO, frames=SECONDS * 48_000, dtype="float32")
    piano = soxr.resample(sound[:, PIANO], demo_rate, rate)
    first = int(np.flatnonzero(np.abs(piano) > 0.01)[0])
    piano = piano[first : first + 5 * rate]
    out = np.zeros((SECONDS * rate, 2), np.float32)
    for column, start in enumerate((round(REST_S * rate), round((REST_S + 1) * rate))):
        out[start : start + len(piano), column] = piano
    return out


def compared(journal: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    told = [event for event in journal if event["kind"] in ("onset", "offset", "rename", "signal")]
    return [tuple(event.get(key) for key in COMPARED) for event in told]


def confidences(journal: list[dict[str, Any]]) -> list[float]:
    return [event["confidence"] for event in journal if "confidence" in event]


def live(folder: Path, file: Path) -> list[dict[str, Any]]:
    """The events of a live run that skipped no window; a busy machine gets three tries."""
    for attempt in range(3):
        journal = folder / f"live{attempt}.jsonl"
        run = earmark(folder, "live", "--file", file, "--record", "rec.wav", "--journal", journal, "--quiet")
        assert run.returncode == 0, run.stderr
        assert "leaked" not in run.stderr, "soxr complains where it is not let go of"
        found = events(journal)
        if not any(event["kind"] in ("overrun", "gap") for event in found):
            return found
    pytest.fail("windows were skipped in three runs: this machine is too busy for a live run")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("rate", [48_000, 44_100, 22_050])
def test_a_recording_gives_the_events_of_the_live_run(tmp_path: Path, rate: int) -> None:
    sound, file = take(rate), tmp_path / "take.wav"
    soundfile.write(file, sound, rate, subtype="FLOAT")
    heard = live(tmp_path, file)
    recorded, recorded_rate = soundfile.read(tmp_path / "rec.wav", dtype="float32")
    assert recorded_rate == rate
    assert np.array_equal(recorded, sound), "the recording is the take, bit for bit, from sample 0"

    run = earmark(tmp_path, "label", "rec.wav", "--journal", "label.jsonl")
    assert run.returncode == 0, run.stderr
    labelled = events(tmp_path / "label.jsonl")
    assert compared(labelled) == compared(heard)
    assert confidences(labelled) == pytest.approx(confidences(heard), abs=1e-3)

    onsets = {event["channel"]: event for event in labelled if event["kind"] == "onset" and event["label"] == "piano"}
    assert onsets[1]["time_s"] == pytest.approx(REST_S, abs=0.02)
    assert onsets[2]["time_s"] == pytest.approx(REST_S + 1, abs=0.02)
    assert onsets[1]["sample"] == round(onsets[1]["time_s"] * rate)
