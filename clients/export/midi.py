"""A Standard MIDI File of markers: format 0, 480 ticks a beat, 120 beats a minute, so 960 ticks a second.

Such a marker has no end: a span is `piano` at its beginning and `piano end` at its end. Text is UTF-8.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

import mido

from ...realtime.errors import UsageError
from .marks import Mark, from_title
from .sheets import Sheet
from .text import shown, spanned

TICKS_PER_BEAT: Final = 480
TEMPO_US: Final = 500_000
TICKS_PER_S: Final = TICKS_PER_BEAT * 1_000_000 // TEMPO_US
END: Final = " end"
LONGEST_REST_TICKS: Final = 0x0FFFFFFF
"""What a MIDI file can say between two messages: some 77 hours."""


def encode(sheet: Sheet) -> bytes:
    """Raises UsageError where nothing happens for longer than a MIDI file can count."""
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=TEMPO_US)])
    now = 0
    for tick, _, text in sorted(_texts(sheet)):
        if tick - now > LONGEST_REST_TICKS:
            raise UsageError("a MIDI file cannot hold more than 77 hours without a mark: choose another format")
        track.append(mido.MetaMessage("marker", text=text, time=tick - now))
        now = tick
    out = io.BytesIO()
    mido.MidiFile(type=0, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8", tracks=[track]).save(file=out)
    return out.getvalue()


def decode(data: bytes, origin: str) -> list[Mark]:
    """Marks by their beginnings. A marker that none with ` end` follows is a point. Raises UsageError."""
    file = _parsed(data, origin)
    if file.ticks_per_beat <= 0:
        raise UsageError(f"{origin} counts time in frames: export it anew with ticks and beats")
    marks: list[tuple[float, float | None, str]] = []
    on: dict[str, list[int]] = {}
    for time_s, text in _markers(file):
        began = on.get(text.removesuffix(END)) if text.endswith(END) else None
        if began:
            start_s, _, title = marks[(index := began.pop())]
            marks[index] = (start_s, time_s, title)
        else:
            on.setdefault(text, []).append(len(marks))
            marks.append((time_s, None, text))
    return [
        from_title(*spanned(start_s, start_s if end_s is None else end_s, f"{origin}, {shown(title)}"), title)
        for start_s, end_s, title in marks
    ]


def _texts(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Tick, order within the tick (ends before beginnings) and text."""
    for mark in sheet.marks:
        title = sheet.text(mark)
        start, end = round(mark.start_s * TICKS_PER_S), round(mark.end_s * TICKS_PER_S)
        yield start, 1, title
        if end > start:
            yield end, 0, title + END


def _parsed(data: bytes, origin: str) -> Any:
    for charset in ("utf-8", "latin1"):
        try:
            return mido.MidiFile(file=io.BytesIO(data), charset=charset)
        except UnicodeDecodeError:
            continue
        except Exception as error:  # mido tells what is wrong with a file by whatever its parser stumbles on
            raise UsageError(f"{origin} is not a MIDI file: {shown(str(error)) if str(error) else 'cut off'}") from None
    raise UsageError(f"{origin} has markers in a writing that cannot be read")


def _markers(file: Any) -> Iterator[tuple[float, str]]:
    """Seconds and text of the markers of all tracks, by the file's own tempo."""
    time_s, tempo = 0.0, TEMPO_US
    for message in mido.merge_tracks(file.tracks):
        time_s += mido.tick2second(message.time, file.ticks_per_beat, tempo)
        if message.type == "set_tempo":
            tempo = message.tempo
        elif message.type == "marker":
            yield time_s, message.text.strip()
