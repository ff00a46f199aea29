"""Where a request comes from: what a trusted proxy added itself is believed, and networks are counted, not hosts."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from qa.errors import SettingsError
from qa.settings import read_settings
from qa.web.limits import LONGEST_HOST, ConnectionBounds, RateLimiter, client_of, connection_options

from .test_connections import ended, opened, serving

PROXIES = ("127.0.0.1", "10.0.0.0/24")


def seen(port: int, *headers: str) -> str:
    """The address that the application takes a request to come from."""
    with opened(port) as connection:
        lines = "".join(f"{header}\r\n" for header in headers)
        connection.sendall(f"GET /client HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n".encode())
        return ended(connection)[1].split(b"\r\n\r\n")[1].split(b"\r\n")[1].decode()


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        (["X-Forwarded-For: 203.0.113.7"], "203.0.113.7"),
        (["X-Forwarded-For: 6.6.6.6, 203.0.113.7"], "203.0.113.7"),
        (["X-Forwarded-For: 6.6.6.6, 7.7.7.7, 203.0.113.7, 10.0.0.3"], "203.0.113.7"),
        (["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 203.0.113.7"], "203.0.113.7"),
        (["X-Forwarded-For: 6.6.6.6, 203.0.113.7:51234"], "203.0.113.7"),
        (["X-Forwarded-For: 6.6.6.6, 2001:db8::7"], "2001:db8::7"),
        (["X-Forwarded-For: 6.6.6.6, [2001:db8::7]:51234"], "2001:db8::7"),
        (["X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6"], "127.0.0.1"),
        ([], "127.0.0.1"),
    ],
)
def test_the_last_hop_that_a_trusted_proxy_added_counts(headers: list[str], client: str) -> None:
    with serving(ConnectionBounds(), PROXIES) as port:
        assert seen(port, *headers) == client


def test_nobody_else_is_believed() -> None:
    with serving(ConnectionBounds(), ("192.0.2.1",)) as port:
        assert seen(port, "X-Forwarded-For: 203.0.113.7") == "127.0.0.1"


@pytest.mark.parametrize("networks", ["*", "0.0.0.0/0", "::/0", "10.0.0.5, *", "proxy.example", "10.0.0.0/33"])
def test_everybody_is_no_proxy(networks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PROXIES", networks)
    with pytest.raises(SettingsError, match="QA_PROXIES"):
        read_settings()


def test_proxies_are_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().proxies == ("127.0.0.1", "::1")
    monkeypatch.setenv("QA_PROXIES", "10.0.0.5, 10.1.0.0/16")
    assert read_settings().proxies == ("10.0.0.5", "10.1.0.0/16")
    monkeypatch.setenv("QA_PROXIES", "")
    assert read_settings().proxies == ()


def test_a_proxy_is_known_by_its_address_within_ipv6() -> None:
    options = connection_options(bounds=ConnectionBounds(), proxies=PROXIES)
    proxies = options["http"].proxies
    assert "10.0.0.9" in proxies
    assert "::ffff:10.0.0.9" in proxies
    assert "::ffff:10.0.1.9" not in proxies
    assert "nonsense" not in proxies
    assert "::ffff:10.0.0.0/120" in options["forwarded_allow_ips"]


def test_it_begins_with_an_uvicorn_that_keeps_proxies_otherwise() -> None:
    without = "import uvicorn.middleware.proxy_headers as names; del names._TrustedHosts; import qa.web.limits"
    subprocess.run([sys.executable, "-c", without], check=True)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_uvicorn_takes_the_word_of_a_proxy_within_ipv6() -> None:
    from uvicorn.middleware.proxy_headers import _TrustedHosts

    trusted = _TrustedHosts(connection_options(bounds=ConnectionBounds(), proxies=PROXIES)["forwarded_allow_ips"])
    assert "::ffff:10.0.0.9" in trusted
    assert "::ffff:203.0.113.7" not in trusted


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:198.51.100.1", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
def test_limits_are_kept_by_network(one: str, other: str, same: bool) -> None:
    limiter = RateLimiter(1)
    assert limiter.take(one) == 0
    assert (limiter.take(other) == 0) is not same


def test_what_is_no_address_is_remembered_in_short() -> None:
    assert len(client_of("x" * 30_000)) == LONGEST_HOST
