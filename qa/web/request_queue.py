"""The queue before expensive requests: bounded in number and time, and fair between networks."""

from __future__ import annotations

import asyncio
import math
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from qa.errors import Busy
from qa.web.rate_limit import client_of
from qa.web.service import Limits


@dataclass(eq=False, slots=True)
class Waiter:
    """A request that waits for a slot, on its own event loop."""

    client: str
    loop: asyncio.AbstractEventLoop
    turn: asyncio.Future[None]


class RequestQueue:
    """Slots for requests worked on at once, and a bounded queue before them. Safe between threads and event loops.

    A free slot goes to the network that has the fewest, and among those to whoever waited longest: heavy users wait
    for themselves, not others for them.
    """

    def __init__(self, *, slots: int, size: int, share: int, patience: float) -> None:
        """`share` is how much of the queue one network may take, `patience` the seconds that anybody waits at most."""
        self._free = slots
        self._size = size
        self._share = share
        self._patience = patience
        self._served: Counter[str] = Counter()
        self._waiting: list[Waiter] = []
        self._lock = threading.Lock()

    @classmethod
    def within(cls, limits: Limits) -> RequestQueue:
        return cls(
            slots=limits.concurrency, size=limits.queue_size, share=limits.queue_share, patience=limits.wait_seconds
        )

    @asynccontextmanager
    async def slot(self, host: str | None) -> AsyncIterator[None]:
        """A slot for as long as the block lasts. Raises Busy where none is free in time."""
        client = client_of(host)
        await self._enter(client)
        try:
            yield
        finally:
            self._leave(client)

    async def _enter(self, client: str) -> None:
        waiter = self._enqueue(client)
        if waiter is None:
            return
        try:
            async with asyncio.timeout(self._patience):
                await waiter.turn
        except TimeoutError:
            if self._dequeue(waiter):
                raise self._busy() from None
        except asyncio.CancelledError:
            if not self._dequeue(waiter):
                self._leave(client)
            raise

    def _enqueue(self, client: str) -> Waiter | None:
        """A place in the queue; None where a slot is free at once. Raises Busy where the queue is full."""
        with self._lock:
            if self._free:
                self._give(client)
                return None
            of_client = sum(waiter.client == client for waiter in self._waiting)
            if len(self._waiting) >= self._size or of_client >= self._share:
                raise self._busy()
            loop = asyncio.get_running_loop()
            waiter = Waiter(client, loop, loop.create_future())
            self._waiting.append(waiter)
            return waiter

    def _dequeue(self, waiter: Waiter) -> bool:
        """Takes a request out of the queue; False where it was given a slot meanwhile."""
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
                waiter = min(self._waiting, key=lambda waiter: self._served[waiter.client])
                self._waiting.remove(waiter)
                try:
                    waiter.loop.call_soon_threadsafe(_wake, waiter.turn)
                except RuntimeError:  # its event loop is closed, and nobody waits there any more
                    continue
                self._give(waiter.client)

    def _busy(self) -> Busy:
        return Busy(max(1, math.ceil(self._patience)))


def _wake(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
