"""What a search or a list is held to: dates of publication, an outlet, a language."""

from __future__ import annotations

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
