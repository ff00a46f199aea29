"""What a question says about time, and what it asks apart from that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto
from functools import cache, partial

from qa.dates.finding import find_dates
from qa.dates.periods import DateKind, DateMention, Period, Precision, Unit, of_unit, period_of, span
from qa.models.annotations import About, Timeframe
from qa.models.archive import Span
from qa.text.figures import is_common, kin
from qa.text.patterns import pattern, word_file
from qa.text.terms import STOP_WORDS, fold, word_matches, words

words_of_time = partial(pattern, "times")


class Bound(Enum):
    """How a date bounds a period, from the words before it."""

    IN = auto()
    SINCE = auto()
    AFTER = auto()
    BEFORE = auto()
    UNTIL = auto()
    BY = auto()
    AS_OF = auto()


_DAY = timedelta(days=1)
_ANY_DAY = date(2000, 1, 1)
_TAKEN_IN = {Bound.AFTER: Bound.SINCE, Bound.BEFORE: Bound.UNTIL}
"""After the March 2005 raids: some of it may still be in March 2005."""


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date in a question: its words, with those that bind it to the rest, and how it bounds."""

    span: Span
    period: Period
    bound: Bound
    published: bool = False

    @property
    def first(self) -> date | None:
        if self.bound is Bound.AFTER:
            return min(self.period.last, date.max - _DAY) + _DAY
        if self.bound in (Bound.BEFORE, Bound.UNTIL, Bound.BY, Bound.AS_OF):
            return None
        return self.period.first

    @property
    def last(self) -> date | None:
        if self.bound is Bound.BEFORE:
            return max(self.period.first, date.min + _DAY) - _DAY
        return None if self.bound in (Bound.AFTER, Bound.SINCE) else self.period.last


def timeframe_of(question: str, *, today: date | None = None) -> Timeframe | None:
    """The time that a question asks about, if it says one. "This year" counts from `today`; without it, it is nothing.

    Several dates make one stretch that holds them all.
    """
    dated = _dated(question, today)
    present = _asks_for_now(question, dated=bool(dated))
    if not dated:
        return Timeframe(About.LATEST, present=True) if present else None
    firsts, lasts = [period.first for period in dated], [period.last for period in dated]
    first = None if None in firsts else min(day for day in firsts if day)
    last = None if None in lasts else max(day for day in lasts if day)
    about = About.PUBLISHED if any(period.published for period in dated) else About.EVENTS
    if first is None and last is None:
        return Timeframe(About.LATEST, present=True) if present else None
    return Timeframe(about, first, last, present)


def time_phrases(question: str) -> list[Span]:
    """Where a question names times, each with the words that bind it: "since March 2005"; in order.

    Those that count from the day of asking are among them, whatever day that is.
    """
    return [period.span for period in _dated(question, _ANY_DAY)]


def topic_of(question: str) -> str:
    """The question without its words of time; as it is where nothing is left that carries topic."""
    spans = [period.span for period in _dated(question, None)]
    spans += [Span(*match.span()) for match in words_of_time("now").finditer(question)] if not spans else []
    return without_phrases(question, spans)


def without_phrases(question: str, spans: Iterable[Span]) -> str:
    """The question without some of its phrases; as it is where nothing is left that carries topic."""
    text = question
    for cut in sorted(spans, reverse=True):
        text = f"{text[: cut.start].rstrip()} {text[cut.end :].lstrip()}"
    text = re.sub(r"\s+([,;:.?!])", r"\1", " ".join(text.split())).lstrip(" ,;:")
    left = [fold(word) for word in words(text)]
    return text if any(word not in STOP_WORDS for word in left) else question


def names_a_subject(question: str) -> bool:
    """Whether anything but time is asked about: "what happened in May?" names none."""
    topic = [fold(word) for word in words(topic_of(question))]
    subjectless = word_file("times")["subjectless"].split()
    return any(word not in STOP_WORDS and word not in subjectless for word in topic)


def _dated(question: str, today: date | None) -> list[_Dated]:
    """The dates of a question, in order, those that bound one stretch made one."""
    merged: list[_Dated] = []
    known = bool(words_of_time("known").search(question))
    for start, end, period in _dates(question, today):
        before = question[:start]
        if (
            merged
            and merged[-1].bound in (Bound.IN, Bound.SINCE)
            and words_of_time("joined").fullmatch(question, merged[-1].span.end, start)
        ):
            merged[-1] = _joined(merged[-1], period, end)
            continue
        begin, bound = _bound(before)
        dated = _Dated(Span(begin, end), period, bound)
        merged.append(_as_knowledge(dated, question, known=known))
    return merged


