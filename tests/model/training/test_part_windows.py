"""Windows for the head for parts: kits that are held out stay out, and what is made once is kept."""

from pathlib import Path

import numpy as np
import pytest

from earmark.model.augment.acoustics import Audio
from earmark.model.corpus import decoded
from earmark.model.corpus.decoded import Clip, Corpus
from earmark.model.errors import UsageError
from earmark.model.labels import PART_LABELS
from earmark.model.training import part_windows
from earmark.model.training.part_windows import NO_PART, Amount, Examples, examples, without_drums

from ..drums import kit
from ..sounds import write_corpus

AMOUNT = Amount(of_part=2, of_others=2)


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_windows, "OTHERS_A_FILE", 2)


class Counting:
    """Sees the loudest sample of each window, and counts windows."""

    def __init__(self) -> None:
        self.windows = 0

    def __call__(self, audio: Audio) -> "np.ndarray":
        self.windows += len(audio)
        return np.abs(audio).max(1, keepdims=True).astype(np.float16)


def made(folder: Path, see: Counting, seed: int = 1) -> Examples:
    corpus = (
        decoded.load(write_corpus(folder / "corpus"), folder / "cache") if not (folder / "cache").exists() else None
    )
    corpus = corpus or decoded.load(folder / "corpus", folder / "cache")
    kits = [kit("a", "one"), kit("b", "two", parts="kick snare"), kit("c", "macarthur")]
    return examples(kits, corpus, see, "network", folder / "work", AMOUNT, seed)


def test_each_part_of_each_group_and_others(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    see = Counting()
    found = made(tmp_path, see)
    counts = {part: int((found.part == column).sum()) for column, part in enumerate(PART_LABELS)}
    assert counts == {"kick": 4, "snare": 4, "hi_hat": 2, "tom": 2, "cymbals": 2}
    assert (found.part == NO_PART).sum() == 2
    assert len(np.unique(found.group)) == 3
    assert see.windows == len(found.seen) == 16
    assert (found.seen[found.part != NO_PART] > 0).all()


def test_what_was_made_is_kept_and_what_is_missing_is_the_same_again(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    first, again = Counting(), Counting()
    found = made(tmp_path, first)
    (tmp_path / "work" / "two-kick.npy").unlink()
    resumed = made(tmp_path, again)
    assert again.windows == 2
    np.testing.assert_array_equal(found.seen, resumed.seen)


def test_windows_of_another_seed_are_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    made(tmp_path, Counting())
    with pytest.raises(UsageError, match="another folder"):
        made(tmp_path, Counting(), seed=2)


def test_corpora_lose_their_drums_but_not_what_sounds_like_them() -> None:
    named = [("drum_set", "a.wav"), ("auxiliary_percussion", "Snare_1.wav"), ("auxiliary_percussion", "conga.wav")]
    named += [("mix", "b.wav"), ("piano", "kick.wav")]
    clips = tuple(Clip(path, label, "hit", "s", "CC0", "s", 0, 1) for label, path in named)
    kept = without_drums(Corpus(clips, np.zeros(1, np.int16), np.zeros(1, np.float32)))
    assert [clip.path for clip in kept.clips] == ["conga.wav", "kick.wav"]
