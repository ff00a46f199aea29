"""The archive's events in their order: what happened when, as far as the articles say."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from qa.dates.finding import find_dates
from qa.dates.periods import Precision, period_of
from qa.i18n.forms import long_date, value_text
from qa.i18n.locale import _
from qa.models.archive import ListedArticle

_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class When:
    """Where articles stand on the timeline, `first` and `last` day included; both None where nothing says.

    `value` is the event's date: as in TIMEX3 (2005-03-16, 2004-12, 2005-Q1, 2005-H1, 2005, and 2005-03-10/2005-03-16),
    or the words of the file; None where it names none and the day of publication stands in. `precision` is None where
    the value says no date of the calendar.
    """

    value: str | None = None
    precision: Precision | None = None
    first: date | None = None
    last: date | None = None

    @property
    def undated(self) -> bool:
        return self.first is None

    @property
    def heading(self) -> str:
        """The date as a reader sees it."""
        if self.value is not None:
            return spoken(self.value)
        return _("Published {day}", day=long_date(self.first)) if self.first else _("No date")

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
    listed: Iterable[ListedArticle], *, first: date | None = None, last: date | None = None
) -> list[TimelineEvent]:
    """The events from `first` to `last`, both inclusive, None being open; the undated ones at the end.

    A longer stretch comes before the days it begins with, an event before what was only published on its day.
    """
    placed = [(when_of(article), article) for article in listed]
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
    text = " ".join(text.split())
    value = text if period_of(text) else _as_written(text)  # reading words takes far longer
    if period := period_of(value):
        return When(value, period.precision, period.first, period.last)
    years = sorted(int(year) for year in _YEAR.findall(text))
    if not years:
        return None
    precision = Precision.YEAR if years[0] == years[-1] else Precision.SPAN
    return When(text, precision, date(years[0], 1, 1), date(years[-1], 12, 31))


def _as_written(text: str) -> str:
    """17 March 2005 as 2005-03-17, March 2005 as 2005-03, as ISO 8601 and TIMEX3 write it; anything else as it is."""
    mentions = find_dates(text.title(), published=None)  # months have a capital
    exact = [mention for mention in mentions if mention.precision in (Precision.DAY, Precision.MONTH)]
    return next((whole.value for whole in exact if (whole.start, whole.end) == (0, len(text)) and whole.value), text)


def spoken(value: str) -> str:
    """The value of a date as a reader sees it: March 2005; words are left as they are."""
    if not period_of(value):
        return value
    words = value_text(value)
    return f"{words[:1].upper()}{words[1:]}"


def _order(placed: tuple[When, ListedArticle]) -> tuple[object, ...]:
    when, article = placed
    first, last = when.first or date.max, when.last or date.max
    source = article.source
    return (
        *(when.undated, first, (first - last).days, when.value is None, when.value or ""),
        *(source.published is None, source.published or date.max, source.title, source.article_id),
    )
