"""What language models use while a reply is made: each text has a meter, and a reply adds up those of its texts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TypeVar

from langchain_core.messages.ai import UsageMetadata, add_usage

from qa.models.support import Usage

T = TypeVar("T")

CHARACTERS_PER_TOKEN = 3
"""An estimate on the safe side, for servers that don't say what was used; English has about four."""


def estimated_tokens(*texts: str) -> int:
    """Tokens of texts whose model doesn't count them for us."""
    return sum(map(len, texts)) // CHARACTERS_PER_TOKEN + 1


class TextMeter:
    """What one text uses, as far as it has come: estimated by its length until its provider tells."""

    def __init__(self, *prompt: str) -> None:
        self._prompt = prompt
        self._pieces: list[str] = []
        self._told: UsageMetadata | None = None
        self._untouched = False
        self._begun = time.perf_counter()
        self._ended: float | None = None

    def note(self, piece: str, told: UsageMetadata | None) -> None:
        """Counts a piece of the text, and what the provider says with it of the tokens.

        Most say it once. Some go on from what they said before; others begin anew each time, which shows in that they
        count again what was read.
        """
        self._pieces.append(piece)
        if told is None:
            return
        anew = self._told is None or told["input_tokens"] >= self._told["input_tokens"] > 0
        self._told = told if anew else add_usage(self._told, told)

    def end(self, *, untouched: bool = False) -> None:
        """Stops the time; an `untouched` text was never begun, nor was anything read for it."""
        self._ended = time.perf_counter()
        self._untouched = untouched

    @property
    def usage(self) -> Usage:
        seconds = (self._ended or time.perf_counter()) - self._begun
        if self._untouched:
            return Usage(calls=1, seconds=seconds)
        told = self._told
        if told is None or not told["total_tokens"]:
            read, written = estimated_tokens(*self._prompt), estimated_tokens(*self._pieces)
            return Usage(read, 0, written, calls=1, estimated=True, seconds=seconds)
        cached = told.get("input_token_details", {}).get("cache_read", 0)
        return Usage(told["input_tokens"], cached, told["output_tokens"], calls=1, seconds=seconds)


class Meter:
    """Adds up what the texts of one reply use. It may be used from several threads."""

    def __init__(self) -> None:
        self._texts: list[TextMeter] = []

    def text(self, *prompt: str) -> TextMeter:
        """The meter of a text that is asked for now."""
        text = TextMeter(*prompt)
        self._texts.append(text)
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
