"""The search and timeline forms: parsed from an address, checked, and put into addresses again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from qa.errors import QuestionError
from qa.i18n.forms import number
from qa.i18n.locale import N_, _
from qa.models.dates import ALWAYS, Dates
from qa.text.terms import words
from qa.web.links import language_tag
from qa.web.questions import day, page_number, swapped_dates, typed

LONGEST_NAME = 100
"""Characters of an outlet's name that are looked for."""

LONGEST_DATE = 30
"""Characters of a date that are shown again; a date has ten."""


@dataclass(frozen=True, slots=True)
class Form:
    """The boxes as filled in. `page` counts from 1; it is no box, but part of the address."""

    q: str = ""
    first: str = ""
    last: str = ""
    outlet: str = ""
    language: str = ""
    sort: str = "relevance"
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Form:
        """From the query of an address; other parameters are ignored."""
        q, first, last, outlet, language = (
            typed(query.get(name, "")) for name in ("q", "from", "until", "outlet", "language")
        )
        sort = "date" if query.get("sort") == "date" else "relevance"
        return cls(q, first, last, outlet, language, sort, page_number(query.get("page", "")))

    @property
    def narrowed(self) -> bool:
        """True where more than words is filled in."""
        return any((self.first, self.last, self.outlet, self.language)) or self.sort == "date"

    def address(self, path: str, *, page: int) -> str:
        """The address of another page of the same list."""
        boxes = {
            "q": self.q, "from": self.first, "until": self.last, "outlet": self.outlet, "language": self.language,
            "sort": "date" if self.sort == "date" else "", "page": str(page) if page > 1 else "",
        }  # fmt: skip
        filled = {name: text for name, text in boxes.items() if text}
        return f"{path}?{urlencode(filled)}" if filled else path

    def bounded(self, *, longest: int) -> Form:
        """The form as it is shown again: no box holds more than it takes."""
        return Form(
            self.q[:longest],
            self.first[:LONGEST_DATE],
            self.last[:LONGEST_DATE],
            self.outlet[:LONGEST_NAME],
            self.language if language_tag(self.language) else "",
            self.sort,
            self.page,
        )


@dataclass(frozen=True, slots=True)
class InvalidForm:
    """What is wrong with a box, in words for the reader; `box` is its name in the address."""

    box: str
    text: str


@dataclass(frozen=True, slots=True)
class Pagination:
    """A list cut into pages: the items from number `start` to before `stop` are on page `number` of `last`."""

    number: int
    last: int
    start: int
    stop: int

    @classmethod
    def of(cls, items: int, *, size: int, wanted: int) -> Pagination:
        """The page that was wanted, or the nearest one that there is."""
        last = max(1, math.ceil(items / size))
        number = min(max(1, wanted), last)
        return cls(number, last, (number - 1) * size, min(items, number * size))


def checked(form: Form, *, longest: int) -> Dates | InvalidForm:
    """The filter of a list, or what is wrong with the first bad box. `longest` bounds the words."""
    if len(form.q) > longest:
        return InvalidForm("q", too_long(len(form.q), longest))
    if form.q and not any(ch.isalnum() for word in words(form.q) for ch in word):
        return InvalidForm("q", _("There is no word in that. Type a word or a number to look for."))
    if len(form.outlet) > LONGEST_NAME:
        text = _("No outlet has so long a name. Shorten it to {most} characters or fewer.", most=number(LONGEST_NAME))
        return InvalidForm("outlet", text)
    if form.language and not language_tag(form.language):
        return InvalidForm("language", _("Choose a language from the list."))
    days = []
    for box, text in (("from", form.first), ("until", form.last)):
        try:
            days.append(day(text, last=box == "until"))
        except QuestionError as error:
            return InvalidForm(box, str(error))
    first, last = days
    if first and last and first > last:
        return InvalidForm("from", swapped_dates(first, last))
    return Dates(first, last, form.outlet, form.language)


def too_long(characters: int, most: int) -> str:
    """The message about a text that is longer than its box takes."""
    text = N_("That is {number} characters long. Shorten it to {most} or fewer.")
    return _(text, number=number(characters), most=number(most))


def is_empty(form: Form, between: Dates) -> bool:
    return not form.q and between == ALWAYS
