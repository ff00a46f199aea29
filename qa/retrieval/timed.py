"""Finding by topic and by time, each scored apart; how well articles and sentences fit the time that is asked about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import fmean, pstdev

from qa.dates.periods import DateMention, period_of
from qa.models.annotations import About, Timeframe
from qa.models.archive import Coverage, Passage, Source, Span
from qa.models.replies import Hit, Question
from qa.protocols import Retriever
from qa.retrieval.hybrid import POOL
from qa.retrieval.timeline import moment_of
from qa.text.timeframes import topic_of

EventDates = Callable[[Iterable[str]], Mapping[str, str]]
"""The dates of events, as files have them, of those of the articles that name one."""

TIME_WEIGHT = 4.0
"""Standard deviations of the topic's scores that a full fit is worth. Of 39 questions with a time over the demo archive
the right article came first for 21 without it, for 31 with 1, 32 with 2, 34 with 3, 36 with 4, 38 with 6; of 20 more,
written afterwards, for 14, 16, 17, 18, 18 and 19. More than 4 leaves the topic little say, and few of these questions
ask of a case among many of its time. With the words of time left in the topic it is 34 and 17. (Since vectors
are without language 17 of the 20, with 4, 5 or 6.)"""

NEWEST_WEIGHT = 1.5
"""The same for being the newest of what was found: 3 of the 39 more than without."""

NAMED_YEAR = 0.5
"""Fit of a passage that names a year of the period, in an article of another time or none; with .7 it puts the right
article first for two questions fewer."""

UNDATED = 0.4
"""Fit of an article without a date: from .5 on those that are off the topic come before dated ones that are not."""

_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")

PARTLY = 0.5
"""Fit of what only overlaps with the period, or was published soon after it."""

REPORTED_WITHIN = timedelta(days=7)
"""After so many days news of an event is still news of it."""


class TimedRetriever:
    """A `Retriever` that prefers what fits the period of a question; without one it leaves another's hits alone.

    The words of time are kept from the other, which sees the topic only. What was published outside a period of events
    is found all the same: it may tell of them. Up to a day of publication, the catalogue lets nothing later through.
    """

    def __init__(self, inner: Retriever, event_dates: EventDates, *, pool: int = POOL) -> None:
        self._inner = inner
        self._event_dates = event_dates
        self._pool = pool

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        period = question.period
        if period is None:
            return self._inner.find(question, limit=limit)
        topical = replace(question, text=topic_of(question.text))
        wanted = max(limit, self._pool)
        hits = self._inner.find(topical, limit=wanted)
        if period.about is About.PUBLISHED:
            return hits[:limit]
        if period.about is About.LATEST:
            newness = recency(hit.source for hit in hits)
            return _added(hits, [newness[hit.source.published] for hit in hits], NEWEST_WEIGHT)[:limit]
        hits = _with(hits, self._inner.find(_published_in(topical, period), limit=wanted))
        return _added(hits, self._fits(hits, period), TIME_WEIGHT)[:limit]

    def _fits(self, hits: list[Hit], period: Timeframe) -> list[float]:
        events = self._event_dates({hit.passage.source.article_id for hit in hits})
        return [_fit(hit.passage, period, events.get(hit.passage.source.article_id)) for hit in hits]


def _fit(passage: Passage, period: Timeframe, event_date: str | None) -> float:
    of_article = article_fit(period, passage.source, event_date)
    of_words = NAMED_YEAR if _names_a_year(passage, period) else 0.0
    return max(UNDATED if of_article is None else of_article, of_words)


def held_to(question: Question, period: Timeframe | None, coverage: Callable[[], Coverage]) -> Question:
    """The question with its period, and held to it where it bounds publication in an archive that has dates."""
    narrowed = replace(question, period=period)
    if period is None or period.about is not About.PUBLISHED or coverage().first is None:
        return narrowed
    return _published_in(narrowed, period, later=False)


def _published_in(question: Question, period: Timeframe, *, later: bool = True) -> Question:
    """The question, held to what was published in the period as well, or `later`: shortly after it."""
    until = period.last
    if until and later:
        until = min(until, until.max - REPORTED_WITHIN) + REPORTED_WITHIN
    return replace(
        question,
        published_from=max((day for day in (question.published_from, period.first) if day), default=None),
        published_until=min((day for day in (question.published_until, until) if day), default=None),
    )


def _with(hits: list[Hit], more: list[Hit]) -> list[Hit]:
    """The hits and those of another list that they lack, whose topic counts as the lowest, in their order."""
    ids = {hit.passage.passage_id for hit in hits}
    floor = min((hit.score for hit in hits), default=0.0)
    return hits + [replace(hit, score=floor) for hit in more if hit.passage.passage_id not in ids]


def _added(hits: list[Hit], fits: list[float], weight: float) -> list[Hit]:
    """Standardised scores of the topic, with the weighted fit added, best first."""
    if not hits:
        return []
    scores = [hit.score for hit in hits]
    mean, deviation = fmean(scores), pstdev(scores) or 1.0
    scored = [
        replace(hit, score=(hit.score - mean) / deviation + weight * fit) for hit, fit in zip(hits, fits, strict=True)
    ]
    return sorted(scored, key=lambda hit: -hit.score)


def _names_a_year(passage: Passage, period: Timeframe) -> bool:
    """Whether a year of the period stands in the words: whole dates are read of the best passages only."""
    first = period.first.year if period.first else 0
    last = period.last.year if period.last else 9999
    return any(first <= int(year) <= last for year in _YEAR.findall(passage.text))


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
