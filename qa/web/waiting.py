"""The waiting room in front of what takes work: bounded in number and time, and fair between networks."""

from __future__ import annotations

import asyncio
import math
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from qa.errors import Busy
from qa.web.room import Limits
from qa.web.throttle import client_of


@dataclass(eq=False, slots=True)
class Waiter:
    """Somebody who waits for a place, on the event loop of their request."""

    client: str
    loop: asyncio.AbstractEventLoop
    turn: asyncio.Future[None]


class WaitingRoom:
    """Places for what is worked on at once, and seats for those who wait. Safe between threads and event loops.

    A place that becomes free goes to the network that has the fewest, and among those to whoever waited longest: who
    asks much waits for themselves, not others for them.
    """

    def __init__(self, *, places: int, seats: int, each: int, patience: float) -> None:
        """`each` is how many of the seats one network may take, `patience` the seconds that anybody waits at most."""
        self._free = places
        self._seats = seats
        self._each = each
        self._patience = patience
        self._served: Counter[str] = Counter()
        self._waiting: list[Waiter] = []
        self._lock = threading.Lock()

    @classmethod
    def within(cls, limits: Limits) -> WaitingRoom:
        return cls(
            places=limits.concurrency,
            seats=limits.queue_size,
            each=limits.queue_share,
            patience=limits.wait_seconds,
        )

    @asynccontextmanager
    async def place(self, host: str | None) -> AsyncIterator[None]:
        """A place for as long as the block lasts. Raises Busy where there is none in time."""
        client = client_of(host)
        await self._enter(client)
        try:
            yield
        finally:
            self._leave(client)

    async def _enter(self, client: str) -> None:
        waiter = self._seated(client)
        if waiter is None:
            return
        try:
            async with asyncio.timeout(self._patience):
                await waiter.turn
        except TimeoutError:
            if self._gone(waiter):
                raise self._busy() from None
        except asyncio.CancelledError:
            if not self._gone(waiter):
                self._leave(client)
            raise

    def _seated(self, client: str) -> Waiter | None:
        """A seat; None where there is a place at once. Raises Busy where there is neither."""
        with self._lock:
            if self._free:
                self._give(client)
                return None
            of_client = sum(waiter.client == client for waiter in self._waiting)
            if len(self._waiting) >= self._seats or of_client >= self._each:
                raise self._busy()
            loop = asyncio.get_running_loop()
            waiter = Waiter(client, loop, loop.create_future())
            self._waiting.append(waiter)
            return waiter

    def _gone(self, waiter: Waiter) -> bool:
        """Takes somebody off their seat; False where they were given a place meanwhile."""
        with self._lock:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                return True
            return False

    def _give(self, client: str) -> None:
        self._free -= 1
        self._served[client] += 1

    def _leave(self, client: str) -> None:
        with self._lock:
            self._free += 1
            self._served[client] -= 1
            if not self._served[client]:
                del self._served[client]
            while self._waiting and self._free:
                waiter = min(self._waiting, key=lambda one: self._served[one.client])
                self._waiting.remove(waiter)
                try:
                    waiter.loop.call_soon_threadsafe(_call, waiter.turn)
                except RuntimeError:  # its event loop is closed, and nobody waits there any more
                    continue
                self._give(waiter.client)

    def _busy(self) -> Busy:
        return Busy(max(1, math.ceil(self._patience)))


def _call(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
