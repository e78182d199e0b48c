from pathlib import Path

from earmark.model import weights
from earmark.model.card import sources_table
from earmark.model.corpus.manifest import is_unstated

from .sounds import CLIPS, write_corpus


def test_every_source_and_licence_is_a_row(tmp_path: Path) -> None:
    lines = sources_table([write_corpus(tmp_path)]).splitlines()
    assert lines[0] == "| Source | Licence | Clips | Minutes | NC | Labels |"
    assert lines[2] == "| here | CC-BY-NC 4.0 | 1 | 0.0 | NC | piano |"
    minutes = sum(clip[-1] for clip in CLIPS if clip[2] == "CC0") / 60
    assert lines[3] == f"| here | CC0 | 6 | {minutes:.1f} |  | noise, piano, sitar, speech, violin, vocals |"
    assert len(lines) == 4


def test_the_shipped_weights_learned_from_licensed_sound_alone() -> None:
    card = (Path(weights.__file__).parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    table = card[card.index("| Source | Licence |") :].strip().splitlines()[2:]
    licences = [line.strip("|").split("|")[1].strip() for line in table]
    assert len(licences) > 50
    assert not [licence for licence in licences if is_unstated(licence)]
