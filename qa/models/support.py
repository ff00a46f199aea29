"""What a language model wrote and used: verdicts on its sentences and what they rest on, translations, tokens."""

from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from typing import Self

from qa.dates.periods import DateMention
from qa.models.archive import Passage


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
    """The verdict on one sentence, and why, as messages of the catalogues; no reasons where it is supported."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    stopped_by: CheckStep | None = None  # the step that did not let it pass
    likelihood: float | None = None  # that the source bears it out, by the trained model, 0 to 1; None if not asked

    @property
    def full(self) -> bool:
        return self.verdict is Verdict.SUPPORTED


@dataclass(frozen=True, slots=True)
class Ground(Passage):
    """A stretch of an article that a written sentence may rest on, with the dates inside it."""

    dates: tuple[DateMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Stopped:
    """A written sentence that was not shown, kept for the staff: what it cited, by number, and what stopped it."""

    text: str
    cited: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Translation:
    """The words of the quote of this `number` as `model` wrote them in the language of this tag; never verbatim."""

    number: int
    text: str
    language: str
    model: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a language model read, of those `tokens_cached` out of its provider's cache, and wrote."""

    tokens_read: int = 0
    tokens_cached: int = 0
    tokens_written: int = 0
    calls: int = 0  # texts that it was asked for
    estimated: bool = False  # counted, in part at least, by the length of texts: the provider told nothing of them
    seconds: float = 0.0  # what each call took, added up: some are asked for at once

    @property
    def tokens(self) -> int:
        return self.tokens_read + self.tokens_written

    def __add__(self, other: Self) -> Self:
        sums = (first + second for first, second in zip(astuple(self), astuple(other), strict=True))
        return replace(type(self)(*sums), estimated=self.estimated or other.estimated)


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever currency; `cached` are those read out of the provider's cache."""

    read: float
    written: float
    cached: float | None = None

    def cost(self, usage: Usage) -> float:
        cached = self.read if self.cached is None else self.cached
        fresh = usage.tokens_read - usage.tokens_cached
        return (fresh * self.read + usage.tokens_cached * cached + usage.tokens_written * self.written) / 1_000_000
