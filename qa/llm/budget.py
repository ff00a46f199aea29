"""How many tokens a language model may read and write in a day: what bounds the bill."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

DAY = 24 * 60 * 60.0
CHARACTERS_PER_TOKEN = 3
"""An estimate on the safe side, for servers that don't say what was used; English has about four."""


def estimated_tokens(*texts: str) -> int:
    """Tokens of texts whose model doesn't count them for us."""
    return sum(len(text) for text in texts) // CHARACTERS_PER_TOKEN + 1


class DailyBudget:
    """Tokens used in the last 24 hours, against a limit. It may be asked from several threads."""

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._spent: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """Tokens that may still be used; negative where the last text ran over."""
        with self._lock:
            while self._spent and self._spent[0][0] <= self._clock() - DAY:
                self._spent.popleft()
            return self._limit - sum(tokens for _, tokens in self._spent)

    def spend(self, tokens: int) -> None:
        with self._lock:
            self._spent.append((self._clock(), tokens))
