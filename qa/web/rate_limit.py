"""Rate limiting: a token bucket for each client, in memory, the idle ones forgotten first."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import HTTPConnection

# One bucket is about 300 bytes: ten thousand clients cost 3 MB.
CLIENTS_REMEMBERED = 10_000

# A header that holds no address is remembered by so many characters.
LONGEST_HOST = 64

# Tolerance for sums of fractions.
_ROUNDING = 1e-6


class RateLimiter:
    """Lets a client through `per_minute` times in a burst, then at that rate. Safe between threads."""

    def __init__(
        self, per_minute: int, *, clients: int = CLIENTS_REMEMBERED, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._clients = clients
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, host: str | None) -> int:
        """0 where a client is let through now, which counts; else the whole seconds until it is, for Retry-After."""
        client, now = client_of(host), self._clock()
        with self._lock:
            tokens, since = self._buckets.pop(client, (float(self._per_minute), now))
            tokens = min(float(self._per_minute), tokens + (now - since) * self._per_minute / 60)
            admitted = tokens >= 1 - _ROUNDING
            self._buckets[client] = (tokens - 1 if admitted else tokens, now)
            while len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        return 0 if admitted else max(1, math.ceil((1 - tokens) * 60 / self._per_minute - _ROUNDING))

    def __len__(self) -> int:
        return len(self._buckets)


def host_of(request: HTTPConnection) -> str | None:
    """The address that a request comes from; a proxy before this host has to pass its visitor's on."""
    return request.client.host if request.client else None


def client_of(host: str | None) -> str:
    """The host, or for IPv6 its /64: one subscriber holds that many addresses.

    An address of IPv4 within IPv6, as a server that is bound to `::` sees it, is the one of IPv4.
    """
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return (host or "unknown")[:LONGEST_HOST]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
