"""What happened when, as far as articles say: the archive's events in order, and finding by topic and by time."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from qa.dates.finding import find_dates
from qa.dates.periods import DateMention, Precision, period_of
from qa.i18n.forms import long_date, value_text
from qa.i18n.locale import _
from qa.models.annotations import About, Timeframe, dates_within
from qa.models.archive import Coverage, ListedArticle, Source, Span
from qa.models.replies import Hit, Question
from qa.protocols import Retriever
from qa.retrieval.ranking import POOL, standardised
from qa.text.timeframes import topic_of

TIME_WEIGHT = 4.0  # standard deviations of the topic's scores that a full fit is worth: docs/decisions/0008
NEWEST_WEIGHT = 1.5  # the same for being the newest of what was found
UNDATED = 0.4  # fit of an article without a date: from .5 on those off the topic come before dated ones that are not
PARTLY = 0.5  # fit of what only overlaps with the period, or was published soon after it
REPORTED_WITHIN = timedelta(days=7)  # after so many days news of an event is still news of it

_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class When:
    """Where articles stand on the timeline, `first` and `last` day included; both None where nothing says."""

    value: str | None = None  # the event's date as in TIMEX3, or words of the file; None for the day of publication
    precision: Precision | None = None  # None where the value says no date of the calendar
    first: date | None = None
    last: date | None = None

    @property
    def undated(self) -> bool:
        return self.first is None

    @property
    def heading(self) -> str:
        if self.value is None:
            return _("Published {day}", day=long_date(self.first)) if self.first else _("No date")
        if not period_of(self.value):
            return self.value
        words = value_text(self.value)
        return f"{words[:1].upper()}{words[1:]}"

    def meets(self, first: date | None, last: date | None) -> bool:
        """Whether some day of it lies between these, None being open. What is undated meets only the open range."""
        if self.first is None or self.last is None:
            return first is None and last is None
        return (last is None or self.first <= last) and (first is None or self.last >= first)


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """What happened at one time: at least one article, the first published first."""

    when: When
    articles: tuple[ListedArticle, ...]


def timeline(
    listed: Iterable[ListedArticle], first: date | None = None, last: date | None = None
) -> list[TimelineEvent]:
    """The events from `first` to `last`, both inclusive, None being open; longer ones first, the undated at the end."""
    placed = ((when_of(article), article) for article in listed)
    return _grouped(sorted((pair for pair in placed if pair[0].meets(first, last)), key=_order))


def _grouped(placed: Iterable[tuple[When, ListedArticle]]) -> list[TimelineEvent]:
    groups = groupby(placed, key=itemgetter(0))
    return [TimelineEvent(when, tuple(article for _, article in pairs)) for when, pairs in groups]


def part(events: Sequence[TimelineEvent], start: int, stop: int) -> list[TimelineEvent]:
    """The events of the articles from number `start` to before `stop`, counted from 0 over all of them."""
    pairs = [(event.when, article) for event in events for article in event.articles]
    return _grouped(pairs[start:stop])


def when_of(listed: ListedArticle) -> When:
    """By the date of the event where the article names one, else by the day it was published."""
    published = listed.source.published
    if not listed.event_date:
        return When(None, None, published, published)
    return moment_of(listed.event_date) or When(listed.event_date, None, published, published)


def moment_of(text: str) -> When | None:
    """A date of any precision; None where it says no year. Of other words only the years are read."""
    text = value = " ".join(text.split())
    if not period_of(text):  # 17 March 2005 as 2005-03-17, March 2005 as 2005-03; months have a capital
        mentions = find_dates(text.title(), published=None)
        exact = [mention for mention in mentions if mention.precision in (Precision.DAY, Precision.MONTH)]
        value = next((m.value for m in exact if (m.start, m.end) == (0, len(text)) and m.value), text)
    if period := period_of(value):
        return When(value, period.precision, period.first, period.last)
    years = sorted(int(year) for year in _YEAR.findall(text))
    if not years:
        return None
    precision = Precision.YEAR if years[0] == years[-1] else Precision.SPAN
    return When(text, precision, date(years[0], 1, 1), date(years[-1], 12, 31))


def _order(placed: tuple[When, ListedArticle]) -> tuple[object, ...]:
    when, article = placed
    first, last = when.first or date.max, when.last or date.max
    source = article.source
    by_day = (source.published is None, source.published or date.max, source.title, source.article_id)
    return (when.undated, first, first - last, when.value is None, when.value or "", *by_day)


@dataclass(frozen=True, slots=True)
class TimedRetriever:
    """A `Retriever` that prefers what fits the period of a question; without one it leaves another's hits alone."""

    inner: Retriever
    event_dates: Callable[[Iterable[str]], Mapping[str, str]]  # as those of a `DocumentStore`

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        period = question.period
        if period is None:
            return self.inner.find(question, limit=limit)
        topical, wanted = replace(question, text=topic_of(question.text)), max(limit, POOL)
        hits = self.inner.find(topical, limit=wanted)
        if period.about is About.PUBLISHED:
            return hits[:limit]
        if period.about is About.LATEST:
            newness = recency(hit.source for hit in hits)
            return _added(hits, [newness[hit.source.published] for hit in hits], NEWEST_WEIGHT)[:limit]
        # What was published in the period and is not among these counts by its time, its topic as the lowest.
        ids, floor = {hit.passage.passage_id for hit in hits}, min((hit.score for hit in hits), default=0.0)
        more = self.inner.find(_published_in(topical, period), limit=wanted)
        hits += [replace(hit, score=floor) for hit in more if hit.passage.passage_id not in ids]
        events = self.event_dates({hit.source.article_id for hit in hits})
        fits = [article_fit(period, hit.source, events.get(hit.source.article_id)) for hit in hits]
        return _added(hits, [UNDATED if fit is None else fit for fit in fits], TIME_WEIGHT)[:limit]


