"""How often each clip and each label is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from earmark.model.augment.pools import Pool, label_chances
from earmark.model.corpus.decoded import SAMPLE_RATE, Clip


def clip(label: str = "violin", kind: str = "phrase", player: str = "one", seconds: float = 60.0) -> Clip:
    return Clip(f"{player}-{kind}-{seconds}", label, kind, "here", "CC0", player, 0, int(seconds * SAMPLE_RATE))


def share(pool: Pool, kind: str) -> float:
    return sum(float(chance) for chance, c in zip(pool.chances, pool.clips, strict=True) if c.kind == kind)


def test_playing_outweighs_notes_where_there_is_enough_of_it() -> None:
    pool = Pool([clip(seconds=600.0), *[clip(kind="note", seconds=3.0)] * 50])
    assert share(pool, "phrase") == pytest.approx(0.7)
    short = Pool([clip(seconds=6.0), *[clip(kind="note", seconds=3.0)] * 50])
    assert share(short, "phrase") < 0.5


def test_rendered_sound_fills_in_for_what_is_missing() -> None:
    rendered = clip(kind="rendered", player="font")
    thin = share(Pool([rendered, clip(kind="note", seconds=30.0)]), "rendered")
    rich = share(Pool([rendered, clip(seconds=1_200.0)]), "rendered")
    assert thin > 2 * rich > 0
    assert share(Pool([rendered]), "rendered") == pytest.approx(1)


def test_a_player_with_much_sound_is_held_back() -> None:
    pool = Pool([clip(player="much", seconds=400.0), clip(player="little", seconds=100.0)])
    assert pool.chances[0] / pool.chances[1] == pytest.approx(2, rel=1e-6)


def test_labels_are_drawn_nearly_evenly() -> None:
    names = ["banjo", "speech", "violin", "vocals"]
    pools = [Pool([clip(name, seconds=60.0 * minutes)]) for name, minutes in zip(names, (1, 16, 16, 16), strict=True)]
    chances = dict(zip(names, label_chances(names, pools), strict=True))
    assert sum(chances.values()) == pytest.approx(1)
    assert 1 < chances["violin"] / chances["banjo"] < 3
    assert chances["speech"] == pytest.approx(3 * chances["violin"])
    assert chances["vocals"] < chances["violin"]


def test_a_pool_of_mixtures_counts_as_the_labels_that_it_holds() -> None:
    mixtures = [
        replace(clip("mix"), present=("violin", "piano")),
        replace(clip("mix", player="two"), present=("piano",)),
    ]
    chances = label_chances(["mix", "violin"], [Pool(mixtures), Pool([clip(), clip(player="two")])])
    assert chances[0] / chances[1] == pytest.approx(2)


def test_draw_follows_the_chances() -> None:
    pool = Pool([clip(player="much", seconds=400.0), clip(player="little", seconds=100.0)])
    random = np.random.default_rng(0)
    drawn = sum(pool.draw(random).player == "much" for _ in range(600))
    assert drawn / 600 == pytest.approx(2 / 3, abs=0.08)
