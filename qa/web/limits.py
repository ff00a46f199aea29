"""The limits of readers: rate limiting by client, the queue before expensive requests, the bounds of a connection.

uvicorn's protocol by h11 is taken whichever parsers are installed: it is the strictest, and bounds a head that grows.
"""

import asyncio
import ipaddress
import math
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import h11
from starlette.requests import HTTPConnection
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.errors import Busy
from qa.i18n.locale import N_

BUSY = N_("Very many people are asking just now. Your question is still in the box; try again in a minute.")
TOO_MUCH = N_("That is a lot in a short time. Wait a minute, then try again.")
TOO_MANY = N_("That is a lot of questions in a short time. Wait a minute, then ask again.")

# Pages that are only read, to each question a client may ask: 240 a minute, for a school class behind one address.
VIEWS_PER_REQUEST = 8
LONGEST_HOST = 64  # characters by which what is no address is remembered
_ROUNDING = 1e-6  # of sums of fractions

GRADIO = "/gradio_api/"  # what gradio's script asks for, below this
JOIN, DATA = f"{GRADIO}queue/join", f"{GRADIO}queue/data"  # to which an event is posted, and the stream of replies
HEARTBEAT = f"{GRADIO}heartbeat/"  # the stream that each open page holds, for as long as it is open

LARGEST_HEAD = 32_768  # as nginx; a question of 1,000 characters takes 12 kB of an address at most, cookies up to 8 kB
_STEP = 4_096  # what comes is read in such steps, so that a head is refused before much more of it was parsed
_LEAST_TAKEN = 4_096  # a reader who takes less between two looks at what waits for them isn't there
_LATE = 0.5  # seconds by which a timer that fires late says that the server was busy
_LAST_SECONDS = 10  # left to replies under way when the server is stopped


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one reader, and all of them together, may ask."""

    concurrency: int = 20  # questions answered at once
    queue_size: int = 200  # questions that may wait besides
    queue_share: int = 50  # of those from one network: a school class behind one address; three quarters are left
    wait_seconds: float = 10  # who waits longer for a first word takes the page for broken
    requests_per_minute: int = 30  # of a client, whose address a proxy has to pass on
    history_turns: int = 6


class TooManyRequests(Busy):
    """A client asks more often than it may; `seconds` is when it is let in again."""

    def __str__(self) -> str:
        unit = "second" if self.seconds == 1 else "seconds"
        return f"That is a lot in a short time. Wait {self.seconds} {unit}, then ask again."


class RateLimiter:
    """Lets a client through `per_minute` times in a burst, then at that rate. Safe between threads."""

    def __init__(self, per_minute: int, *, clients: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause, self._clock = 60 / per_minute, clock
        self._clients = clients  # that are remembered, in about 300 bytes each
        self._free: OrderedDict[str, float] = OrderedDict()  # when what each has asked so far is over, at that rate
        self._lock = threading.Lock()

    def take(self, host: str | None) -> int:
        """0 where a client is let through now, which counts; else the whole seconds until it is, for Retry-After."""
        client, now = client_of(host), self._clock()
        with self._lock:
            before = max(self._free.pop(client, now), now)
            seconds = before + self._pause - now - 60 - _ROUNDING
            self._free[client] = before if seconds > 0 else before + self._pause
            if len(self._free) > self._clients:
                self._free.popitem(last=False)
        return max(0, math.ceil(seconds))


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
    """Slots on one event loop; a free one goes to the network that has the fewest, there to whoever waited longest."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.served: Counter[str] = Counter()  # requests by client
        self.waiting: dict[asyncio.Future[None], str] = {}  # the client of each, in the order in which they came
        self.turned_away = 0

    @asynccontextmanager
    async def slot(self, host: str | None) -> AsyncIterator[None]:
        """A slot for as long as the block lasts. Raises Busy where none is free in time."""
        client = client_of(host)
        if self.served.total() < self._limits.concurrency:
            self.served[client] += 1
        elif not await self._given(client):
            self.turned_away += 1
            raise Busy(max(1, math.ceil(self._limits.wait_seconds)))
        try:
            yield
        finally:
            self._leave(client)

    async def _given(self, client: str) -> bool:
        """Whether a slot was given in time."""
        of_client = sum(waiting == client for waiting in self.waiting.values())
        if len(self.waiting) >= self._limits.queue_size or of_client >= self._limits.queue_share:
            return False
        turn = asyncio.get_running_loop().create_future()
        self.waiting[turn] = client
        try:
            await asyncio.wait([turn], timeout=self._limits.wait_seconds)
        except asyncio.CancelledError:
            if turn.done():
                self._leave(client)
            raise
        finally:
            self.waiting.pop(turn, None)
        return turn.done()

    def _leave(self, client: str) -> None:
        self.served -= Counter([client])
        if self.waiting:
            turn = min(self.waiting, key=lambda turn: self.served[self.waiting[turn]])
            self.served[self.waiting.pop(turn)] += 1
            turn.set_result(None)


