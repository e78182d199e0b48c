"""What is said to somebody who asks: one line of text for each command that asks."""

from collections.abc import Mapping, Sequence

from ..model.labels import BY_ID
from .board import Board, Channel
from .commands import Command


class Answers:
    """Answers from what the board shows; remembers the last answer and what was heard when it was last asked."""

    def __init__(self, board: Board):
        self._board = board
        self._last = "nothing was asked yet"
        self._seen: dict[int, tuple[str, ...]] = {}

    def answer(self, command: Command) -> str:
        """The answer to `ask`, `state`, `changed` or `repeat`."""
        match command.name:
            case "repeat":
                pass
            case "changed":
                self._last = self._changed()
            case _:
                self._last = self._ask(command.args.get("channel", "all"))
        return self._last

    def levels(
        self, channel: int | str, held_peaks_dbfs: Sequence[float], levels: Mapping[str, Sequence[float]]
    ) -> str:
        """The peak held since this was last asked, and the RMS; `levels` as Session.levels gives them."""
        rms_dbfs = levels["rms_dbfs"]
        self._last = ". ".join(
            f"{_who(one)}: peak {held_peaks_dbfs[one.channel - 1]:.1f}, RMS {rms_dbfs[one.channel - 1]:.1f} dBFS"
            for one in self._chosen(channel)
        ) or self.no_input(channel)
        return self._last

    def told(self, text: str) -> str:
        """`text` is the answer, also when it is asked for once more."""
        self._last = text
        return text

    def take(self) -> str:
        self._last = f"take {self._board.take} runs" if self._board.take else "no take runs"
        return self._last

    def _ask(self, channel: int | str) -> str:
        chosen = self._chosen(channel)
        self._seen |= {one.channel: tuple(one.labels) for one in chosen}
        return ". ".join(f"{_who(one)}: {_names(one)}" for one in chosen) or self.no_input(channel)

    def _changed(self) -> str:
        news = [one for one in self._chosen("all") if tuple(one.labels) != self._seen.get(one.channel, ())]
        self._seen |= {one.channel: tuple(one.labels) for one in news}
        return ". ".join(f"{_who(one)}: {_names(one)}" for one in news) or "nothing changed"

    def _chosen(self, channel: int | str) -> list[Channel]:
        return [one for one in self._board.channels.values() if channel in ("all", one.channel)]

    def no_input(self, channel: int | str) -> str:
        """What is said to whoever names an input that is not there."""
        return f"there is no input {channel}; inputs are 1 to {len(self._board.channels)}"


def _who(one: Channel) -> str:
    return f"input {one.channel}" + (f", {one.name}" if one.name else "")


def _names(one: Channel) -> str:
    if one.group not in (None, one.channel):
        return f"with input {one.group}"
    names = [BY_ID[label].spoken for label in one.labels]
    return " and ".join(dict.fromkeys(names)) or "nothing"
