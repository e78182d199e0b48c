"""What the text formats share: bytes as text, clock times, and times that must make sense."""

from typing import Final

from ...realtime.errors import UsageError

LATEST_S: Final = 366 * 24 * 3600.0


def decoded(data: bytes, origin: str, what: str) -> str:
    """UTF-8, a byte order mark taken away. Raises UsageError: `origin` is not `what`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError(f"{origin} is not {what}")
    return text


def spanned(start_s: float, end_s: float, where: str) -> tuple[float, float]:
    """The two times. Raises UsageError where they are no span."""
    if not 0 <= start_s <= LATEST_S or not end_s <= LATEST_S:
        raise UsageError(f"{where}: a time is 0 to {LATEST_S:.0f} seconds")
    if end_s < start_s:
        raise UsageError(f"{where}: it ends before it begins")
    return start_s, end_s


def clock(time_ms: int) -> str:
    """`1:02:03.045`"""
    seconds, ms = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{ms:03}"


def shown(text: str) -> str:
    """`text` short enough for an error of one line."""
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= 40 else f"'{line[:40]}…'"
