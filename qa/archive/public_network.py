"""Connections to public addresses alone, within one span of time.

What a name leads to is looked up once and checked, and that very address is connected to: a name that leads elsewhere a
moment later leads nobody astray. The host that the request names, and the certificate is checked for, stays the name.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Collection, Iterable, Iterator
from ssl import SSLContext
from typing import Any, cast

import httpcore
import httpx

_EMBEDDING_IPV4 = ipaddress.IPv6Network("64:ff9b::/96")  # by which networks of IPv6 alone reach IPv4 (NAT64)


class ConnectionRefused(Exception):
    """A connection that is not to be made, or that takes too long; says why."""


def is_public(address: str) -> bool:
    """Whether an address of IPv4 or IPv6 is one of the open network, and not of this machine or a network inside."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and (inner := _embedded(parsed)):
        parsed = inner
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address of IPv4 that one of IPv6 stands for."""
    if address in _EMBEDDING_IPV4:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class PublicNetwork(httpcore.NetworkBackend):
    """Connects to public addresses, and to others of the hosts that are named; raises ConnectionRefused.

    All that it connects to has to be read within `seconds` from when it was made.
    """

    def __init__(self, *, intranet_hosts: Collection[str], seconds: float) -> None:
        self._intranet_hosts = frozenset(_plain(host) for host in intranet_hosts)
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._network.connect_tcp(
                    address, port, self.left(timeout), local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
                continue
            return _TimedStream(stream, self)
        raise problem or httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        self._network.sleep(seconds)

    def left(self, timeout: float | None) -> float:
        """Seconds that the next step may take. Raises ConnectionRefused where the time is over."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise ConnectionRefused(f"all of it was expected within {self._seconds:g} s, found that it takes longer")
        return left if timeout is None else min(left, timeout)

    def _addresses(self, host: str, port: int) -> list[str]:
        """Where a host may be connected to. Raises ConnectionRefused."""
        try:
            resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        addresses = list(dict.fromkeys(str(place[0]) for *_, place in resolved))
        if _plain(host) in self._intranet_hosts:
            return addresses
        public = [address for address in addresses if is_public(address)]
        if addresses and not public:
            raise ConnectionRefused(
                f"a public address was expected, found that {host} is at {addresses[0]}; if that is meant, name the "
                "host in the source's intranet_hosts in archive.toml"
            )
        return public


class _TimedStream(httpcore.NetworkStream):
    """A connection of which every step ends when the network's time is over."""

    def __init__(self, stream: httpcore.NetworkStream, network: PublicNetwork) -> None:
        self._stream = stream
        self._network = network

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


def transport_of(*, intranet_hosts: Collection[str], seconds: float) -> httpx.BaseTransport:
    """What carries the requests of one client. Beside errors of httpcore it raises ConnectionRefused."""
    return _Transport(PublicNetwork(intranet_hosts=intranet_hosts, seconds=seconds))


class _Transport(httpx.BaseTransport):
    def __init__(self, network: PublicNetwork) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=httpx.create_ssl_context(), network_backend=network)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from cast(Iterable[bytes], self._answer.stream)

    def close(self) -> None:
        self._answer.close()
