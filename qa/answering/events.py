"""Which articles report on the same event, and what it is called: like cases are kept apart by it.

A name says it best: "Operación Cerbero" in a report of 2005 and in one of 2007 is one event. A report without a name
joins those of its day that share its figures or many of its names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from qa.dates.periods import Precision
from qa.models.archive import Article
from qa.models.replies import Event
from qa.retrieval.timeline import When, moment_of
from qa.text.entities import NAME, is_date
from qa.text.event_names import EventName, event_names, main_name
from qa.text.figures import figures
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, fold, words

Marks = frozenset[str]
"""What tells a story from others in every language: folded names as they are, countries as "@ES", figures as "#500"."""

LEAST_FIGURE = 10
"""Smaller numbers stand in any report."""

_SENTENCE_END = re.compile(r"[.!?:”\"]\s*")

APART = timedelta(days=31)
"""Reports of what lies further apart are about different events."""

SAME_FIGURES = 2
"""Figures that two reports of one day share where they tell of one event. In the demo archive those of two events share
one at most, those of one event two in 12 of 21 pairs."""

SAME_NAMES = 0.4
"""Share of the shorter report's marks, at least, where they don't. In the demo archive reports of one event share .2 to
.85, reports of two that have a day in common up to .34."""

SAME_WITHOUT_DATE = 0.5
"""The share that is asked for where neither report says when it was."""

_TIMEX = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?|-[QH]\d)?(?:/[\d-]+)?")


@dataclass(frozen=True, slots=True)
class Reported:
    """An event with the articles that report on it, of those looked at."""

    event: Event
    key: str
    articles: tuple[Article, ...]

    @property
    def known(self) -> bool:
        """Whether the articles themselves say what or when it was; else it is no more than one article's headline."""
        return bool(self.key) or self.event.date is not None

    @property
    def whens(self) -> tuple[When, ...]:
        return tuple(when for article in self.articles if (when := _when(article)))


def reported_events(articles: Iterable[Article]) -> dict[str, Reported]:
    """The event of each article, by the article's id; articles of one event have the same."""
    named: dict[str, list[Article]] = {}
    rest: list[Article] = []
    for article in sorted(articles, key=lambda member: member.article_id):
        name = event_name(article)
        named.setdefault(name.key, []).append(article) if name else rest.append(article)
    groups = list(named.items())
    for article in rest:
        alike = max(groups, key=lambda pair: _likeness(article, pair[1]), default=None)
        if alike and _likeness(article, alike[1]) > 0:
            alike[1].append(article)
        else:
            groups.append(("", [article]))
    events = [Reported(_event(key, group), key, tuple(group)) for key, group in groups]
    return {article.article_id: event for event in events for article in event.articles}


def event_within(sentence: str, of: Reported, by_name: Mapping[str, Reported]) -> Reported:
    """The event that a sentence of an article tells of: the article's own, unless the sentence names just one other.

    `by_name` are known events by their keys.
    """
    names = {name.key: name for name in event_names(sentence)}
    if len(names) != 1 or of.key in names:
        return of
    ((key, name),) = names.items()
    return by_name.get(key) or Reported(Event(name.text), key, ())


def by_key(events: Iterable[Reported]) -> dict[str, Reported]:
    return {event.key: event for event in events if event.key}


def event_name(article: Article) -> EventName | None:
    return main_name(article.source.title, article.body)


def _event(key: str, articles: Sequence[Article]) -> Event:
    """What the event is called most often, and the most exact date that most of its reports give."""
    dates = Counter(
        article.event_date for article in articles if article.event_date and _TIMEX.fullmatch(article.event_date)
    )
    date = max(dates, key=lambda text: (_exactness(text), dates[text], text), default=None)
    names = Counter(name.text for article in articles if key and (name := event_name(article)))
    if names:
        return Event(max(names, key=lambda text: (names[text], text)), date)
    first = min(
        articles, key=lambda article: (article.source.published is None, article.source.published, article.article_id)
    )
    return Event(first.source.title, date, by_headline=True)


def _exactness(text: str) -> int:
    when = moment_of(text)
    order = (Precision.SPAN, Precision.YEAR, Precision.HALF, Precision.QUARTER, Precision.MONTH, Precision.DAY)
    return order.index(when.precision) if when and when.precision else -1


def _when(article: Article) -> When | None:
    return moment_of(article.event_date) if article.event_date else None


def _likeness(article: Article, group: Sequence[Article]) -> float:
    """How much a report has in common with those of an event, 0 where it tells of another."""
    return max((_shared(article, member) for member in group), default=0.0)


def _shared(first: Article, second: Article) -> float:
    first_marks, second_marks = _marks(first), _marks(second)
    both = first_marks & second_marks
    share = len(both) / min(len(first_marks), len(second_marks)) if both else 0.0
    counted = sum(mark[0] == "#" for mark in both)
    when, where = _when(first), _when(second)
    if not when and not where:
        return share if share >= SAME_WITHOUT_DATE and counted + len(both) > SAME_FIGURES else 0.0
    if not when or not where:
        return 0.0
    if when.value == where.value:
        return share + counted if counted >= SAME_FIGURES or share >= SAME_NAMES else 0.0
    return share if _near(when, where) and counted >= SAME_FIGURES and share >= SAME_NAMES else 0.0


def _near(first: When, second: When) -> bool:
    """Whether two dates touch, or are a day apart."""
    if not (first.first and first.last and second.first and second.last):
        return False
    (_, end), (begin, _) = sorted([(first.first, first.last), (second.first, second.last)])
    return (begin - end).days <= 1


def _marks(article: Article) -> Marks:
    return marks_of(f"{article.source.title}. {article.body}")


@lru_cache(maxsize=1_000)
def marks_of(text: str) -> Marks:
    """The marks of a text. Neither years nor days are figures."""
    # Read without looking for dates, which would take longer than all the rest.
    counting = (f for f in figures(text, dates=()) if not (f.counted and is_date(f.counted[0].title())))
    values = {figure.low or figure.high or 0 for figure in counting}
    marks = {f"#{value:g}" for value in values if value >= LEAST_FIGURE and not 1000 <= value < 2100}
    marks |= {f"@{code}" for _, code in places_in(text)}
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    for begin, end in pairwise(ends):
        for match in NAME.finditer(text, begin, end):
            names = words(match.group())
            # The first word of a sentence has a capital anyway.
            marks |= {fold(name) for name in (names[1:] if match.start() == begin else names) if name[0].isupper()}
    return frozenset(marks - STOP_WORDS)
