"""Numbers altered: one off, digits exchanged, too large or too small, and two numbers of a sentence exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from qa.text.numbers import NUMBER, number_value
from tests.checking.mutations.said import Alterations, Said
from tests.checking.number_words import grouped, spelled

_LOWER = re.compile(
    r"\b(?:more than|over|at least|(?:no|not) (?:less|fewer) than|a minimum of|exceed(?:ed|ing|s)?|above|beyond|"
    r"más de|al menos|por lo menos|(?:un )?mínimo de|superior(?:es)? a)\s+(?:a |los |las )?$",
    re.IGNORECASE,
)
_UPPER = re.compile(
    r"\b(?:up to|as many as|as much as|at most|(?:no|not) more than|less than|fewer than|under|below|a maximum of|"
    r"hasta|como máximo|menos de|(?:un )?máximo de|inferior(?:es)? a)\s+$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|around|some|roughly|nearly|almost|approximately|close to|an estimated|circa|unos|unas|cerca de|"
    r"alrededor de|aproximadamente|casi|en torno a)\s+(?:a |los |las )?$",
    re.IGNORECASE,
)
_NOT_COUNTED = frozenset(["one", "un", "una", "uno", "none", "zero", "cero", "once"])
"""Words that are seldom meant as numbers."""
_LISTED = re.compile(r"\s*(?:,|and|or|to|y|e|o|u|a|-|–|,\s*(?:and|y))\s*")
_RANGE = re.compile(r"\b(?:between|entre|from|de)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `start`; `lead` are its digits or its word, without a unit or a sign."""

    start: int
    lead: str
    value: int
    bound: str

    @property
    def end(self) -> int:
        return self.start + len(self.lead)


def numbers_in(said: Said) -> list[Number]:
    """Whole numbers outside dates, each with whether it is a lower or upper bound or an approximation."""
    found = []
    for match in NUMBER.finditer(said.text.lower()):
        lead = re.search(r"\d[\d.,]*(?<![.,])|[^\W\d_][\w -]*", match.group())
        if lead is None or lead.group() in _NOT_COUNTED or not _reads(lead.group(), said.language):
            continue
        start = match.start() + lead.start()
        value = number_value(lead.group())
        if value is None or value != int(value) or said.in_date(start, start + len(lead.group())):
            continue
        words = said.text[start : start + len(lead.group())]
        found.append(Number(start, words, int(value), _bound(said.text[: match.start()], said.text[match.end() :])))
    return found


def _reads(lead: str, language: str) -> bool:
    """Digits without a fraction, or words that can be written back."""
    if lead[0].isdigit():
        mark = "," if language == "en" else "."
        return re.fullmatch(rf"\d+|\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", lead) is not None
    value = number_value(lead)
    return value is not None and spelled(int(value), language) == lead


def _bound(before: str, after: str) -> str:
    if _UPPER.search(before):
        return "upper"
    if _LOWER.search(before) or re.match(r"\s(?:\w+ )?(?:or|o) (?:more|más)\b", after):
        return "lower"
    return "about" if _ABOUT.search(before) else ""


def values_in(text: str) -> set[float]:
    return {value for one in NUMBER.findall(text.lower()) if (value := number_value(one)) is not None}


def altered_numbers(said: Said) -> Alterations:
    known = values_in(said.known)
    for number in numbers_in(said):
        for how, value in _others(number):
            written = _written(value, number, said.language)
            if value not in known and written:
                yield how, said.with_words(number.start, number.end, written)


