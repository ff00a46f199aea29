"""Dates are those of the sources, resolved; only the day of a report may be named besides, as the day of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.domain.archive import Span
from qa.language.answer_spans import DURATION
from qa.language.dates.finding import find_dates

Days = tuple[date, date]
"""The first and the last day of a stretch of time."""

_REPORT = (
    r"reports?|article|story|dispatch|issue|edition|account|summary|newspaper|published|dated|bulletin"
    r"|informaci[oó]n|noticia|cr[oó]nica|publicad[oa]|edici[oó]n|n[uú]mero"
)
_REPORTED_ON = re.compile(
    rf"(?<!\w)(?:{markers.SAYING}|{_REPORT})(?:\s\w+)?,?\s(?:\(|(?:on|of|dated|from|in|el|del|de)\s)?$"
)
_REPORTING_BEHIND = re.compile(rf",?\s(?:the |el |la )?(?:[\w.’'-]+\s){{0,5}}?(?:{markers.SAYING}|{_REPORT})(?!\w)")
_CREDITED = re.compile(r"[,(]?\s?(?:\(|(?:on|of|dated|del?)\s)?$")


def calendar(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Dates that no source gives for what it tells."""
    for span in sentence.dates:
        words = sentence.text[span.start : span.end]
        if DURATION.fullmatch(sentence.lower, span.start, span.end):
            continue
        if _on_another_weekday(sentence, span):
            yield Finding(f"The date “{words}” falls on another day of the week.")
            continue
        if any(_told(sentence, span, one) or _seen_from(words, one) for one in witnesses) or _of_report(
            sentence, span, witnesses
        ):
            continue
        if any(_known(sentence, span, one) for one in witnesses):
            yield Finding(f"The date “{words}” is not in the sentences cited, only near them.", grave=False)
        else:
            yield Finding(f"The date “{words}” is in none of its sources.")


_SEEN: tuple[tuple[str, dict[str, str]], ...] = (
    (r"the (?:following|next) (?P<unit>day|week|month|year)|(?:el|la) (?P<es>día|semana|mes|año) siguiente",
     {"day": "tomorrow|mañana", "week": "next week|la próxima semana|la semana próxima|la semana que viene",
      "month": "next month|el próximo mes|el mes próximo", "year": "next year|el próximo año|el año próximo"}),
    (r"the (?:previous|preceding|prior) (?P<unit>day|week|month|year)|the (?P<before>day|week|month|year) before"
     r"|(?:el|la) (?P<es>día|semana|mes|año) anterior",
     {"day": "yesterday|ayer", "week": "last week|la semana pasada", "month": "last month|el mes pasado",
      "year": "last year|el año pasado"}),
    (r"(?:the )?end of the (?P<unit>year)|(?:el )?fin(?:al)? de (?P<es>año)", {"year": "(?:the )?year-end"}),
)  # fmt: skip
_UNITS = {"día": "day", "semana": "week", "mes": "month", "año": "year"}


def _seen_from(words: str, witness: Witness) -> bool:
    """Whether a date told as in reported speech is one that the source tells from its own day: "next week"."""
    for own, theirs in _SEEN:
        if match := re.fullmatch(own, words.lower()):
            unit = next(one for one in match.groupdict().values() if one)
            form = theirs.get(_UNITS.get(unit, unit))
            return bool(form and markers.any_of(form).search(witness.said.lower))
    return False


_WEEKDAYS = {
    word: at
    for at, words in enumerate(
        ("monday lunes", "tuesday martes", "wednesday miércoles", "thursday jueves", "friday viernes",
         "saturday sábado", "sunday domingo")
    )
    for word in words.split()
}  # fmt: skip
_WEEKDAY = re.compile(rf"(?<!\w)({'|'.join(_WEEKDAYS)}),?\s(?:the |el )?(?=\d)")


def _on_another_weekday(sentence: Wording, span: Span) -> bool:
    """Whether a whole date stands with a day of the week that it isn't."""
    own = days_of(meaning(sentence, span, None))
    if own is None or own[0] != own[1]:
        return False
    named = _WEEKDAY.search(sentence.lower, max(0, span.start - 16), span.end)
    return named is not None and _WEEKDAYS[named[1]] != own[0].weekday()


