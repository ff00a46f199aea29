"""Verdicts on written sentences, and the sentences of the archive that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.dates.periods import DateMention
from qa.models.archive import Source, Span


class Verdict(StrEnum):
    """What the check found of one sentence."""

    SUPPORTED = "supported"
    PARTLY = "partly"  # nothing in it is contradicted, but no source says all of it
    UNSUPPORTED = "unsupported"  # no source says it
    CONTRADICTED = "contradicted"  # a source says otherwise


class CheckStep(StrEnum):
    """A step of the check, in the order in which they are taken."""

    FACTS = "facts"  # code: numbers, dates, names, quoted words, stages of a case
    SUPPORT = "support"  # the trained model: whether the source bears the sentence out
    JUDGE = "judge"  # the language model itself, asked blind


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on one sentence, and why, as messages of the catalogues; no reasons where it is supported.

    `stopped_by` is the step that did not let it pass, `likelihood` how likely the trained model takes it that the
    source bears the sentence out, 0 to 1; None where it was not asked.
    """

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    stopped_by: CheckStep | None = None
    likelihood: float | None = None

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


@dataclass(frozen=True, slots=True)
class Stopped:
    """A written sentence that was not shown, kept for the staff: what it cited, by number, and what stopped it."""

    text: str
    cited: tuple[int, ...]
    support: Support