@dataclass(frozen=True, slots=True)
class ConnectionBounds:
    """Seconds that the parts of a request may take, by name, and how many connections may be open."""

    headers: float = 15  # from the first byte, or the connection; a phone with a bad line takes 2 or 3
    body: float = 30  # all of it: the largest, half a megabyte, takes 17 kB a second
    idle: float = 5  # between two requests on one connection; as uvicorn and Apache have it
    taking: float = 30  # without the reader taking anything of a reply that waits for them
    # From the end of the body to that of the reply; the longest is an answer of a language model, with its retries.
    reply: float = 600
    page: float = 12 * 3_600  # the same for the stream that says that a page is still open: a working day
    # At once. An open page holds one; many systems let a process have 1,024 files, the archive's among them.
    connections: int = 500
    # From one network: a browser opens 6. Those of a trusted proxy are not counted, for it speaks for many.
    per_client: int = 60


class Proxies(set[ipaddress.IPv4Network | ipaddress.IPv6Network]):
    """The networks whose word on where a request comes from is taken; a host is in one of them or not."""

    def __contains__(self, host: object) -> bool:
        address = address_of(str(host))
        return address is not None and any(address in network for network in self)


class BoundedProtocol(H11Protocol):
    """One connection within bounds; `connected` counts those that are open on the server's loop, by client."""

    bounds: ClassVar[ConnectionBounds]
    connected: ClassVar[Counter[str]]
    proxies: ClassVar[Proxies]

    _client_key: str | None = None
    _part: tuple[object, str] = (None, "")
    _timer: asyncio.TimerHandle | None = None
    _draining: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        key, bounds = client_of(host), self.bounds
        one_too_many = self.connected[key] >= bounds.per_client and host not in self.proxies
        if one_too_many or self.connected.total() >= bounds.connections:
            self._end(503, "Service Unavailable", "Retry-After: 5\r\n")
            return
        self._client_key = key
        self.connected[key] += 1
        self._within("headers")

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in filter(None, (self._timer, self._draining)):
            timer.cancel()
        if key := self._client_key:
            self.connected[key] -= 1
            if not self.connected[key]:
                del self.connected[key]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), _STEP):
            if not self.transport.is_closing():
                super().data_received(data[start : start + _STEP])

    def handle_events(self) -> None:
        super().handle_events()
        if self.transport.is_closing():
            return
        client_state = self.conn.their_state
        if client_state is h11.SEND_BODY:
            self._within("body")
        elif client_state is not h11.IDLE:
            self._within("page" if self.scope["path"].startswith(HEARTBEAT) else "reply")
        else:
            self._within("headers" if self.conn.trailing_data[0] else "idle")

    def send_400_response(self, msg: str) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._disconnect()  # the application is at it, and would speak into what is said here
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:  # a reply to HEAD has no body, and uvicorn sends one
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look_at_waiting()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._draining is not None:
            self._draining.cancel()

    def _within(self, part: str) -> None:
        """Bounds a part of a request, once: what comes in drop by drop doesn't begin its time anew."""
        if self._part == (self.cycle, part):
            return
        self._part, seconds = (self.cycle, part), getattr(self.bounds, part)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._over, self.loop.time() + seconds)

    def _over(self, due: float) -> None:
        """Ends a part whose time is over, unless the server itself was too busy to read what came."""
        part = self._part[1]
        if self.loop.time() - due > _LATE:
            self._part = (None, "")
            self._within(part)
        elif part == "idle":
            self.transport.close()
        elif part == "headers":
            self._end(408, "Request Timeout")
        elif part == "body" and not self.cycle.response_started:
            self._disconnect()
            self._end(408, "Request Timeout")
        else:
            self.transport.abort()

    def _disconnect(self) -> None:
        self.cycle.disconnected = True
        self.cycle.message_event.set()

    def _end(self, status: int, phrase: str, headers: str = "") -> None:
        head = f"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n"
        self.transport.write(head.encode())
        self.transport.close()

    def _look_at_waiting(self, before: int | None = None) -> None:
        """Gives a reader up who took too little, since the last look, of what waits for them."""
        waiting = self.transport.get_write_buffer_size()
        if before is not None and before - waiting < _LEAST_TAKEN:
            self.transport.abort()
        else:
            self._draining = self.loop.call_later(self.bounds.taking, self._look_at_waiting, waiting)


def connection_options(*, bounds: ConnectionBounds, proxies: Sequence[str]) -> dict[str, Any]:
    """What `uvicorn.Config` is told of connections; `proxies` are the networks of trusted ones."""
    networks = [ipaddress.ip_network(network, strict=False) for network in proxies]
    # An IPv4 proxy reaches a server that is bound to `::` by its address within IPv6.
    mapped = [f"::ffff:{plain.network_address}/{96 + plain.prefixlen}" for plain in networks if plain.version == 4]
    trusted = [*map(str, networks), *mapped]
    of_server = {"bounds": bounds, "connected": Counter[str](), "proxies": Proxies(networks)}
    protocol = type("ServersProtocol", (BoundedProtocol,), of_server)
    # The time to keep alive is never reached: the protocol's own time between two requests is over first.
    timeouts = {"timeout_keep_alive": bounds.reply, "timeout_graceful_shutdown": _LAST_SECONDS}
    trust = {"proxy_headers": True, "forwarded_allow_ips": trusted}
    return {"http": protocol, "ws": "none", "h11_max_incomplete_event_size": LARGEST_HEAD, **timeouts, **trust}
