"""What readers type and addresses name, parsed and checked; and the addresses of articles, answers and questions."""

import math
import re
from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import quote, urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic import ValidatorFunctionWrapHandler as Check

from qa.answering.analysis import LONGEST_QUESTION, in_order, usable
from qa.errors import QuestionError
from qa.i18n.forms import number
from qa.i18n.locale import N_, _, current_locale
from qa.models.archive import Span
from qa.models.dates import day_of
from qa.models.replies import Inference, Question
from qa.text.cleaning import clean_line
from qa.text.terms import words

E = TypeVar("E", bound=StrEnum)

LONGEST_NAME = 100  # characters of an outlet's name that are looked for
LONGEST_DATE = 30  # characters of a date that are shown again; a date has ten
MOST_QUOTED = 40  # more than an answer ever cites of one article; what a stranger adds to an address is cut off

# Control characters and halves of surrogate pairs: no keyboard types them, and no encoder takes the latter.
_UNTYPED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WEB_ADDRESS = re.compile(r"(?ai:https?)://[^\s\x00-\x1f]*")  # of ASCII alone: for IGNORECASE ſ is an s


def typed(text: str) -> str:
    """The text as a keyboard could have typed it, on one line."""
    return clean_line(_UNTYPED.sub(" ", text))


def whole_number(text: str, *, digits: int) -> int | None:
    """A number of up to so many ASCII digits; None where the text is anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def chosen(kind: type[E], text: str | None) -> E | None:
    """The value that a form or an address names; None where it names none of them."""
    return kind(text) if text in set(kind) else None


def question_from(text: str, first: str, last: str, *, without: Collection[str] = ()) -> Question:
    """The question asked, with its dates and what is left `without`. Raises QuestionError in words for the reader."""
    left_out = tuple(inference for inference in Inference if inference in without)
    return usable(Question(typed(text), *_days(first, last), locale=current_locale(), without=left_out))


def _days(first: str, last: str) -> tuple[date | None, date | None]:
    return day(first, last=False), day(last, last=True)


def day(text: str, *, last: bool) -> date | None:
    """The first day of a year, month or day as typed, or its `last`; None where blank. Raises QuestionError."""
    text = typed(text)
    if not text:
        return None
    try:
        return day_of(text, end=last)
    except ValueError:
        excerpt = text if len(text) <= 30 else f"{text[:30]}…"
        unusable = N_(
            "“{text}” isn’t a date the archive can use. Write a year, a month or a day: 2005, 2005-03 or 2005-03-17."
        )
        raise QuestionError(_(unusable, text=excerpt), box="until" if last else "from") from None


Typed = Annotated[str, BeforeValidator(typed)]


class ListQuery(BaseModel):
    """What the address of a page with a list says; a value that can't be used counts as left out."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)
    page: int = Field(1, ge=1, lt=1_000_000)

    @field_validator("*", mode="wrap")
    @classmethod
    def _usable(cls, value: Any, check: Check, info: ValidationInfo) -> Any:
        try:
            return check(value)
        except ValidationError:
            return cls.model_fields[info.field_name or ""].default

    def address(self, path: str, **changed: object) -> str:
        """The address of the list with some fields changed."""
        said = self.model_copy(update=changed).model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return f"{path}?{urlencode(said)}" if said else path


class SearchForm(ListQuery):
    """The boxes of the search and timeline pages as filled in; the page is no box."""

    q: Typed = ""
    first: Typed = Field("", alias="from")
    last: Typed = Field("", alias="until")
    outlet: Typed = ""
    event: Typed = ""
    language: Typed = ""
    sort: Literal["relevance", "date"] = "relevance"

    @property
    def narrowed(self) -> bool:
        """True where more than words is filled in."""
        return self != SearchForm(q=self.q, page=self.page)

    def bounded(self) -> Self:
        """The form as it is shown again: no box holds more than it takes."""
        bounds = {"q": LONGEST_QUESTION, "first": LONGEST_DATE, "last": LONGEST_DATE}
        bounds |= {"outlet": LONGEST_NAME, "event": LONGEST_NAME}
        return self.model_copy(update={box: getattr(self, box)[:most] for box, most in bounds.items()})


def checked(form: SearchForm) -> Question:
    """What a list is held to. Raises QuestionError for the first bad box."""
    if len(form.q) > LONGEST_QUESTION:
        raise QuestionError(too_long(len(form.q), LONGEST_QUESTION))
    if form.q and not any(ch.isalnum() for word in words(form.q) for ch in word):
        raise QuestionError(_("There is no word in that. Type a word or a number to look for."))
    if len(form.outlet) > LONGEST_NAME:
        text = _("No outlet has so long a name. Shorten it to {most} characters or fewer.", most=number(LONGEST_NAME))
        raise QuestionError(text, box="outlet")
    if len(form.event) > LONGEST_NAME:
        text = _("No event has so long a name. Shorten it to {most} characters or fewer.", most=number(LONGEST_NAME))
        raise QuestionError(text, box="event")
    if form.language and not language_tag(form.language):
        raise QuestionError(_("Choose a language from the list."), box="language")
    return in_order(Question(form.q, *_days(form.first, form.last), form.outlet, form.language))


def too_long(characters: int, most: int) -> str:
    """The message about a text that is longer than its box takes."""
    text = N_("That is {number} characters long. Shorten it to {most} or fewer.")
    return _(text, number=number(characters), most=number(most))


class Pagination:
    """So many items cut into pages: those from number `start` to before `stop` are on page `number` of `last`."""

    def __init__(self, items: int, *, size: int, wanted: int) -> None:
        """The page that was wanted, or the nearest one that there is."""
        self.last = max(1, math.ceil(items / size))
        self.number = min(max(1, wanted), self.last)
        self.start, self.stop = (self.number - 1) * size, min(items, self.number * size)


def sentence_number(spans: Sequence[Span], start: int) -> int | None:
    """The number, from 1, of the first sentence that isn't over before `start`; None if all are."""
    return next((number for number, span in enumerate(spans, 1) if span.end > start), None)


def quoted_numbers(text: str, *, sentences: int) -> tuple[int, ...]:
    """The sentence numbers named in an address, in order; anything that is no sentence is ignored."""
    named = {whole_number(part, digits=6) for part in text.split(",")[:MOST_QUOTED]}
    return tuple(number for number in range(1, sentences + 1) if number in named)


def article_link(article_id: str, *, quoted: Sequence[int] = (), at: int | None = None) -> str:
    """The address of an article, its quoted sentences named, open at sentence `at`."""
    named = f"?quoted={','.join(map(str, sorted(set(quoted))))}" if quoted else ""
    return f"/article/{quote(article_id, safe='')}{named}{'' if at is None else f'#s{at}'}"


def ask_link(question: Question) -> str:
    """The address that asks a question, within its dates and with the same left out of how it is read."""
    dates = {"from": question.published_from, "until": question.published_until}
    named = [("question", question.text), *((name, str(day)) for name, day in dates.items() if day)]
    return f"/ask?{urlencode([*named, *(('without', inference) for inference in question.without)], quote_via=quote)}"


def safe_link(url: str | None) -> str | None:
    """An outside address if it is a web address, else None: no script, file or data address is linked."""
    return url if url and _WEB_ADDRESS.fullmatch(url) else None


def language_tag(language: str) -> str | None:
    """A language as the `lang` attribute takes it, None where it isn't one."""
    return language if _LANGUAGE.fullmatch(language) else None
