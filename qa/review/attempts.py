"""How often somebody may try to sign in: failures counted by name and client, by device and by client, in memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

# A password of 12 characters that is no word of any list has more than 2**40 values: 40 tries an hour are nothing, and
# neither are the ten a second that argon2 leaves to all addresses together.
TRIES_PER_NAME = 10
"""At one name from one client, or from one device that signed in by that name before."""
# Several people may sit behind one address of a newsroom, or behind a proxy that doesn't pass on theirs.
TRIES_PER_CLIENT = 100
WINDOW = 15 * 60.0
"""Seconds for which a try counts."""

REMEMBERED = 10_000
"""Names and clients that are counted; those longest without a try are forgotten first. Below 10 MB."""


class Attempts:
    """Counts tries in a sliding window. Safe between threads."""

    def __init__(self, most: int, *, window: float = WINDOW, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._window = window
        self._clock = clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str) -> bool:
        """Counts a try before it is made, so that many at once are no more; False where there were too many."""
        now = self._clock()
        with self._lock:
            tries = self._tries.pop(who, deque())
            while tries and tries[0] <= now - self._window:
                tries.popleft()
            allowed = len(tries) < self._most
            if allowed:
                tries.append(now)
            self._tries[who] = tries
            while len(self._tries) > REMEMBERED:
                self._tries.popitem(last=False)
        return allowed

    def give_back(self, who: str) -> None:
        """Takes the last try off again: it was none, or it was right."""
        with self._lock:
            if tries := self._tries.get(who):
                tries.pop()

    def __len__(self) -> int:
        return len(self._tries)
