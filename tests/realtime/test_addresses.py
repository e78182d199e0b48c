import pytest

from earmark.realtime.addresses import Address, is_loopback, parse_address, resolve_udp
from earmark.realtime.errors import EarmarkError, UsageError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9000", Address("127.0.0.1", 9000)),
        (" studio.local:65535 ", Address("studio.local", 65535)),
        ("[::1]:9000", Address("::1", 9000)),
        ("[fe80::1%eth0]:1", Address("fe80::1%eth0", 1)),
    ],
)
def test_addresses_are_read_and_written_back(text, address):
    assert parse_address(text) == address
    assert str(address) == text.strip()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not HOST:PORT"),
        ("9000", "is not HOST:PORT"),
        (":9000", "is not HOST:PORT"),
        ("my desk:9000", "is not HOST:PORT"),
        ("desk:", "the port is a number from 1 to 65535"),
        ("desk:0", "the port is a number from 1 to 65535"),
        ("desk:65536", "the port is a number"),
        ("desk:9x", "the port is a number"),
        ("desk:²", "the port is a number"),
        ("::1:9000", "in brackets"),
    ],
)
def test_what_is_no_address_is_refused(text, says):
    with pytest.raises(UsageError, match=says):
        parse_address(text)


def test_a_listener_may_let_the_system_choose_the_port():
    assert parse_address("127.0.0.1:0", listen=True) == Address("127.0.0.1", 0)


def test_names_and_numbers_resolve():
    assert resolve_udp(Address("127.0.0.1", 9000)).sockaddr == ("127.0.0.1", 9000)
    assert resolve_udp(Address("localhost", 9000)).sockaddr[0] in ("127.0.0.1", "::1")


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 300, "a..b"])
def test_an_unknown_name_is_an_error_that_names_it(host):
    with pytest.raises(EarmarkError, match="cannot be resolved"):
        resolve_udp(Address(host, 9000))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("fe80::1%eth0", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_only_this_machine_is_loopback(host, loopback):
    assert is_loopback(host) is loopback
