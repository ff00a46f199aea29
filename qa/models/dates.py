"""What a search or a list is held to: dates of publication, outlet and language, and words that an article has."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from qa.dates.periods import Precision, period_of
from qa.models.replies import Question

# A word of a search or a phrase in quotation marks, with the minus before it.
_PART = re.compile(r"(?P<minus>(?<!\S)[-−])?(?:[\"“”„«»](?P<phrase>[^\"“”„«»]*)[\"“”„«»]|(?P<word>[^\s\"“”„«»]+))")
MOST_PARTS = 20  # phrases of a search, and words that it leaves out; each is a look into the lexical index


@dataclass(frozen=True, slots=True)
class SearchQuery(Question):
    """A search, whose `text` holds all words that are looked for, in whatever case, accents and endings."""

    words: str = ""  # those that don't stand in quotation marks
    phrases: tuple[str, ...] = ()  # articles have all of them
    excluded: tuple[str, ...] = ()  # articles have none of these words and phrases

    @classmethod
    def of(cls, question: Question) -> Self:
        """Reads what somebody types into a search box: `court "Caldas de Reis" -appeal`."""
        wanted, words, phrases, excluded = list[str](), list[str](), list[str](), list[str]()
        for match in _PART.finditer(question.text):
            text = " ".join((match["phrase"] or match["word"] or "").split())
            if not any(map(str.isalnum, text)):
                continue
            if match["minus"]:
                excluded.append(text)
            else:
                wanted.append(text)
                (phrases if match["phrase"] else words).append(text)
        return cls(
            " ".join(wanted),
            *(question.published_from, question.published_until, question.outlet, question.language),
            locale=question.locale,
            words=" ".join(words),
            phrases=tuple(phrases[:MOST_PARTS]),
            excluded=tuple(excluded[:MOST_PARTS]),
        )


@dataclass(frozen=True, slots=True)
class Dates:
    """What articles are held to: publication dates, inclusive, None is open; undated ones pass only open ones."""

    first: date | None = None
    last: date | None = None
    outlet: str = ""  # a part of its name, or of that of the publication summarised, in whatever case and accents
    language: str = ""  # a tag, es holds es-MX too; empty, any will do
    phrases: tuple[str, ...] = ()  # those of a search, as `excluded`
    excluded: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: Question) -> Self:
        words = (question.phrases, question.excluded) if isinstance(question, SearchQuery) else ()
        return cls(question.published_from, question.published_until, question.outlet, question.language, *words)


ALWAYS = Dates()


def day_of(text: str, *, end: bool = False) -> date:
    """The first or last day of a year, a month or a day such as 2005, 2005-03 or 2005-03-17. Raises ValueError."""
    period = period_of("-".join(part.zfill(2) for part in text.strip().split("-")))
    if period is None or period.precision not in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        raise ValueError(text)
    return period.last if end else period.first
