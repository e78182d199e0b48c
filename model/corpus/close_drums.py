"""What a close microphone on one part of a drum kit hears in a second: its own part, and the rest of the kit around it.

Each part of a random pattern is rendered apart. The own part's attack lies anywhere in the window, down to its very
end; the others come later, through the room, at a level that is given against the own part's. Levels are RMS over the
tenths of a second that lie within 30 dB of a part's loudest one. Pure: the same generator gives the same windows.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..augment.acoustics import WINDOW, Rooms, db, normalised
from .decoded import SAMPLE_RATE
from .drum_kits import PART_OF_KEY, DrumKit, Voice
from .playing import Note, beats
from .sampler import Audio

STRETCH_S = 2.0
"""Rendered for a window of the last second of it, so that what was struck before still rings."""
PATTERN_S = 6.0
HEARD_S = 0.05
"""At least this much of an own hit is heard."""
FILL = (1, 2, 3, 5)
"""Hits of a part that the pattern does not play, and the time between them."""
FILL_STEP_S = (0.09, 0.3)
LATE_S = (0.0005, 0.01)
"""A part of the kit that stands farther away comes later by this much."""
BALANCE_DB = 6.0
"""Parts of the rest of the kit differ by up to this much from each other, up and down."""
NOISE_DB = (25.0, 70.0)
"""Hiss lies this far below the highest peak."""

Random = np.random.Generator


class Close(NamedTuple):
    """How a window is made: what is drawn evenly is a pair.

    bleed_db: level of the rest of the kit against the own part; bleed_share: windows that have any of it.
    single_share: windows with one stroke (toms: one to five) instead of a pattern.
    coloured_share: windows in which the own part passes a microphone's colour.
    tuned: factor of speed and pitch of each part.
    squashed_share: windows that are driven into soft clipping, as by a compressor or tape.
    level_dbfs: lowest, likeliest and highest level of the whole.
    """

    bleed_db: tuple[float, float] = (-32.0, -4.0)
    bleed_share: float = 0.75
    single_share: float = 0.4
    coloured_share: float = 0.7
    tuned: tuple[float, float] = (0.9, 1.1)
    squashed_share: float = 0.25
    level_dbfs: tuple[float, float, float] = (-48.0, -22.0, -3.0)


TAUGHT = Close()
"""Windows to learn from: what microphones, compressors and patterns may make of a kit."""


def as_recorded(bleed_db: float | None) -> Close:
    """Windows to judge on: the kit as it was recorded, alone or with the rest of it at `bleed_db`."""
    level_db = 0.0 if bleed_db is None else bleed_db
    return Close(
        bleed_db=(level_db, level_db),
        bleed_share=0.0 if bleed_db is None else 1.0,
        coloured_share=0.0,
        tuned=(1.0, 1.0),
        squashed_share=0.0,
    )


class CloseDrums:
    """Draws windows of close microphones; parts that a kit lacks are heard from another one of `kits`."""

    def __init__(self, kits: Sequence[DrumKit], seed: int) -> None:
        self.kits = kits
        self.rooms = Rooms(np.random.default_rng(seed))

    def window(self, kit: DrumKit, part: str, how: Close, random: Random) -> Audio:
        """What a microphone close to `part` of `kit` hears: `[48000]` float32 in [-1, 1].

        Raises KeyError where the kit does not have the part.
        """
        own, rest = self._scene(kit, part, how, random)
        power = float(np.square(own).mean())
        if random.random() < how.coloured_share:
            own = self.rooms.microphone(own, random)
            own *= np.float32(np.sqrt(power / max(1e-12, float(np.square(own).mean()))))
        if random.random() < how.bleed_share:
            own += normalised(self.rooms.colour(rest, random)) * db(random.uniform(*how.bleed_db))
        return finished(own, how, random)

    def bleed(self, random: Random) -> Audio:
        """A whole kit through a room, `[48000]` at an RMS of 1: what another player's microphone hears of the drums."""
        kit = self.kits[int(random.integers(len(self.kits)))]
        own, rest = self._scene(kit, str(random.choice(list(kit.voices))), TAUGHT, random)
        return normalised(self.rooms.colour(own + rest, random))

    def _scene(self, kit: DrumKit, part: str, how: Close, random: Random) -> tuple[Audio, Audio]:
        """The last second of the own part at an RMS of 1, and of the rest of the kit."""
        struck = _by_part(beats(PATTERN_S, random))
        if part not in struck or random.random() < how.single_share:
            struck[part] = _fill(part, random)
        times = [note.start_s for note in struck[part]]
        middle = [time_s for time_s in times if time_s >= STRETCH_S] or times
        end_s = float(random.choice(middle)) + random.uniform(HEARD_S, 1.0)
        own = normalised(_track(kit.voices[part], struck.pop(part), end_s, how, random))[-WINDOW:]
        rest = np.zeros(WINDOW, np.float32)
        for other, notes in struck.items():
            track = normalised(_track(self._voices(kit, other, random), notes, end_s, how, random))
            late = int(random.uniform(*LATE_S) * SAMPLE_RATE)
            rest += track[-WINDOW - late : -late] * db(random.uniform(-BALANCE_DB, BALANCE_DB))
        return own, rest

    def _voices(self, kit: DrumKit, part: str, random: Random) -> tuple[Voice, ...]:
        having = [kit] if part in kit.voices else [other for other in self.kits if part in other.voices]
        return having[int(random.integers(len(having)))].voices[part]


