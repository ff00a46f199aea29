"""The boxes of the search and timeline pages: what was typed, checked, and put into addresses again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

from qa.errors import QuestionError
from qa.i18n.forms import number
from qa.i18n.locale import _
from qa.models.dates import ALWAYS, Dates
from qa.text.terms import words
from qa.web.anchors import language_tag
from qa.web.asking import day, typed, wrong_way_round
from qa.web.guard import FORM_POLICY, KEYED_POLICY
from qa.web.printing import sheet

LONGEST_NAME = 100
"""Characters of an outlet's name that are looked for."""

LONGEST_DATE = 30
"""Characters of a date that are shown again; a date has ten."""


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the boxes. `page` counts from 1; it is no box, but part of the address."""

    q: str = ""
    first: str = ""
    last: str = ""
    outlet: str = ""
    language: str = ""
    sort: str = "relevance"
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Form:
        """From an address; of a word that is no box nothing is taken."""
        page, sort = query.get("page", ""), query.get("sort", "")
        return cls(
            typed(query.get("q", "")),
            typed(query.get("from", "")),
            typed(query.get("until", "")),
            typed(query.get("outlet", "")),
            typed(query.get("language", "")),
            "date" if sort == "date" else "relevance",
            int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    @property
    def narrowed(self) -> bool:
        """Whether more is asked than words."""
        return any((self.first, self.last, self.outlet, self.language)) or self.sort == "date"

    def address(self, path: str, *, page: int) -> str:
        """Where the same is shown, at another page."""
        boxes = {
            "q": self.q, "from": self.first, "until": self.last, "outlet": self.outlet, "language": self.language,
            "sort": "date" if self.sort == "date" else "", "page": str(page) if page > 1 else "",
        }  # fmt: skip
        filled = {name: text for name, text in boxes.items() if text}
        return f"{path}?{urlencode(filled)}" if filled else path


@dataclass(frozen=True, slots=True)
class InvalidForm:
    """What is wrong with a box, in words for the reader; `box` is its name in the address."""

    box: str
    text: str


@dataclass(frozen=True, slots=True)
class Pages:
    """A long list cut into pages: the items from number `start` to before `stop` stand on page `number` of `last`."""

    number: int
    last: int
    start: int
    stop: int

    @classmethod
    def of(cls, items: int, *, size: int, wanted: int) -> Pages:
        """The page that was wanted, or the nearest one that there is."""
        last = max(1, math.ceil(items / size))
        number = min(max(1, wanted), last)
        return cls(number, last, (number - 1) * size, min(items, number * size))


def checked(form: Form, *, longest: int) -> Dates | InvalidForm:
    """What the boxes hold a list to, or what is wrong with the first bad one. `longest` bounds the words."""
    if len(form.q) > longest:
        return InvalidForm("q", too_long(len(form.q), longest))
    if form.q and not any(ch.isalnum() for word in words(form.q) for ch in word):
        return InvalidForm("q", _("There is no word in that. Type a word or a number to look for."))
    if len(form.outlet) > LONGEST_NAME:
        named = _("No outlet has so long a name. Shorten it to {most} characters or fewer.", most=number(LONGEST_NAME))
        return InvalidForm("outlet", named)
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
        return InvalidForm("from", wrong_way_round(first, last))
    return Dates(first, last, form.outlet, form.language)


def too_long(characters: int, most: int) -> str:
    """What is said of a text that is longer than its box takes."""
    return _(
        "That is {number} characters long. Shorten it to {most} or fewer.",
        number=number(characters),
        most=number(most),
    )


def nothing_asked(form: Form, between: Dates) -> bool:
    """Whether every box was left empty."""
    return not form.q and between == ALWAYS


def form_page(template: str, *, status: int = 200, wait: int = 0, **values: object) -> HTMLResponse:
    """A page with a form that leads to this host, which the policy of the other quiet pages forbids.

    `wait` are the seconds after which it may be asked for again; 0 where it may at once.
    """
    return _page(template, status, FORM_POLICY, values, wait)


def keyed_page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A page with a form that may be filled in by single keys too, with a script of this host."""
    return _page(template, status, KEYED_POLICY, values)


def _page(template: str, status: int, policy: str, values: Mapping[str, object], wait: int = 0) -> HTMLResponse:
    headers = {"Content-Security-Policy": policy} | ({"Retry-After": str(wait)} if wait else {})
    return HTMLResponse(sheet(template, **values), status, headers=headers)


def bounded(form: Form, *, longest: int) -> Form:
    """The form as it is shown again: no box holds more than it takes."""
    return Form(
        form.q[:longest],
        form.first[:LONGEST_DATE],
        form.last[:LONGEST_DATE],
        form.outlet[:LONGEST_NAME],
        form.language if language_tag(form.language) else "",
        form.sort,
        form.page,
    )
