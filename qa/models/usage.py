"""What a language model used to make a reply, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a language model read, of those `tokens_cached` out of its provider's cache, and wrote.

    `calls` counts the texts that it was asked for, `seconds` what each took, added up: some are asked for at once. What
    is `estimated` was counted, in part at least, by the length of texts, because the provider told nothing of them.
    """

    tokens_read: int = 0
    tokens_cached: int = 0
    tokens_written: int = 0
    calls: int = 0
    estimated: bool = False
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        return self.tokens_read + self.tokens_written

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.tokens_read + other.tokens_read,
            self.tokens_cached + other.tokens_cached,
            self.tokens_written + other.tokens_written,
            self.calls + other.calls,
            self.estimated or other.estimated,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost that are read and written, in whatever currency.

    `cached` is for those read out of the provider's cache; None, they cost as much as others.
    """

    read: float
    written: float
    cached: float | None = None

    def cost(self, usage: Usage) -> float:
        cached = self.read if self.cached is None else self.cached
        fresh = usage.tokens_read - usage.tokens_cached
        return (fresh * self.read + usage.tokens_cached * cached + usage.tokens_written * self.written) / MILLION