def finished(audio: Audio, how: Close, random: Random) -> Audio:
    """`audio` `[48000]` at a random level with a little hiss, now and then squashed; within [-1, 1]."""
    if random.random() < how.squashed_share:
        drive = db(random.uniform(0, 15)) / max(1e-9, float(np.abs(audio).max()))
        audio = np.tanh(audio * np.float32(drive))
    audio = normalised(audio) * db(random.triangular(*how.level_dbfs))
    audio = audio / max(np.float32(1), np.abs(audio).max())
    below_db = 20 * np.log10(float(np.abs(audio).max()) + 1e-9) - random.uniform(*NOISE_DB)
    return np.clip(audio + random.standard_normal(WINDOW, np.float32) * db(below_db), -1, 1).astype(np.float32)


def _by_part(notes: Sequence[Note]) -> dict[str, list[Note]]:
    struck: dict[str, list[Note]] = {}
    for note in notes:
        struck.setdefault(PART_OF_KEY[note.pitch], []).append(note)
    return struck


def _fill(part: str, random: Random) -> list[Note]:
    """One stroke in the middle of the pattern; of toms mostly a few."""
    count = int(random.choice(FILL)) if part == "tom" else 1
    step_s = random.uniform(*FILL_STEP_S)
    return [Note(PATTERN_S / 2 + k * step_s, step_s, 0, int(random.integers(40, 127))) for k in range(count)]


def _track(voices: tuple[Voice, ...], notes: Sequence[Note], end_s: float, how: Close, random: Random) -> Audio:
    """The stretch that ends at `end_s`, `[96000]`: the notes on one or two of the voices."""
    factor, rate = random.uniform(*how.tuned), SAMPLE_RATE
    chosen = [voices[int(i)] for i in random.integers(len(voices), size=2)]
    out = np.zeros(int(STRETCH_S * rate * factor) + 1, np.float32)
    for note in notes:
        voice = chosen[note.pitch % 2]
        hit = voice[min(len(voice) - 1, note.velocity * len(voice) // 128)]
        _lay(out, hit, (note.velocity / 127) ** 1.2, round((note.start_s - end_s + STRETCH_S) * rate * factor))
    places = np.arange(int(STRETCH_S * rate)) * factor
    return np.interp(places, np.arange(len(out)), out).astype(np.float32) if factor != 1.0 else out[:-1]


def _lay(out: Audio, hit: Audio, gain: float, start: int) -> None:
    """Add the hit to `out` from its sample `start`, which may lie before the beginning of it or after its end."""
    if -len(hit) < start < len(out):
        hit = hit[max(0, -start) :]
        start = max(0, start)
        hit = hit[: len(out) - start]
        out[start : start + len(hit)] += hit * np.float32(gain)
