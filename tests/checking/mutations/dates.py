"""Dates altered: day, month, year, day of the week, and words such as yesterday."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.dates.finding import find_dates
from tests.checking.mutations.said import Alterations, Said, one_of
from tests.checking.restating_tables import MONTHS

_WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
}
_SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_RELATIVE = {
    "en": [
        (r"\byesterday\b", "the day before yesterday"), (r"\blast night\b", "two nights ago"),
        (r"\btoday\b", "yesterday"),
        (r"\blast year\b", "this year"), (r"\blast week\b", "last month"), (r"\bthis year\b", "last year"),
        (r"\blast month\b", "last year"), (r"\bnext year\b", "this year"), (r"\bnext week\b", "next month"),
        (r"\bthis week\b", "last week"), (r"\btomorrow\b", "today"), (r"\bfirst half of\b", "second half of"),
        (r"\bsecond half of\b", "first half of"), (r"\bfirst quarter\b", "third quarter"),
        (r"\bearly (?=\d{4})", "late "),
    ],
    "es": [
        (r"\bayer\b", "anteayer"), (r"\bhoy\b", "ayer"), (r"\baño pasado\b", "año en curso"),
        (r"\bprimer trimestre\b", "tercer trimestre"), (r"\bprimer semestre\b", "segundo semestre"),
        (r"\ba comienzos de\b", "a finales de"), (r"\bmañana\b(?= (?:se|será|el))", "hoy"),
    ],
}  # fmt: skip


def altered_dates(said: Said) -> Alterations:
    """Only those whose date is none of the sources' own, and none of the sentence's."""
    known = said.source_dates.union(one.value for one in said.dates if one.value)
    for how, text in _altered(said):
        values = {one.value for one in find_dates(text, published=said.published, language=said.language)}
        if len(values - known) > 0:
            yield how, text


def _altered(said: Said) -> Alterations:
    yield from _days(said)
    for how, names in (("month", MONTHS[said.language]), ("month", _SHORT), ("weekday", _WEEKDAYS[said.language])):
        yield from _next_name(said, how, names)
    yield from _years(said)
    for pattern, other in _RELATIVE[said.language]:
        for match in re.finditer(pattern, said.text):
            if other.casefold().split()[0] not in said.known_words or " " in other:
                yield "relative", said.with_words(match.start(), match.end(), other)


def _days(said: Said) -> Alterations:
    months = one_of([*MONTHS[said.language], *(_SHORT if said.language == "en" else [])])
    forms = [rf"(?<![\w.,/])(\d{{1,2}})(?= (?:de )?(?:{months})\b)"]
    if said.language == "en":
        forms.append(rf"\b(?:{months}) (\d{{1,2}})(?![\d,.]\d|\w)")
    for match in (one for form in forms for one in re.finditer(form, said.text)):
        free = (day for day in _near(int(match[1]), 28) if not re.search(rf"\b{day}\b", said.known))
        if (day := next(free, None)) is not None:
            yield "day", said.with_words(match.start(1), match.end(1), str(day))


def _near(day: int, last: int) -> Iterator[int]:
    yield from (other for other in (day + 1, day - 1, day + 7, day - 7, day + 3) if 1 <= other <= last)


def _next_name(said: Said, how: str, names: list[str]) -> Alterations:
    """Each month or day of the week of the sentence by the next one that occurs nowhere."""
    for match in re.finditer(rf"\b(?:{one_of(names)})\b", said.text):
        if not said.in_date(match.start(), match.end()):
            continue
        at = names.index(match.group())
        free = [name for name in (*names[at + 1 :], *names[:at]) if name not in said.known]
        if free:
            yield how, said.with_words(match.start(), match.end(), free[0])


def _years(said: Said) -> Alterations:
    for match in re.finditer(r"(?<![\w.,/()-])(?:1[5-9]|20)\d\d(?![\w/()-]|[.,]\d)", said.text):
        if not said.in_date(match.start(), match.end()):
            continue
        for step in (1, -1, 10, -2, 2):
            year = str(int(match.group()) + step)
            if year not in said.known:
                yield "year", said.with_words(match.start(), match.end(), year)
                break
