"""Rows over folders of recorded speech."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus import speech


def test_rows_name_players_by_folder_and_leave_out_what_is_too_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "PER_PLAYER", 2)
    for name, seconds in (("en/1", 0.5), ("en/2", 0.6), ("en/3", 0.7), ("de/1", 0.5), ("de/2", 0.1)):
        file = tmp_path / f"{name}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, 0.1 * np.ones(int(22_050 * seconds)), 22_050)
    (tmp_path / "README").write_text("not a recording")
    rows = speech.speech_rows(tmp_path, "talk", "GPL-2")
    found = [(Path(row["path"]).name, row["player"], row["label"], row["licence"], row["dur_s"]) for row in rows]
    assert found == [
        ("1.wav", "talk/de", "speech", "GPL-2", "0.50"),
        ("1.wav", "talk/en", "speech", "GPL-2", "0.50"),
        ("3.wav", "talk/en", "speech", "GPL-2", "0.70"),
    ]
