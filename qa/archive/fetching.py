"""The bytes of a feed, from the address that the archive's own configuration names.

What answers there may be hostile: nothing inside the house is asked on its word, and time and room are bounded. What a
name leads to is looked up once and checked, and that very address is connected to: a name that leads elsewhere a moment
later leads nobody astray. No proxy of the environment is used, for it would connect to wherever it is sent.
"""

import ipaddress
import socket
import time
from collections.abc import Collection
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from qa.errors import ReadError
from qa.loaders.encoding import MAX_FILE_BYTES

SECONDS = 30  # for one step: to connect, or to wait for the next bytes
TOTAL_SECONDS = 120  # for a feed with its redirects: a byte now and then is no feed, and others wait for their turn
MOST_REDIRECTS = 5
_PACKINGS = ("", "identity", "gzip", "deflate")
"""Once, and of these: a packing in a packing, or a newer one, makes of a few bytes more than the memory holds."""
_EMBEDDING_IPV4 = ipaddress.IPv6Network("64:ff9b::/96")  # by which networks of IPv6 alone reach IPv4 (NAT64)


def fetched(address: str, *, intranet_hosts: Collection[str] = ()) -> bytes:
    """The body of the answer. Raises ReadError."""
    context = httpx.create_ssl_context()
    network = PublicNetwork(intranet_hosts, seconds=TOTAL_SECONDS)
    transport = httpx.HTTPTransport(verify=context)
    # httpx has no argument for the backend; tests/security/test_feeds.py says when this way is closed.
    transport._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=network)
    client = httpx.Client(
        transport=transport,
        trust_env=False,
        timeout=SECONDS,
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        headers={"User-Agent": "archive-qa (news archive)", "Accept-Encoding": "gzip, deflate"},
    )
    try:
        with client, client.stream("GET", address) as answer:
            answer.raise_for_status()
            packing = answer.headers.get("content-encoding", "").strip().lower()
            if packing not in _PACKINGS:
                raise ReadError(f"a feed packed by gzip or not at all was expected, found {packing[:60]!r}")
            data = bytearray()
            for piece in answer.iter_bytes():
                data += piece
                if len(data) > MAX_FILE_BYTES:
                    raise ReadError(f"a feed of at most {MAX_FILE_BYTES // 1_000_000} MB was expected, found more")
            return bytes(data)
    except httpx.HTTPStatusError as error:
        raise ReadError(f"the feed was expected, found the answer {error.response.status_code}") from None
    except httpx.TooManyRedirects:
        raise ReadError(f"at most {MOST_REDIRECTS} redirects were expected, found more") from None
    except httpx.UnsupportedProtocol:
        raise ReadError("an address that begins with http:// or https:// was expected, found another one") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ReadError(f"the feed was expected, found: {error or type(error).__name__}") from None


def is_public(address: str) -> bool:
    """Whether an address of IPv4 or IPv6 is one of the open network, and not of this machine or a network inside."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if parsed in _EMBEDDING_IPV4:
        parsed = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    elif isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed.sixtofour or parsed
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved)


class PublicNetwork(httpcore.SyncBackend):
    """Connects to public addresses, and to any of the hosts that are named, for `seconds` in all; raises ReadError."""

    def __init__(self, intranet_hosts: Collection[str], *, seconds: float) -> None:
        self._intranet_hosts = frozenset(map(_plain, intranet_hosts))
        self._seconds, self._until = seconds, time.monotonic() + seconds

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *args: Any, **options: Any
    ) -> httpcore.NetworkStream:
        try:
            resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        addresses = list(dict.fromkeys(str(place[0]) for *_, place in resolved))
        allowed = [name for name in addresses if _plain(host) in self._intranet_hosts or is_public(name)]
        if addresses and not allowed:
            raise ReadError(
                f"a public address was expected, found that {host} is at {addresses[0]}; if that is meant, name the "
                "host in the source's intranet_hosts in archive.toml"
            )
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in allowed:
            try:
                return _TimedStream(super().connect_tcp(address, port, self.left(timeout), *args, **options), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    def left(self, timeout: float | None) -> float:
        """Seconds that the next step may take. Raises ReadError where the time is over."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise ReadError(f"all of it was expected within {self._seconds:g} s, found that it takes longer")
        return left if timeout is None else min(left, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A connection of which every step ends when the network's time is over."""

    def __init__(self, stream: httpcore.NetworkStream, network: PublicNetwork) -> None:
        self._stream, self._network = stream, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._network.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._network.left(timeout))
        return _TimedStream(stream, self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
