"""The bounds of a language model's texts: seconds, tokens, tokens a day, and how many are written at once."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

DAY = 24 * 60 * 60.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one text: `seconds` in all, `tokens` written, `retries` before it begins; replies `at_once`."""

    seconds: float = 30.0
    tokens: int = 400
    retries: int = 2
    at_once: int = 4


BOUNDS = Bounds()


class DailyBudget:
    """Tokens used in the last 24 hours, against a limit. It may be asked from several threads."""

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._clock = limit, clock
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


def within(seconds: float, pieces: Iterator[T]) -> Iterator[T]:
    """The pieces as they come. Raises TimeoutError when the time is over, and whatever their source raises.

    A thread of their own reads them: a client's own time limit starts anew with every byte that a server sends.
    The thread ends with the next piece after it is no longer wanted, or with its client's limit.
    """
    read: queue.SimpleQueue[tuple[T] | BaseException] = queue.SimpleQueue()
    abandoned = threading.Event()

    def draw() -> None:
        try:
            for piece in pieces:
                read.put((piece,))
                if abandoned.is_set():
                    break
            read.put(StopIteration())
        except BaseException as error:  # it is raised where the pieces are taken
            read.put(error)

    threading.Thread(target=copy_context().run, args=(draw,), name="language-model", daemon=True).start()
    until = time.monotonic() + seconds
    try:
        while True:
            try:
                item = read.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"nothing more came within {seconds:g} seconds") from None
            if isinstance(item, StopIteration):
                return
            if isinstance(item, BaseException):
                raise item
            yield item[0]
    finally:
        abandoned.set()
