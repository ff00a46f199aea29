"""Filters of a search or a list by date of publication, outlet and language."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from qa.models.replies import Question


@dataclass(frozen=True, slots=True)
class Dates:
    """A range of publication dates, inclusive; None is open. Undated articles pass only an open one.

    It may be held to an outlet and a language too. `outlet` is a part of its name, or of the name of the publication
    that is summarised, in whatever case and accents; `language` is a tag, es holds es-MX too. Empty, any will do.
    """

    first: date | None = None
    last: date | None = None
    outlet: str = ""
    language: str = ""

    @classmethod
    def of(cls, question: Question) -> Dates:
        """What a question is held to."""
        return cls(question.published_from, question.published_until, question.outlet, question.language)

    @property
    def open(self) -> bool:
        return self == ALWAYS


ALWAYS = Dates()
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def day_of(text: str, *, end: bool = False) -> date:
    """The first day of a year, a month or a day as people write it (2005, 2005-03, 2005-03-17), or the last.

    Raises ValueError.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month = int(match[1]), int(match[2] or (12 if end else 1))
    last = calendar.monthrange(year, month)[1] if end else 1
    return date(year, month, int(match[3] or last))
