"""How often one client may ask: a token bucket for each, in memory, the idle ones forgotten first."""

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

# What is no address, and stands in a header, is remembered by so many characters.
LONGEST_HOST = 64

# What sums of fractions may be off by.
_ROUNDING = 1e-6


class Throttle:
    """Lets a client through `per_minute` times in a burst, then at that rate. Safe between threads."""

    def __init__(
        self,
        per_minute: int,
        *,
        clients: int = CLIENTS_REMEMBERED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_minute = per_minute
        self._clients = clients
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def admits(self, host: str | None) -> bool:
        """Whether a client may ask now; asking counts only where the answer is yes."""
        client, now = client_of(host), self._clock()
        with self._lock:
            left = self._left(client, now)
            admitted = left >= 1 - _ROUNDING
            self._buckets.pop(client, None)
            self._buckets[client] = (left - 1 if admitted else left, now)
            while len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        return admitted

    def wait(self, host: str | None) -> int:
        """Whole seconds until a client is admitted again, at least 1; what Retry-After says after a no."""
        client, now = client_of(host), self._clock()
        with self._lock:
            missing = 1 - self._left(client, now)
        return max(1, math.ceil(missing * 60 / self._per_minute - _ROUNDING))

    def _left(self, client: str, now: float) -> float:
        """What is in a client's bucket now; a full one where nothing is known of it."""
        left, since = self._buckets.get(client, (float(self._per_minute), now))
        return min(float(self._per_minute), left + (now - since) * self._per_minute / 60)

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
