"""What a DAW tells of its tracks: their names, and which of them are armed for recording.

Two sources are understood, with their own default settings:

* Reaper, pattern `Default.ReaperOSC`: `/track/<n>/name` (s), `/track/<n>/recarm` (1 or 0). It tells of the first eight
  tracks unless its device's track count is raised, and of all of them when control surfaces are refreshed.
* Ardour's OSC feedback: `/strip/name` (ssid, s), `/strip/recenable` (ssid, 1 or 0), or with the number at the end of
  the address where its feedback has bit 4 ("SSID as path extension") set. A strip that is gone gets a blank name and 0.

What they tell of the selected track alone (`/track/name`, `/select/...`) carries no number and is left alone.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

_MOST_TRACKS: Final = 1024
_MOST_CHARACTERS: Final = 64
_REAPER: Final = re.compile(r"/track/([0-9]{1,4})/(name|recarm)", re.ASCII)
_ARDOUR: Final = re.compile(r"/strip/(name|recenable)(?:/([0-9]{1,4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Track:
    """`name` is "" and `armed` None until the DAW tells them."""

    name: str = ""
    armed: bool | None = None


class DawTracks:
    """Follows one DAW. Fed by one thread; any other may ask at any time.

    `changes` counts what was news, so that a reader sees whether to look again.
    """

    def __init__(self) -> None:
        # Replaced, never changed, so that no reader needs a lock.
        self._tracks: Mapping[int, Track] = {}
        self.changes = 0

    def feed_osc(self, address: str, params: Sequence[object]) -> bool:
        """Whether the message speaks of a track. Odd arguments, and tracks after the 1024th, are ignored."""
        told = _read(address, params)
        if told is None:
            return False
        number, what, value = told
        if not 1 <= number <= _MOST_TRACKS:
            return True
        before = self._tracks.get(number, Track())
        track = _with_name(before, value) if what == "name" else _with_armed(before, value)
        if track != before:
            self._tracks = {**self._tracks, number: track}
            self.changes += 1
        return True

    def armed(self) -> frozenset[int] | None:
        """The numbers of the armed tracks; None while the DAW has not said of any track whether it is."""
        told = {number: track.armed for number, track in self._tracks.items() if track.armed is not None}
        return frozenset(number for number, armed in told.items() if armed) if told else None

    def find(self, track: str) -> int | None:
        """The number of the track that `track` names: by its number, else by its name in any case.

        Of several with that name it is the first. None where the DAW has not told of it.
        """
        tracks, wanted = self._tracks, track.strip().casefold()
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= 4:
            return int(wanted) if int(wanted) in tracks else None
        return min((number for number, one in tracks.items() if wanted and one.name.casefold() == wanted), default=None)

    def name_of(self, track: str) -> str:
        """The name of the track that `track` names; "" where the DAW has not told it."""
        number = self.find(track)
        return "" if number is None else self._tracks[number].name

    def armed_inputs(self, tracks: Sequence[str | None]) -> frozenset[int] | None:
        """Channels (from 1) of the inputs that are to be recorded; `tracks` gives each one's track as `find` takes it.

        That is all but those whose track is known not to be armed; None while nothing is known of any track.
        """
        if self.armed() is None:
            return None
        return frozenset(channel for channel, track in enumerate(tracks, 1) if self._is_armed(track) is not False)

    def _is_armed(self, track: str | None) -> bool | None:
        number = None if track is None else self.find(track)
        return None if number is None else self._tracks[number].armed


def _read(address: str, params: Sequence[object]) -> tuple[int, str, object] | None:
    """Number of the track, "name" or another word, and the value; None for what speaks of no track."""
    if not params:
        return None
    if found := _REAPER.fullmatch(address):
        return int(found[1]), found[2], params[0]
    if not (found := _ARDOUR.fullmatch(address)):
        return None
    if found[2] is not None:
        return int(found[2]), found[1], params[0]
    number = params[0]
    if len(params) < 2 or not isinstance(number, int) or isinstance(number, bool):
        return None
    return number, found[1], params[1]


def _with_name(track: Track, value: object) -> Track:
    if not isinstance(value, str):
        return track
    shown = "".join(sign if sign.isprintable() else " " for sign in value[: 4 * _MOST_CHARACTERS])
    return replace(track, name=" ".join(shown.split())[:_MOST_CHARACTERS].rstrip())


def _with_armed(track: Track, value: object) -> Track:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return track
    return replace(track, armed=bool(value))
