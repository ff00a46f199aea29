"""Figures and what became of the things counted, in the software's own words and in the current locale."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from qa.i18n.catalogues import ENGLISH
from qa.i18n.forms import long_date, month_of, number
from qa.i18n.locale import N_, _, current_locale, pgettext

_BOUNDS = {
    "about": N_("about {number}"), "nearly": N_("nearly {number}"), "up to": N_("up to {number}"),
    "fewer than": N_("fewer than {number}"), "more than": N_("more than {number}"),
    "at least": N_("at least {number}"),
}  # fmt: skip
_NO_NUMBER = (N_("none"), N_("some"))

_BOUND = re.compile(rf"({'|'.join(_BOUNDS)}) (.+)")
_NUMBER = re.compile(r"([$£€]?)(\d[\d,]*(?:\.\d+)?)(%?)")
_DAYS: dict[str, Callable[[datetime], str]] = {"%d %B %Y": long_date, "%B %Y": month_of}


def figure_words(text: str) -> str:
    """A figure or a day in the current locale; other text is a source's own, and stays."""
    if current_locale() == ENGLISH:
        return text
    if text in _NO_NUMBER:
        return _(text)
    if bounded := _BOUND.fullmatch(text):
        value = _number(bounded[2])
        return _(_BOUNDS[bounded[1]], number=value) if value else text
    first, between, last = text.partition(" to ")
    begin, end = _value(first), _value(last)
    if between and begin and end:
        return _("{first} to {last}", first=begin, last=end)
    return begin if begin and not between else text


def _value(text: str) -> str | None:
    return _number(text) or _day(text)


def _number(text: str) -> str | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    value = float(match[2].replace(",", ""))
    digits = number(int(value) if value.is_integer() else value)
    if match[3]:
        return _("{number}%", number=digits)
    return _("{unit}{number}", unit=match[1], number=digits) if match[1] else digits


def _day(text: str) -> str | None:
    for form, words in _DAYS.items():
        try:
            return words(datetime.strptime(text, form))
        except ValueError:
            continue
    return None


NUMERALS = (
    N_("none"), N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six"),
    N_("seven"), N_("eight"), N_("nine"), N_("ten"),
)  # fmt: skip


def numeral(count: int) -> str:
    """A small number as a word, a larger one in figures."""
    return _(NUMERALS[count]) if count < len(NUMERALS) else str(count)


def kind_words(kind: str, thing: str) -> str:
    """What became of things counted, in agreement with them: a catalogue gives their gender, f for feminine.

    Of things that it knows no gender of, words are said that need not agree with them.
    """
    if thing == "people":
        return pgettext("people", kind)
    gender = pgettext("gender", thing)
    return pgettext(gender if gender in ("f", "m") else "unknown", kind)
