"""What is known of a session's inputs, and how it changes while it runs: names, expectations, the band."""

from collections.abc import Sequence
from dataclasses import replace

from .config import Config, InputConfig
from .daw_tracks import DawTracks
from .expectations import Expectations, Known, expectations


class Knowledge:
    """Begins with what the configuration and the inputs' names tell; `labels` are the model's.

    `now` holds what follows from it; it is replaced with every change.
    """

    def __init__(self, config: Config, labels: Sequence[str], names: Sequence[str]):
        told = {entry.channel: entry for entry in config.inputs}
        entries = [told.get(channel, InputConfig(channel=channel)) for channel in range(1, len(names) + 1)]
        self.feeds = tuple(entry.track for entry in entries)
        """The DAW's track of each input, as the configuration calls it."""
        self._labels = tuple(labels)
        self._given = tuple(bool(entry.name) for entry in entries)
        self._inputs = [Known(name, one.expect, one.only) for name, one in zip(names, entries, strict=True)]
        self._band = config.band
        self.now = self._follow()

    def expect(self, channel: int, words: tuple[str, ...]) -> Expectations:
        """Input `channel` (from 1) should carry what these words mean; no words: what its name means."""
        self._inputs[channel - 1] = replace(self._inputs[channel - 1], expect=words)
        return self._follow()

    def band(self, words: tuple[str, ...]) -> Expectations:
        """These play; no words: nothing is known of who plays."""
        self._band = words
        return self._follow()

    def name_after(self, tracks: DawTracks) -> dict[int, str]:
        """Inputs (from 1) that take the name of the track they feed, since nobody named them; only what is new."""
        news: dict[int, str] = {}
        for channel, (track, given, known) in enumerate(zip(self.feeds, self._given, self._inputs, strict=True), 1):
            name = tracks.name_of(track) if track and not given else ""
            if name and name != known.name:
                news[channel] = name
                self._inputs[channel - 1] = replace(known, name=name)
        if news:
            self._follow()
        return news

    def _follow(self) -> Expectations:
        self.now = expectations(self._labels, self._inputs, self._band)
        return self.now
