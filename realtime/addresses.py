"""HOST:PORT as people write it, and what it resolves to."""

import ipaddress
import socket
from typing import NamedTuple

from .errors import EarmarkError, UsageError


class Address(NamedTuple):
    """`host` without brackets; an empty one is refused. `port` 0 lets the system choose, for listeners only."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Endpoint(NamedTuple):
    """A resolved address: what `socket.socket(family, ...)` and `connect` or `bind` take."""

    family: int
    sockaddr: tuple[str, int] | tuple[str, int, int, int]


def parse_address(text: str, *, listen: bool = False) -> Address:
    """`127.0.0.1:9000`, `studio.local:9000` or `[::1]:9000`. Raises UsageError saying what is wrong."""
    host, colon, port = text.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise UsageError(f"'{text}': write an IPv6 address in brackets, like [::1]:9000")
    if not colon or not host or any(c.isspace() for c in host):
        raise UsageError(f"'{text}' is not HOST:PORT; write for instance 127.0.0.1:9000")
    lowest = 0 if listen else 1
    if not (port.isascii() and port.isdigit() and len(port) <= 5) or not lowest <= int(port) <= 65535:
        raise UsageError(f"'{text}': the port is a number from {lowest} to 65535")
    return Address(host, int(port))


def resolve_udp(address: Address) -> Endpoint:
    """Asks the system's resolver, which may take seconds. Raises EarmarkError where the name is unknown."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        raise EarmarkError(f"{address.host} cannot be resolved ({error}); check the name or give its number") from error
    family, _, _, _, sockaddr = found[0]
    return Endpoint(family, sockaddr)  # pyright: ignore[reportArgumentType]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`: 127.0.0.0/8, ::1 or the name localhost."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
