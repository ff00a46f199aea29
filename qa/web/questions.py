"""Parsing of what a reader typed: a question and its dates."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from qa.errors import QuestionError
from qa.i18n.forms import long_date, number
from qa.i18n.locale import N_, _, current_locale
from qa.loaders.cleaning import clean_line
from qa.models.dates import day_of
from qa.models.replies import Question

# Control characters and halves of surrogate pairs: no keyboard types them, and no encoder takes the latter.
_UNTYPED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def typed(text: str) -> str:
    """The text as a keyboard could have typed it, on one line."""
    return clean_line(_UNTYPED.sub(" ", text))


def question_from(text: str, first: str, last: str, *, longest: int) -> Question:
    """The question asked, with its dates. Raises QuestionError in words for the reader."""
    text = typed(text)
    if not text:
        raise QuestionError(_("Type a question first, then press Ask."))
    if len(text) > longest:
        longer = N_("The question is {number} characters long. Shorten it to {most} or fewer.")
        raise QuestionError(_(longer, number=number(len(text)), most=number(longest)))
    start, end = day(first, last=False), day(last, last=True)
    if start and end and start > end:
        raise QuestionError(swapped_dates(start, end))
    return Question(text, published_from=start, published_until=end, locale=current_locale())


def swapped_dates(first: date, last: date) -> str:
    """The message about two dates of which the first is after the last."""
    order = N_("The dates are the wrong way round: {first} is after {last}. Swap them.")
    return _(order, first=long_date(first), last=long_date(last))


def day(text: str, *, last: bool) -> date | None:
    """The first day of what was typed, or its `last`: a year, a month or a day; None where blank.

    Raises QuestionError.
    """
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
        raise QuestionError(_(unusable, text=excerpt)) from None


def question_id(question: Question) -> str:
    """16 hexadecimal digits, the same whenever the same is asked."""
    parts = (question.text, str(question.published_from), str(question.published_until))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def page_number(text: str) -> int:
    """The page of a list that an address names, from 1; 1 where it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
