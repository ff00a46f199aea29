"""A figure of the software's own words, such as "about 500", in the language that is spoken."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from qa.i18n.catalogues import ENGLISH
from qa.i18n.forms import long_date, month_of, number
from qa.i18n.speaking import noted, said, tongue

_BOUNDS = {
    "about": noted("about {number}"), "nearly": noted("nearly {number}"), "up to": noted("up to {number}"),
    "fewer than": noted("fewer than {number}"), "more than": noted("more than {number}"),
    "at least": noted("at least {number}"),
}  # fmt: skip
_NO_NUMBER = (noted("none"), noted("some"))

_BOUND = re.compile(rf"({'|'.join(_BOUNDS)}) (.+)")
_NUMBER = re.compile(r"([$£€]?)(\d[\d,]*(?:\.\d+)?)(%?)")
_DAYS: dict[str, Callable[[datetime], str]] = {"%d %B %Y": long_date, "%B %Y": month_of}


def figure_words(text: str) -> str:
    """The same in the language that is spoken; what is no figure and no day is a source's own, and stays."""
    if tongue() == ENGLISH:
        return text
    if text in _NO_NUMBER:
        return said(text)
    if bounded := _BOUND.fullmatch(text):
        value = _number(bounded[2])
        return said(_BOUNDS[bounded[1]], number=value) if value else text
    first, between, last = text.partition(" to ")
    begin, end = _value(first), _value(last)
    if between and begin and end:
        return said("{first} to {last}", first=begin, last=end)
    return begin if begin and not between else text


def _value(text: str) -> str | None:
    return _number(text) or _day(text)


def _number(text: str) -> str | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    value = float(found[2].replace(",", ""))
    shown = number(int(value) if value.is_integer() else value)
    if found[3]:
        return said("{number}%", number=shown)
    return said("{unit}{number}", unit=found[1], number=shown) if found[1] else shown


def _day(text: str) -> str | None:
    for form, words in _DAYS.items():
        try:
            return words(datetime.strptime(text, form))
        except ValueError:
            continue
    return None
