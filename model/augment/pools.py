"""Which clip comes next: labels nearly evenly, then players, then what they play."""

import numpy as np
import numpy.typing as npt

from ..corpus.decoded import MIXTURE, Clip
from ..corpus.targets import GROUPS, UNNAMED, truth_of

Floats = npt.NDArray[np.float64]

PLAYING_SHARE = 0.7
"""Share of windows from continuous playing; the others are single notes."""
ENOUGH_PLAYING_MIN = 2.0
"""A label with fewer minutes of playing than this gets less than that share."""
RENDERED_SHARE = (0.12, 0.62)
"""Share of rendered sound where there is plenty of recorded sound, and where there is none of it (before scaling)."""
NOTE_EVIDENCE = 0.3
"""A minute of notes teaches as much as this much playing."""
EVENNESS = 0.3
"""Labels are drawn in proportion to their minutes to this power: 0 would be evenly, 1 as they come."""
SPEECH_WEIGHT = 3.0
GROUP_WEIGHT = 0.4
UNNAMED_WEIGHT = 0.25


class Pool:
    """The clips of one label, what each teaches, and how often each is drawn; raises KeyError for an unknown label.

    Notes of one source (`by_source`) can be strung to a phrase.
    """

    def __init__(self, clips: list[Clip]) -> None:
        self.clips = clips
        self.truths = {clip: truth_of(clip) for clip in clips}
        real = [clip for clip in clips if clip.kind != "rendered"]
        self.evidence_min = sum(clip.minutes * (1.0 if clip.playing else NOTE_EVIDENCE) for clip in real)
        self.chances = self._chances(clips)
        self.by_source: dict[str, list[Clip]] = {}
        for clip in clips:
            if not clip.playing:
                self.by_source.setdefault(clip.source, []).append(clip)

    def draw(self, random: np.random.Generator) -> Clip:
        """One clip, by the chances."""
        return self.clips[int(random.choice(len(self.clips), p=self.chances))]

    def _chances(self, clips: list[Clip]) -> Floats:
        plenty, nothing = RENDERED_SHARE
        rendered = plenty + (nothing - plenty) / (1.0 + self.evidence_min)
        shares = {"rendered": rendered, "playing": PLAYING_SHARE, "note": 1 - PLAYING_SHARE}
        kinds = ["rendered" if clip.kind == "rendered" else "playing" if clip.playing else "note" for clip in clips]
        minutes: dict[tuple[str, str], float] = {}
        for clip, kind in zip(clips, kinds, strict=True):
            minutes[kind, clip.player] = minutes.get((kind, clip.player), 0.0) + clip.minutes
        of_kind = {kind: sum(value**0.5 for (k, _), value in minutes.items() if k == kind) for kind in set(kinds)}
        # Few minutes of playing must not be repeated for seven windows in ten while many notes wait.
        playing_min = sum(value for (kind, _), value in minutes.items() if kind == "playing")
        shares["playing"] *= min(1.0, 0.2 + playing_min / ENOUGH_PLAYING_MIN)
        of_player = {key: shares[key[0]] * value**0.5 / of_kind[key[0]] for key, value in minutes.items()}
        each = [
            of_player[kind, clip.player] * clip.minutes / minutes[kind, clip.player]
            for clip, kind in zip(clips, kinds, strict=True)
        ]
        return np.array(each) / sum(each)


def label_chances(names: list[str], pools: list[Pool]) -> Floats:
    """How often each label is drawn; sums to 1.

    A pool of mixtures is drawn as often as so many labels as its clips have.
    """
    chances = np.array([(pool.evidence_min + 0.5) ** EVENNESS for pool in pools])
    for i, name in enumerate(names):
        if name == "speech":
            chances[i] *= SPEECH_WEIGHT
        elif name in GROUPS:
            chances[i] *= GROUP_WEIGHT
        elif name in UNNAMED:
            chances[i] *= UNNAMED_WEIGHT
        elif name == MIXTURE:
            chances[i] *= max(1, len({label for clip in pools[i].clips for label in clip.present}))
    return chances / chances.sum()
