"""Whether a written sentence says no more than the words it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.domain.archive import Source, Span
from qa.domain.mentions import DateMention


class Verdict(StrEnum):
    """What the check found of one sentence."""

    SUPPORTED = "supported"
    PARTLY = "partly"  # nothing in it is contradicted, but the sources don't say all of it
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on one sentence, and why, in words for readers and staff; no reasons where it is supported."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()

    @property
    def full(self) -> bool:
        return self.verdict is Verdict.SUPPORTED


@dataclass(frozen=True, slots=True)
class Ground:
    """A sentence of an article that a written sentence may rest on: `article.body[start:end] == text`.

    `dates` are all the dates inside it, in offsets of the body. `before` are the words of the article right before it,
    that say who "he" and where "there" is; empty at the beginning.
    """

    source: Source
    start: int
    text: str
    dates: tuple[DateMention, ...] = ()
    before: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)
