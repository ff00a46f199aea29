"""Which articles report on the same event, and what it is called: like cases are kept apart by it.

A name says it best: "Operación Cerbero" in a report of 2005 and in one of 2007 is one event. A report without a name
joins those of its day that share its figures or many of its names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from qa.answering.quoting import articles_of
from qa.dates.finding import find_dates
from qa.dates.periods import Precision
from qa.models.archive import Article
from qa.models.dates import Dates
from qa.models.replies import Citation, Event, Hit, Question, SentenceHit
from qa.protocols import DocumentStore
from qa.retrieval.timeline import When, moment_of
from qa.text.entities import NAME, event_names, is_date, main_name, places_in
from qa.text.figures import figures
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
_PRECISIONS = (Precision.SPAN, Precision.YEAR, Precision.HALF, Precision.QUARTER, Precision.MONTH, Precision.DAY)


@dataclass(frozen=True, slots=True)
class Reported:
    """An event with the articles that report on it, of those looked at; `key` is its name, folded."""

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


class Events:
    """The events that some articles report on: `by_article` has the event of each article, by the article's id."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self._events = [Reported(_event(key, group), key, tuple(group)) for key, group in _grouped(articles)]
        self._by_key = {event.key: event for event in self._events if event.key}
        self.by_article = {article.article_id: event for event in self._events for article in event.articles}

    @classmethod
    def among(cls, hits: Iterable[Hit], store: DocumentStore) -> Events:
        """Those that the articles of some passages report on."""
        return cls(articles_of((hit.source.article_id for hit in hits), store.article))

    def within(self, sentence: str, article_id: str) -> Reported:
        """The event that a sentence tells of: its article's own, unless the sentence names just one other."""
        of_article = self.by_article[article_id]
        names = {name.key: name for name in event_names(sentence)}
        if len(names) != 1 or of_article.key in names:
            return of_article
        ((key, name),) = names.items()
        return self._by_key.get(key) or Reported(Event(name.text), key, ())

    def of(self, item: SentenceHit | Citation) -> Reported | None:
        """What a sentence tells of; None where its article doesn't say what or when that was."""
        own = self.by_article.get(item.source.article_id)
        if own is None:
            return None
        reported = self.within(item.text, item.source.article_id)
        if reported is own:
            reported = self._recalled(item, own) or own
        return reported if reported.known else None

    def of_passage(self, hit: Hit) -> Reported | None:
        reported = self.by_article.get(hit.source.article_id)
        return reported if reported and reported.known else None

    def _recalled(self, item: SentenceHit | Citation, own: Reported) -> Reported | None:
        """The one other event that has the date a sentence gives, long before its article's own: "last December"."""
        dates = _dates_in(item.text, item.source.published, item.source.language)
        elsewhere = [event for event in self._events if event is not own and event.event.date in dates]
        if len(elsewhere) != 1 or own.event.date in dates:
            return None
        return elsewhere[0] if long_before(elsewhere[0].event.date, own.event.date) else None

    def names(self, chosen: Iterable[SentenceHit]) -> list[str]:
        """The names, folded, of the events that sentences tell of, where these have one."""
        return sorted({reported.key for item in chosen if (reported := self.of(item)) and reported.key})

    def naming_the_same(
        self, chosen: Iterable[SentenceHit], question: Question, store: DocumentStore, *, limit: int
    ) -> Iterator[Hit]:
        """Passages, in any language, that name an event that the chosen sentences tell of; `limit` for each event."""
        for key in self.names(chosen):
            for hit in store.matching(key.split(), limit=limit, between=Dates.of(question)):
                if any(name.key == key for name in event_names(f"{hit.source.title}. {hit.passage.text}")):
                    yield hit

    def grouped(self, chosen: Iterable[SentenceHit]) -> list[tuple[SentenceHit, Event | None]]:
        """What was chosen, event by event in the order of their best sentences; what tells of none stays last."""
        placed = [(item, reported.event if (reported := self.of(item)) else None) for item in chosen]
        order = list(dict.fromkeys(event for _, event in placed))
        last = order.index(None) if None in order[1:] else -1
        return sorted(placed, key=lambda pair: (order.index(pair[1]) == last, order.index(pair[1])))


@lru_cache(maxsize=500)
def _dates_in(sentence: str, published: date | None, language: str) -> frozenset[str]:
    mentions = find_dates(sentence, published=published, language=language)
    return frozenset(mention.value for mention in mentions if mention.value and not mention.flaw)


def long_before(earlier: str | None, later: str | None) -> bool:
    """Whether a date lies so long before another that what it is of is another event."""
    first, second = (moment_of(value) if value else None for value in (earlier, later))
    return bool(first and first.last and second and second.first and second.first - first.last > APART)


def _grouped(articles: Iterable[Article]) -> list[tuple[str, list[Article]]]:
    """The articles of each event with its name, folded, or empty."""
    named: dict[str, list[Article]] = {}
    rest: list[Article] = []
    for article in sorted(articles, key=lambda member: member.article_id):
        name = main_name(article.source.title, article.body)
        named.setdefault(name.key, []).append(article) if name else rest.append(article)
    groups = list(named.items())
    for article in rest:
        likeness = [max(_shared(article, member) for member in group) for _, group in groups]
        if any(likeness):
            groups[likeness.index(max(likeness))][1].append(article)
        else:
            groups.append(("", [article]))
    return groups


def _event(key: str, articles: Sequence[Article]) -> Event:
    """What the event is called most often, and the most exact date that most of its reports give."""
    dates = Counter(day for article in articles if (day := article.event_date) and _TIMEX.fullmatch(day))
    most_exact = max(dates, key=lambda text: (_exactness(text), dates[text], text), default=None)
    named = (main_name(article.source.title, article.body) for article in articles if key)
    names = Counter(name.text for name in named if name)
    if names:
        return Event(max(names, key=lambda text: (names[text], text)), most_exact)
    first = min(articles, key=lambda article: (article.source.published or date.max, article.article_id))
    return Event(first.source.title, most_exact, by_headline=True)


def _exactness(text: str) -> int:
    when = moment_of(text)
    return _PRECISIONS.index(when.precision) if when and when.precision else -1


def _when(article: Article) -> When | None:
    return moment_of(article.event_date) if article.event_date else None


def _shared(first: Article, second: Article) -> float:
    """How much two reports have in common, 0 where they tell of two events."""
    first_marks, second_marks = (marks_of(f"{article.source.title}. {article.body}") for article in (first, second))
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
