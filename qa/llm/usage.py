"""What language models may use, in seconds and tokens, and what they use while a reply is made."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from qa.errors import ChatError
from qa.models.support import Usage

if TYPE_CHECKING:
    from langchain_core.messages.ai import UsageMetadata

T = TypeVar("T")
CHARACTERS_PER_TOKEN = 3  # on the safe side, for servers that don't say what was used; English has about four


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one text: `seconds` in all, `tokens` written, `retries` before it begins; replies `at_once`."""

    seconds: float = 30.0
    tokens: int = 400
    retries: int = 2
    at_once: int = 4


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
            while self._spent and self._spent[0][0] <= self._clock() - 24 * 60 * 60:
                self._spent.popleft()
            return self._limit - sum(tokens for _, tokens in self._spent)

    def spend(self, tokens: int) -> None:
        with self._lock:
            self._spent.append((self._clock(), tokens))


def within(seconds: float, pieces: Iterator[T]) -> Iterator[T]:
    """The pieces as they come. Raises ChatError when the time is over, and whatever their source raises.

    A thread of their own reads them: a client's own time limit starts anew with every byte that a server sends.
    The thread ends with the next piece after it is no longer wanted, or with its client's limit.
    """
    read: queue.SimpleQueue[tuple[T] | BaseException | None] = queue.SimpleQueue()
    abandoned = threading.Event()

    def draw() -> None:
        try:
            for piece in pieces:
                read.put((piece,))
                if abandoned.is_set():
                    break
            read.put(None)
        except BaseException as error:  # it is raised where the pieces are taken
            read.put(error)

    threading.Thread(target=copy_context().run, args=(draw,), name="language-model", daemon=True).start()
    until = time.monotonic() + seconds
    try:
        while (item := read.get(timeout=max(0.0, until - time.monotonic()))) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item[0]
    except queue.Empty:
        raise ChatError("the language model took too long") from None
    finally:
        abandoned.set()


class TextMeter:
    """What one text uses, as far as it has come: estimated by its length until its provider tells."""

    def __init__(self, prompt_length: int) -> None:
        self._read, self._written = prompt_length, 0
        self._metadata: UsageMetadata | None = None
        self._begun, self._ended = time.perf_counter(), 0.0
        self._untouched = False

    def note(self, piece: str, metadata: UsageMetadata | None) -> None:
        """Counts a piece of the text, and what the provider says with it of the tokens.

        Most say it once. Some go on from what they said before; others count anew each time, what was read, too.
        """
        self._written += len(piece)
        if metadata is not None:
            from langchain_core.messages.ai import add_usage  # langchain takes half a second

            anew = self._metadata is None or metadata["input_tokens"] >= self._metadata["input_tokens"] > 0
            self._metadata = metadata if anew else add_usage(self._metadata, metadata)

    def end(self, *, untouched: bool = False) -> None:
        """Stops the time; of an `untouched` text nothing was read or written."""
        self._ended, self._untouched = time.perf_counter(), untouched

    @property
    def usage(self) -> Usage:
        seconds, metadata = (self._ended or time.perf_counter()) - self._begun, self._metadata
        if self._untouched:
            return Usage(calls=1, seconds=seconds)
        if metadata is None or not metadata["total_tokens"]:
            read, written = (length // CHARACTERS_PER_TOKEN + 1 for length in (self._read, self._written))
            return Usage(read, 0, written, calls=1, estimated=True, seconds=seconds)
        cached = metadata.get("input_token_details", {}).get("cache_read", 0)
        return Usage(metadata["input_tokens"], cached, metadata["output_tokens"], calls=1, seconds=seconds)


@dataclass(eq=False)
class Meter:
    """Adds up what the texts of one reply use. It may be used from several threads."""

    texts: list[TextMeter] = field(default_factory=list)

    @property
    def usage(self) -> Usage | None:
        """The sum so far, those texts that are still being written included; None where none was asked for."""
        return sum((text.usage for text in self.texts), Usage()) if self.texts else None


current_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)  # of the reply that is being made


def with_meter(meter: Meter, steps: Iterator[T]) -> Iterator[T]:
    """The same steps, the texts of each of them counted by a meter."""
    context = copy_context()
    context.run(current_meter.set, meter)
    while (step := context.run(next, steps, None)) is not None:
        yield step
