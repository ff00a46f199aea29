"""What language models use while a reply is made: each text has a meter, and a reply adds up those of its texts."""

import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TypeVar

from langchain_core.messages.ai import UsageMetadata, add_usage

from qa.models.support import Usage

T = TypeVar("T")

CHARACTERS_PER_TOKEN = 3
"""An estimate on the safe side, for servers that don't say what was used; English has about four."""


class TextMeter:
    """What one text uses, as far as it has come: estimated by its length until its provider tells."""

    def __init__(self, prompt_length: int) -> None:
        self._read, self._written = prompt_length, 0
        self._told: UsageMetadata | None = None
        self._begun = time.perf_counter()
        self._ended: float | None = None
        self._untouched = False

    def note(self, piece: str, told: UsageMetadata | None) -> None:
        """Counts a piece of the text, and what the provider says with it of the tokens.

        Most say it once. Some go on from what they said before; others count anew each time, what was read, too.
        """
        self._written += len(piece)
        if told is not None:
            anew = self._told is None or told["input_tokens"] >= self._told["input_tokens"] > 0
            self._told = told if anew else add_usage(self._told, told)

    def end(self, *, untouched: bool = False) -> None:
        """Stops the time; of an `untouched` text nothing was read or written."""
        self._ended, self._untouched = time.perf_counter(), untouched

    @property
    def usage(self) -> Usage:
        seconds, told = (self._ended or time.perf_counter()) - self._begun, self._told
        if self._untouched:
            return Usage(calls=1, seconds=seconds)
        if told is None or not told["total_tokens"]:
            read, written = (length // CHARACTERS_PER_TOKEN + 1 for length in (self._read, self._written))
            return Usage(read, 0, written, calls=1, estimated=True, seconds=seconds)
        cached = told.get("input_token_details", {}).get("cache_read", 0)
        return Usage(told["input_tokens"], cached, told["output_tokens"], calls=1, seconds=seconds)


class Meter:
    """Adds up what the texts of one reply use. It may be used from several threads."""

    def __init__(self) -> None:
        self._texts: list[TextMeter] = []

    def text(self, prompt_length: int) -> TextMeter:
        """A meter for a text that is asked for now, with a prompt of so many characters."""
        self._texts.append(text := TextMeter(prompt_length))
        return text

    @property
    def usage(self) -> Usage | None:
        """The sum so far, those texts that are still being written included; None where none was asked for."""
        return sum((text.usage for text in self._texts), Usage()) if self._texts else None


_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


def current_meter() -> Meter:
    """The meter of the reply that is being made; one that nobody reads where none is."""
    return _meter.get() or Meter()


def with_meter(meter: Meter, steps: Iterator[T]) -> Iterator[T]:
    """The same steps, the texts of each of them counted by a meter."""
    while True:
        token = _meter.set(meter)
        try:
            step = next(steps)
        except StopIteration:
            return
        finally:
            _meter.reset(token)
        yield step
