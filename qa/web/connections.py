"""Limits of a connection: time for headers, body and reply, room for headers, and how many may be open.

uvicorn bounds the idle time between two requests alone. Its protocol by h11 is taken whichever parsers are installed:
it is there wherever uvicorn is, is the strictest of them, and counts what it holds of a head that isn't whole yet.
"""

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.web.limits import address_of, client_of

GRADIO = "/gradio_api/"  # what gradio's script asks for, below this
JOIN, DATA = f"{GRADIO}queue/join", f"{GRADIO}queue/data"  # to which an event is posted, and the stream of replies
HEARTBEAT = f"{GRADIO}heartbeat/"  # the stream that each open page holds, for as long as it is open

LARGEST_HEAD = 32_768  # as nginx; a question of 500 characters takes 6 kB of an address at most, cookies up to 8 kB
_STEP = 4_096  # a head is read in such steps, so that it is refused before much more of it was parsed
_LEAST_TAKEN = 4_096  # a reader who takes less between two looks at what waits for them isn't there
_LATE = 0.5  # seconds by which a timer that fires late says that the server was busy
_LAST_SECONDS = 10  # left to replies under way when the server is stopped


@dataclass(frozen=True, slots=True)
class ConnectionBounds:
    """Seconds that the parts of a request may take, and how many connections may be open."""

    # From the first byte, or the connection, to the end of the head. A phone with a bad line takes 2 or 3.
    headers: float = 15
    # For the whole body: the largest, half a megabyte, takes 17 kB a second.
    body: float = 30
    # Between two requests on one connection; as uvicorn and Apache have it.
    idle: float = 5
    # Without the reader taking anything of a reply that waits for them.
    taking: float = 30
    # From the end of the body to the end of the reply; the longest is an answer that a language model writes, with
    # its retries. The stream that brings a page its answers ends with the last one.
    reply: float = 600
    # The same for the stream that says that a page is still open: a working day.
    page: float = 12 * 3_600
    # At once. An open page holds one; many systems let a process have 1,024 files, the archive's among them.
    connections: int = 500
    # The same from one network; a browser opens 6, and several people may sit behind one address. Those of a trusted
    # proxy are not counted: it speaks for many.
    per_client: int = 60


class Proxies:
    """The networks whose word on where a request comes from is taken."""

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = [ipaddress.ip_network(network, strict=False) for network in networks]

    def __contains__(self, host: str) -> bool:
        address = address_of(host)
        return address is not None and any(address in network for network in self._networks)

    def listed(self) -> list[str]:
        """As uvicorn reads them. An IPv4 proxy reaches a server that is bound to `::` by its address within IPv6."""
        plain = (network for network in self._networks if network.version == 4)
        mapped = [f"::ffff:{network.network_address}/{96 + network.prefixlen}" for network in plain]
        return [*map(str, self._networks), *mapped]


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
        self._within("headers", bounds.headers)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in filter(None, (self._timer, self._draining)):
            timer.cancel()
        if key := self._client_key:
            self._client_key = None
            self.connected[key] -= 1
            if not self.connected[key]:
                del self.connected[key]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        while data and self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            super().data_received(data[:_STEP])
            data = data[_STEP:]
        if data and not self.transport.is_closing():
            super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        if self.transport.is_closing():
            return
        client_state = self.conn.their_state
        if client_state is h11.SEND_BODY:
            self._within("body", self.bounds.body)
        elif client_state is not h11.IDLE:
            lasting = self.scope["path"].startswith(HEARTBEAT)
            self._within("reply", self.bounds.page if lasting else self.bounds.reply)
        elif self.conn.trailing_data[0]:
            self._within("headers", self.bounds.headers)
        else:
            self._within("idle", self.bounds.idle)

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
        self._look_again(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._draining is not None:
            self._draining.cancel()

    def _within(self, part: str, seconds: float) -> None:
        """Bounds a part of a request, once: what comes in drop by drop doesn't begin its time anew."""
        if self._part != (self.cycle, part):
            self._part = (self.cycle, part)
            self._begin(seconds)

    def _begin(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._over, seconds, self.loop.time() + seconds)

    def _over(self, seconds: float, due: float) -> None:
        """Ends a part whose time is over, unless the server itself was too busy to read what came."""
        part = self._part[1]
        if self.loop.time() - due > _LATE:
            self._begin(seconds)
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

    def _look_again(self, before: int) -> None:
        self._draining = self.loop.call_later(self.bounds.taking, self._drained, before)

    def _drained(self, before: int) -> None:
        waiting = self.transport.get_write_buffer_size()
        if before - waiting < _LEAST_TAKEN:
            self.transport.abort()
        else:
            self._look_again(waiting)


def connection_options(*, bounds: ConnectionBounds, proxies: Sequence[str]) -> dict[str, Any]:
    """What `uvicorn.Config` is told of connections; `proxies` are the networks of trusted ones."""
    trusted = Proxies(proxies)
    of_server = {"bounds": bounds, "connected": Counter[str](), "proxies": trusted}
    return {
        "http": type("ServersProtocol", (BoundedProtocol,), of_server),
        "ws": "none",
        "h11_max_incomplete_event_size": LARGEST_HEAD,
        "timeout_keep_alive": bounds.reply,  # never reached: the protocol's own time between two requests is over first
        "timeout_graceful_shutdown": _LAST_SECONDS,
        "proxy_headers": True,
        "forwarded_allow_ips": trusted.listed(),
    }
