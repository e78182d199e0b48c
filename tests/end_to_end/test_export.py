"""A file is labelled with a journal, and the journal exported in each format: the commands as a user types them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.clients.export.formats import FORMATS, read_marks
from tests.end_to_end.earmark import earmark, events
from tests.model import fixtures

RATE = 48_000


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a file of two channels: a low tone from 0.5 to 3 s, and a high one from 2 to 5 s."""
    folder = tmp_path_factory.mktemp("labelled")
    time_s = np.arange(6 * RATE) / RATE
    low = 0.3 * np.sin(2 * np.pi * 110 * time_s) * ((time_s >= 0.5) & (time_s < 3))
    high = 0.3 * np.sin(2 * np.pi * 4000 * time_s) * ((time_s >= 2) & (time_s < 5))
    soundfile.write(folder / "take.wav", np.stack([low, high], axis=1), RATE)
    model = fixtures.write(folder / "tones.ts")
    done = earmark(folder, "label", "take.wav", "--model", model, "--journal", "take.jsonl", "--name", "1=Bass DI")
    assert done.returncode == 0, done.stderr
    return folder / "take.jsonl"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_labelled_file_is_exported(labelled: Path, kind: str) -> None:
    done = earmark(labelled.parent, "export", "take.jsonl", "--to", kind, "--out", kind)
    assert (done.returncode, done.stderr) == (0, "")
    files = [labelled.parent / line for line in done.stdout.splitlines()]
    ending = FORMATS[kind].ending
    assert [file.name for file in files] == [
        f"take{ending}",
        f"take-input1-Bass_DI{ending}",
        f"take-input2{ending}",
    ]
    onsets = {one["channel"]: one["time_s"] for one in events(labelled) if one["kind"] == "onset"}
    bass, flute = read_marks(files[0], kind)
    assert [bass.title, flute.title] == ["Bass DI: electric bass", "Input 2: flute"]
    assert [bass.start_s, flute.start_s] == pytest.approx([onsets[1], onsets[2]], abs=1e-3)
    assert [bass.start_s, bass.end_s] == pytest.approx([0.5, 3], abs=0.1)
    assert [flute.start_s, flute.end_s] == pytest.approx([2, 5], abs=0.1)


def test_errors_are_one_line(labelled: Path) -> None:
    folder = labelled.parent
    assert earmark(folder, "export", "take.jsonl", "--to", "csv").returncode == 0
    again = earmark(folder, "export", "take.jsonl", "--to", "csv")
    nothing = earmark(folder, "export", "--to", "csv")
    wrong = earmark(folder, "export", "take.wav", "--to", "csv")
    for done, why in [(again, "--force"), (nothing, "there is no journal"), (wrong, "name a journal")]:
        assert done.returncode == 2
        assert why in done.stderr
        assert done.stderr.count("\n") == 1