def _added(hits: Sequence[Hit], fits: Sequence[float], weight: float) -> list[Hit]:
    """Standardised scores of the topic, with the weighted fit added, best first."""
    topical = standardised(hits, [hit.passage.passage_id for hit in hits])
    scored = [
        replace(hit, score=topical[hit.passage.passage_id] + weight * fit) for hit, fit in zip(hits, fits, strict=True)
    ]
    return sorted(scored, key=lambda hit: -hit.score)


def held_to(question: Question, period: Timeframe | None, coverage: Callable[[], Coverage]) -> Question:
    """The question with its period, and held to it where it bounds publication in an archive that has dates."""
    narrowed = replace(question, period=period)
    if period is None or period.about is not About.PUBLISHED or coverage().first is None:
        return narrowed
    return _published_in(narrowed, period, later=timedelta())


def _published_in(question: Question, period: Timeframe, *, later: timedelta = REPORTED_WITHIN) -> Question:
    """The question, held to what was published in the period as well, or a little `later`."""
    until = period.last and min(period.last, date.max - later) + later
    return replace(
        question,
        published_from=max((day for day in (question.published_from, period.first) if day), default=None),
        published_until=min((day for day in (question.published_until, until) if day), default=None),
    )


def overlap(period: Timeframe, first: date, last: date) -> float:
    """1 where the days lie in the period, less where only some of them do, 0 where none does."""
    begin, end = period.first or date.min, period.last or date.max
    if first > end or last < begin:
        return 0.0
    return 1.0 if begin <= first and last <= end else PARTLY


def article_fit(period: Timeframe, source: Source, event_date: str | None) -> float | None:
    """By the date of the event where the article's file names one, else by its publication; None where it has none."""
    published = None
    if day := source.published:
        soon = period.last is not None and period.last < day <= period.last + REPORTED_WITHIN
        published = overlap(period, day, day) or (PARTLY if soon else 0.0)
    moment = moment_of(event_date) if event_date else None
    if moment is None or moment.first is None or moment.last is None:
        return published
    return max(overlap(period, moment.first, moment.last), min(published or 0.0, PARTLY))


def dates_fit(period: Timeframe, dates: Sequence[DateMention], *, within: Span) -> float | None:
    """The best fit among those of an article's dates inside a stretch that can be placed; None where there is none."""
    placed = (period_of(mention.value or "") for mention in dates_within(dates, within))
    return max((overlap(period, when.first, when.last) for when in placed if when), default=None)


def recency(sources: Iterable[Source]) -> dict[date | None, float]:
    """How late each day of publication is among some sources', 0 to 1; the undated are in the middle."""
    days = sorted({source.published for source in sources if source.published})
    ranks: dict[date | None, float] = {day: place / (len(days) - 1) for place, day in enumerate(days) if len(days) > 1}
    return dict.fromkeys(days, 0.5) | ranks | {None: 0.5}
