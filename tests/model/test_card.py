from pathlib import Path

from earmark.model.card import sources_table

from .sounds import CLIPS, write_corpus


def test_every_source_and_licence_is_a_row(tmp_path: Path) -> None:
    lines = sources_table([write_corpus(tmp_path)]).splitlines()
    assert lines[0] == "| Source | Licence | Clips | Minutes | NC | Labels |"
    assert lines[2] == "| here | CC-BY-NC 4.0 | 1 | 0.0 | NC | piano |"
    minutes = sum(clip[-1] for clip in CLIPS if clip[2] == "CC0") / 60
    assert lines[3] == f"| here | CC0 | 6 | {minutes:.1f} |  | noise, piano, sitar, speech, violin, vocals |"
    assert len(lines) == 4
