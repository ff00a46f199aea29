"""Verdicts on written sentences, and the sentences of the archive that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.models.annotations import DateMention
from qa.models.archive import Source, Span


class Verdict(StrEnum):
    """What the check found of one sentence."""

    SUPPORTED = "supported"
    PARTLY = "partly"  # nothing in it is contradicted, but no source says all of it
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on one sentence, and why, as messages of the catalogues; no reasons where it is supported."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()

    @property
    def full(self) -> bool:
        return self.verdict is Verdict.SUPPORTED


@dataclass(frozen=True, slots=True)
class Ground:
    """A sentence of an article that a written sentence may rest on: `article.body[start:end] == text`.

    `dates` are all the dates inside it, in offsets of the body.
    """

    source: Source
    start: int
    text: str
    dates: tuple[DateMention, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)
