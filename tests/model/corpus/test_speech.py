"""A manifest over folders of recorded speech."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earmark.model.corpus import decoded, speech


def test_manifest_over_folders_that_a_corpus_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "PER_PLAYER", 2)
    for name, seconds in (("en/1", 0.5), ("en/2", 0.6), ("en/3", 0.7), ("de/1", 0.5), ("de/2", 0.1)):
        file = tmp_path / "talk" / f"{name}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, 0.1 * np.ones(int(22_050 * seconds)), 22_050)
    (tmp_path / "talk" / "README").write_text("not a recording")
    manifest = speech.write_speech([(tmp_path / "talk", "GPL-2")], tmp_path / "out")
    loaded = decoded.load(manifest.parent, tmp_path / "cache")
    found = [(Path(clip.path).name, clip.player, clip.label, clip.licence, clip.playing) for clip in loaded.clips]
    assert found == [
        ("1.wav", "talk/de", "speech", "GPL-2", True),
        ("1.wav", "talk/en", "speech", "GPL-2", True),
        ("3.wav", "talk/en", "speech", "GPL-2", True),
    ]
    assert loaded.clips[0].length == 24_000


def test_folders_without_recordings_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no recordings in"):
        speech.write_speech([(tmp_path, "GPL-2")], tmp_path / "out")