def _joined(dated: _Dated, period: Period, end: int) -> _Dated:
    """A stretch from a date to another: it is bounded at both ends."""
    whole = span(min(dated.period.first, period.first), max(dated.period.last, period.last))
    return replace(dated, span=Span(dated.span.start, end), period=whole, bound=Bound.IN)


def _as_knowledge(dated: _Dated, question: str, *, known: bool) -> _Dated:
    """A date up to which it is asked what was known: what was published later can't tell."""
    to_the_day = dated.period.precision is Precision.DAY
    looks_back = bool(words_of_time("finished").search(question)) and not words_of_time("due").search(question)
    if dated.bound is Bound.BY and to_the_day and (known or looks_back):
        return replace(dated, published=True)
    if dated.bound is Bound.AS_OF:
        # "The population as of 2010" is that of 2010, whenever it was told.
        of_a_year = dated.period.precision is Precision.YEAR
        return replace(dated, bound=Bound.IN) if of_a_year and not known else replace(dated, published=True)
    if known and dated.bound in (Bound.IN, Bound.UNTIL, Bound.BY):
        return replace(dated, published=True, bound=Bound.UNTIL)
    return replace(dated, published=True) if known and dated.bound is Bound.BEFORE else dated


@cache
def _before(place: str) -> tuple[tuple[Bound, re.Pattern[str]], ...]:
    """What stands right before a date, or further before it in the same phrase, and how it bounds."""
    start, end = {
        "right_before": (r"\b", r"(?:\s+(?:the|el|la|los|las))?(?:\s+(?:year|año))?\s*$"),
        "further_before": (r"(?<!\w)", r"\s+(?:[\w'’-]+\s+){0,5}$"),
    }[place]
    forms = word_file("times")[place].items()
    return tuple((Bound[name.upper()], re.compile(f"{start}(?:{form}){end}", re.IGNORECASE)) for name, form in forms)


def _bound(before: str) -> tuple[int, Bound]:
    """Where the words begin that bind a date to what stands before it, and how they bound it."""
    begin, bound = len(before), Bound.IN
    for name, form in _before("right_before"):
        if match := form.search(before):
            begin, bound = match.start(), name
            break
    if words_of_time("names_a_thing").search(before):
        begin, bound = len(before), _TAKEN_IN.get(bound, bound)
    if bound is Bound.IN:
        further = (name for name, form in _before("further_before") if form.search(before))
        bound = next(further, bound)
    return begin, bound


def _dates(question: str, today: date | None) -> list[tuple[int, int, Period]]:
    """Start, end and value of each date that can be placed, in order."""
    both = [_placed(question, find_dates(question, published=today, language=tag), today) for tag in ("en", "es")]
    spans = max(both, key=lambda dates: sum(end - start for start, end, _ in dates))
    spans += [span for span in _years_of_things(question) if not any(a < span[1] and span[0] < b for a, b, _ in spans)]
    return sorted(spans, key=lambda span: span[0])


def _placed(question: str, mentions: Iterable[DateMention], today: date | None) -> list[tuple[int, int, Period]]:
    placed = []
    for mention in mentions:
        moving = mention.kind is DateKind.RELATIVE
        if moving and (today is None or not words_of_time("moving").search(question, mention.start, mention.end)):
            continue
        if period := period_of(mention.value or ""):
            placed.append((mention.start, mention.end, period))
    return placed


def _years_of_things(question: str) -> Iterator[tuple[int, int, Period]]:
    """ "The 2008 inquiry" names a year; "the 2000 people" counts."""
    for match in words_of_time("year_of_a_thing").finditer(question):
        following = next(word_matches(question[match.end() :]), None)
        year = int(match["year"])
        if following and (year % 100 or not is_common(following.group())) and kin(following.group()) != "people":
            yield *match.span("year"), of_unit(Unit.YEAR, year)


def _asks_for_now(question: str, *, dated: bool) -> bool:
    if words_of_time("now").search(question):
        return True
    return not dated and bool(words_of_time("still").search(question) and words_of_time("present").search(question))