def _others(number: Number) -> Iterator[tuple[str, int]]:
    """Values that what was said of the number doesn't leave open."""
    value, bound = number.value, number.bound
    exchanged = int(str(value)[::-1]) if value < 100 else int(str(value)[1] + str(value)[0] + str(value)[2:])
    candidates = [
        ("one up", value + 1), ("one down", value - 1), ("digits exchanged", exchanged),
        ("ten times", value * 10), ("a tenth", value // 10), ("double", value * 2), ("half", value // 2),
    ]  # fmt: skip
    for how, other in candidates:
        if other < 2 or other == value or len(str(other)) < len(str(value)) - 1:
            continue
        small = abs(other - value) < value / 4
        if (bound and small) or (bound == "lower" and other < value) or (bound == "upper" and other > value):
            continue
        yield how, other


def _written(value: int, number: Number, language: str) -> str | None:
    """In the manner of the number it replaces: words, or digits with or without a separator."""
    if not number.lead[0].isdigit():
        return spelled(value, language) or grouped(value, language)
    plain = number.lead.isdigit() and number.value >= 1_000
    return str(value) if plain else grouped(value, language)


def exchanged_numbers(said: Said) -> Alterations:
    """Two numbers in each other's place, unless they stand in one list or range."""
    numbers = numbers_in(said)
    for first, second in pairwise(numbers):
        between = said.text[first.end : second.start]
        if first.value == second.value or _LISTED.fullmatch(between) or _RANGE.search(said.text[: first.start]):
            continue
        start, end = (second.lead, first.lead.lower())
        yield "two exchanged", said.with_words(first.start, second.end, f"{start}{between}{end}")


def altered_identifiers(said: Said) -> Alterations:
    """Law 25/2007 → Law 26/2007, C-293/12 → C-294/12, article 12 has a number of its own."""
    for match in re.finditer(r"(?<![\w/])(?:[A-Z]-?)?\d+/\d+(?:/[A-Z]+)?(?!\w)|(?<!\w)[A-Z]\d{4,}(?!\w)", said.text):
        digits = re.search(r"\d+", match.group())
        assert digits is not None
        new = str(int(digits.group()) + 1).zfill(len(digits.group()))
        words = match.group()[: digits.start()] + new + match.group()[digits.end() :]
        if words not in said.known:
            yield "identifier", said.with_words(match.start(), match.end(), words)


_UNITS = {
    "en": [
        (r"\bhours?\b", "days"), (r"\bdays\b", "weeks"), (r"\bweeks\b", "months"), (r"\bmonths\b", "years"),
        (r"\byears\b", "months"), (r"\bone year\b", "one month"), (r"\ba year\b(?= or|\.|,)", "a month"),
        (r"\b(?:mln|million)\b", "billion"), (r"\b(?:billion|bln)\b", "million"), (r"\bdlrs\b", "yen"),
        (r"\bmarks\b", "dlrs"), (r"\bstg\b", "dlrs"), (r"\btonnes\b", "kilos"), (r"\bcts\b", "dlrs"),
        (r"\bkm\b|\bkilometres?\b", "metres"), (r"\bmiles\b", "yards"), (r"\bhundreds of\b", "dozens of"),
        (r"\bdollars\b", "euros"), (r"\bbarrels\b", "tonnes"), (r"(?<=\d)%", " basis points"), (r"£", "$"),
        (r"\$", "€"),
        (r"\b(?:per cent|pct)\b", "basis points"), (r"\bthree fifths\b", "two fifths"),
    ],
    "es": [
        (r"\bhoras\b", "días"), (r"\bdías\b", "meses"), (r"\bsemanas\b", "meses"), (r"\bmeses\b", "años"),
        (r"\baños\b", "meses"), (r"\bmillones\b", "miles"),
        (r"\bdólares\b", "euros"), (r"\beuros\b", "dólares"), (r"\bkilómetros\b", "metros"), (r"\bkm\b", "metros"),
        (r"\bcentenares de\b", "decenas de"), (r"(?<=\d) ?%", " puntos básicos"), (r"\bpor ciento\b", "puntos básicos"),
        (r"\bmil\b", "millones"),
    ],
}  # fmt: skip


def altered_units(said: Said) -> Alterations:
    """days → weeks, million → billion, $ → €: behind or before a number."""
    for pattern, other in _UNITS[said.language]:
        for match in re.finditer(pattern, said.text):
            if not re.search(r"\d|hundreds|centenares|fifths|year", said.text) and not numbers_in(said):
                continue
            if other.strip() and other.strip().casefold() in said.known_words:
                continue
            if _is_unit(said.text, match.start(), match.end()):
                yield "unit", said.with_words(match.start(), match.end(), other)


def _is_unit(text: str, start: int, end: int) -> bool:
    """A number or a word for one is beside it."""
    if text[start:end].startswith(("hundreds", "centenares", "three", "one ", "a ")):
        return True
    number = rf"(?:\d|(?<!\w)(?:{NUMBER.pattern})|past|few|several|varios|pocos)"
    before, after = text[max(0, start - 16) : start].lower(), text[end : end + 2]
    return re.search(rf"{number}\S*\s?$", before) is not None or after[:1].isdigit()
