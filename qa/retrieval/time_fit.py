"""How well articles and sentences fit the time that a question asks about: pure functions, 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from qa.dates.periods import period_of
from qa.models.annotations import DateMention, Timeframe
from qa.models.archive import Source, Span
from qa.retrieval.timeline import moment_of

PARTLY = 0.5
"""Fit of what only overlaps with the period, or was published soon after it."""

REPORTED_WITHIN = timedelta(days=7)
"""After so many days news of an event is still news of it."""


def overlap(period: Timeframe, first: date, last: date) -> float:
    """1 where the days lie in the period, less where only some of them do, 0 where none does."""
    if (period.last and first > period.last) or (period.first and last < period.first):
        return 0.0
    inside = (period.first is None or first >= period.first) and (period.last is None or last <= period.last)
    return 1.0 if inside else PARTLY


def article_fit(period: Timeframe, source: Source, event_date: str | None) -> float | None:
    """By the date of the event where the article's file names one, else by its publication; None where it has none."""
    published = _published_fit(period, source.published) if source.published else None
    moment = moment_of(event_date) if event_date else None
    if moment is None or moment.first is None or moment.last is None:
        return published
    return max(overlap(period, moment.first, moment.last), min(published or 0.0, PARTLY))


def _published_fit(period: Timeframe, published: date) -> float:
    fit = overlap(period, published, published)
    soon = period.last is not None and period.last < published <= period.last + REPORTED_WITHIN
    return fit or (PARTLY if soon else 0.0)


def dates_fit(period: Timeframe, dates: Iterable[DateMention]) -> list[tuple[Span, float]]:
    """Where an article names a date, and the date's fit; those that can't be placed are left out."""
    periods = [(mention, period_of(mention.value or "")) for mention in dates]
    return [
        (Span(mention.start, mention.end), overlap(period, when.first, when.last)) for mention, when in periods if when
    ]


def recency(sources: Iterable[Source]) -> dict[date | None, float]:
    """For each day of publication among some sources how late it is among them: 0 the first, 1 the last.

    What is undated is in the middle, as is everything where there is but one day.
    """
    days = sorted({source.published for source in sources if source.published})
    ranks: dict[date | None, float] = {day: place / (len(days) - 1) for place, day in enumerate(days) if len(days) > 1}
    return dict.fromkeys(days, 0.5) | ranks | {None: 0.5}


def best(fits: Sequence[tuple[Span, float]], *, within: Span) -> float | None:
    """The best fit among the dates inside a stretch; None where there is none."""
    return max((fit for span, fit in fits if span.within(within)), default=None)
