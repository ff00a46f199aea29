"""The limits of readers: rate limiting by client, and the queue before expensive requests."""

import asyncio
import ipaddress
import math
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from qa.errors import Busy
from qa.i18n.locale import N_

BUSY = N_("Very many people are asking just now. Your question is still in the box; try again in a minute.")
TOO_MUCH = N_("That is a lot in a short time. Wait a minute, then try again.")
TOO_MANY = N_("That is a lot of questions in a short time. Wait a minute, then ask again.")

CLIENTS_REMEMBERED = 10_000  # one takes about 300 bytes
LONGEST_HOST = 64  # characters by which what is no address is remembered
_ROUNDING = 1e-6  # of sums of fractions


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one reader, and all of them together, may ask.

    `concurrency` questions are answered at once and `queue_size` more may wait, `queue_share` of them from one network,
    for `wait_seconds`. A client may ask `requests_per_minute` times; a proxy has to pass the client's address on.
    """

    concurrency: int = 20
    queue_size: int = 200
    # A school class behind one address; three quarters are left to others.
    queue_share: int = 50
    # Who waits longer for a first word takes the page for broken.
    wait_seconds: float = 10
    requests_per_minute: int = 30
    history_turns: int = 6


class TooManyRequests(Busy):
    """A client asks more often than it may; `seconds` is when it is let in again."""

    def __str__(self) -> str:
        unit = "second" if self.seconds == 1 else "seconds"
        return f"That is a lot in a short time. Wait {self.seconds} {unit}, then ask again."


class RateLimiter:
    """Lets a client through `per_minute` times in a burst, then at that rate. Safe between threads."""

    def __init__(
        self, per_minute: int, *, clients: int = CLIENTS_REMEMBERED, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute, self._clients, self._clock = per_minute, clients, clock
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


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is, IPv4 within IPv6 as IPv4; None where it is none."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_of(host: str | None) -> str:
    """The host, or of IPv6 its /64, which is one subscriber's."""
    address = address_of(host or "")
    if address is None:
        return (host or "unknown")[:LONGEST_HOST]
    return str(address if address.version == 4 else ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))


class RequestQueue:
    """Slots for requests worked on at once, and a bounded queue before them, on one event loop.

    A free slot goes to the network that has the fewest, and among those to whoever waited longest: heavy users wait
    for themselves, not others for them.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits, self._free = limits, limits.concurrency
        self._served: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], str] = {}  # the client of each, in the order in which they came
        self.turned_away = 0

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def served(self) -> int:
        return self._limits.concurrency - self._free

    @asynccontextmanager
    async def slot(self, host: str | None) -> AsyncIterator[None]:
        """A slot for as long as the block lasts. Raises Busy where none is free in time."""
        client = client_of(host)
        if self._free:
            self._give(client)
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._leave(client)

    async def _wait(self, client: str) -> None:
        of_client = sum(waiting == client for waiting in self._waiting.values())
        if len(self._waiting) >= self._limits.queue_size or of_client >= self._limits.queue_share:
            raise self._busy()
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = client
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                await turn
        except TimeoutError:
            if self._waiting.pop(turn, None):  # else it was given a slot at the last moment
                raise self._busy() from None
        except asyncio.CancelledError:
            if not self._waiting.pop(turn, None):
                self._leave(client)
            raise

    def _give(self, client: str) -> None:
        self._free -= 1
        self._served[client] += 1

    def _leave(self, client: str) -> None:
        self._free += 1
        self._served -= Counter([client])
        if self._waiting:
            turn = min(self._waiting, key=lambda turn: self._served[self._waiting[turn]])
            self._give(self._waiting.pop(turn))
            if not turn.done():
                turn.set_result(None)

    def _busy(self) -> Busy:
        self.turned_away += 1
        return Busy(max(1, math.ceil(self._limits.wait_seconds)))
