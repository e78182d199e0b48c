"""Who may connect to the WebSocket: web pages of this machine, and from elsewhere those who know the token."""

import hmac
import re
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ..addresses import Address, is_loopback
from ..errors import UsageError

SUBPROTOCOL: Final = "earmark"
TOKEN_SUBPROTOCOL: Final = "earmark-token."
LOCAL_ORIGIN: Final = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")
"""What a browser sends for a page served by this machine. Native clients send no origin."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")


def token_for(address: Address, token_file: Path | None) -> str | None:
    """The token that clients must know; None where only this machine can connect and no file is named.

    Raises UsageError where other machines could connect without one, or where others of this machine could read it.
    """
    if token_file is not None:
        return _read_token(token_file)
    if not is_loopback(address.host):
        raise UsageError(f"{address} can be reached from other machines: set ws.token_file, or listen on 127.0.0.1")
    return None


def knows_token(token: str, authorization: Iterable[str], subprotocols: Iterable[str]) -> bool:
    """Whether `Authorization: Bearer TOKEN` or, as a web page can only do it, a subprotocol `earmark-token.TOKEN` is
    among a request's headers. A page asks for "earmark" beside it, which is the one that the server takes."""
    offered = [value[7:].strip() for value in authorization if value[:7].lower() == "bearer "]
    names = [name.strip() for value in subprotocols for name in value.split(",")]
    offered += [name.removeprefix(TOKEN_SUBPROTOCOL) for name in names if name.startswith(TOKEN_SUBPROTOCOL)]
    return any(hmac.compare_digest(one.encode("utf-8", "replace"), token.encode()) for one in offered)


def _read_token(path: Path) -> str:
    try:
        if sys.platform != "win32" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(f"others can read the token file {path}: chmod 600 {path}")
        token = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise UsageError(f"cannot read the token file {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        token = ""
    if not _TOKEN.fullmatch(token):
        raise UsageError(f"{path} must hold one token of 16 to 256 letters, digits, - or _")
    return token