def _told(sentence: Wording, span: Span, witness: Witness) -> bool:
    """Whether a source's sentence gives the date, or one inside it where a month or a year is named."""
    published = witness.ground.source.published
    own = days_of(meaning(sentence, span, published))
    if own is None:
        return _verbatim(sentence, span, witness.said)
    theirs = [days_of(value) for _, value in witness.dates]
    ends = (meaning(sentence, span, published) or "").split("/")
    if len(ends) == 2 and all(days_of(end) in theirs for end in ends):
        return True
    whole = "/" not in (meaning(sentence, span, published) or "/")
    if any(days and (_holds(own, days) if whole else own == days) for days in theirs):
        return True
    return _verbatim(sentence, span, witness.said) and not _is_relative(sentence, span)


def _verbatim(sentence: Wording, span: Span, source: Wording) -> bool:
    words = sentence.lower[span.start : span.end]
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", source.lower))


def _is_relative(sentence: Wording, span: Span) -> bool:
    return meaning(sentence, span, None) is None


def _holds(own: Days, theirs: Days) -> bool:
    """Whether a date says no more than another: it is the same, or a whole month, quarter or year around it."""
    if own == theirs:
        return True
    return own[0] <= theirs[0] and theirs[1] <= own[1] and (own[1] - own[0]).days > 26 and own[0].day == 1


def _known(sentence: Wording, span: Span, witness: Witness) -> bool:
    """Whether the words before a source's sentence, or its day of publication, give the date."""
    published = witness.ground.source.published
    own = days_of(meaning(sentence, span, published))
    if own is None:
        return False
    near = find_dates(witness.before.text, published=published, language=witness.before.language)
    days = [days_of(one.value) for one in near]
    if published and own != (published, published):
        days.append((published, published))
    return any(one and _holds(own, one) for one in days)


def _of_report(sentence: Wording, span: Span, witnesses: Sequence[Witness]) -> bool:
    """Whether it is the day of a source's publication, and said of the report."""
    own = days_of(meaning(sentence, span, None))
    before, behind = sentence.lower[max(0, span.start - 40) : span.start], sentence.lower[span.end : span.end + 60]
    for one in witnesses:
        days = [days_of(value) for value in _days_of_report(one)]
        if own is None or not any(day and _holds(own, day) for day in days):
            continue
        if _REPORTED_ON.search(before) or _REPORTING_BEHIND.match(behind) or _named_before(sentence, span, one):
            return True
    return False


def _days_of_report(witness: Witness) -> list[str]:
    source = witness.ground.source
    summed = find_dates(source.summarises or "", published=None)
    return [*(one.value for one in summed if one.value), *([source.published.isoformat()] if source.published else [])]


def _named_before(sentence: Wording, span: Span, witness: Witness) -> bool:
    """Whether the source's name stands right before: "Reuters, 16 March 2005"."""
    near = [word for word in sentence.words if span.start - 25 <= word.start and word.end <= span.start]
    capitals = [word for word in near if word.is_capital]
    if not capitals or not witness.credit.has(capitals[-1]):
        return False
    return bool(_CREDITED.fullmatch(sentence.lower[capitals[-1].end : span.start]))


@lru_cache(maxsize=2_000)
def _values(text: str, language: str, published: date | None) -> dict[Span, str | None]:
    found = [
        one
        for tag in dict.fromkeys((language, "en", "es"))
        for one in find_dates(text, published=published, language=tag)
    ]
    values: dict[Span, str | None] = {}
    for one in found:
        values.setdefault(Span(one.start, one.end), one.value)
    return values


def meaning(sentence: Wording, span: Span, published: date | None) -> str | None:
    """What a date of a sentence means to who reads it on a day, as in TIMEX3."""
    values = _values(sentence.text, sentence.language, published)
    if span in values:
        return values[span]
    return next((value for own, value in values.items() if own.start < span.end and span.start < own.end), None)


@lru_cache(maxsize=5_000)
def days_of(value: str | None) -> Days | None:
    """The first and last day of a value as in TIMEX3."""
    if value is None:
        return None
    try:
        if "/" in value:
            first, last = (days_of(end) for end in value.split("/", 1))
            return (first[0], last[1]) if first and last else None
        return _stretch(value)
    except ValueError:
        return None


def _stretch(value: str) -> Days:
    parts = value.split("-")
    year = int(parts[0])
    if len(parts) == 1:
        return date(year, 1, 1), date(year, 12, 31)
    if len(parts) == 3:
        day = date.fromisoformat(value)
        return day, day
    if parts[1].isdigit():
        return _months(year, int(parts[1]), 1)
    size = {"Q": 3, "H": 6}[parts[1][0]]
    return _months(year, (int(parts[1][1:]) - 1) * size + 1, size)


def _months(year: int, month: int, count: int) -> Days:
    after = date(year + (month + count - 1) // 12, (month + count - 1) % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)
